import type { SendType } from '../../contract/sends.ts';
import { microsOfNumber } from './micros.ts';
import { carriedNames } from './names.ts';
import type { SendRow } from './send-row.ts';

/** Name by which rows say that AWS End User Messaging told them. */
export const AWS_SMS = 'aws-sms';

/** A record is not a delivery event that we know. */
export class UnreadableSmsEventError extends Error {
  override readonly name = 'UnreadableSmsEventError';
}

/**
 * What the events of a text or picture message mean, by what follows `TEXT_` or `MEDIA_`
 * (https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-types.html). SUCCESSFUL is the carrier's word, not the phone's:
 * whether it stands for a delivery is judged where all messages to a country are seen, in the view send_states. UNKNOWN is
 * what AWS says 72 hours later where no carrier said anything: the message was sent, and no more is to come.
 */
const MEANING: Readonly<Record<string, SendType>> = {
  QUEUED: 'queued',
  PENDING: 'queued',
  SENT: 'sent',
  SUCCESSFUL: 'sent',
  UNKNOWN: 'sent',
  DELIVERED: 'delivered',
  INVALID: 'failed',
  INVALID_MESSAGE: 'failed',
  UNREACHABLE: 'failed',
  CARRIER_UNREACHABLE: 'failed',
  BLOCKED: 'failed',
  CARRIER_BLOCKED: 'failed',
  SPAM: 'failed',
  TTL_EXPIRED: 'failed',
  PROTECT_BLOCKED: 'failed',
  FILE_INACCESSIBLE: 'failed',
  FILE_TYPE_UNSUPPORTED: 'failed',
  FILE_SIZE_EXCEEDED: 'failed',
};

const ENCODINGS: Readonly<Record<string, string>> = { GSM: 'GSM', Unicode: 'UCS-2' };

/**
 * The row of an event, as AWS puts it into a stream or sends it over EventBridge; null where it is of a voice call or of another
 * kind that tells nothing of a message.
 * @param received_at epoch milliseconds
 * @throws UnreadableSmsEventError
 */
export function mapSmsEvent(value: unknown, received_at: number): SendRow | null {
  const event = detailOf(value);
  const [, channel = '', kind = ''] = /^([A-Z]+)_(\w+)$/.exec(String(event.eventType)) ?? [];
  if (channel === '') throw new UnreadableSmsEventError('the record has no eventType');
  if (channel !== 'TEXT' && channel !== 'MEDIA') return null;
  const type = Object.hasOwn(MEANING, kind) ? MEANING[kind] : undefined;
  if (!type) throw new UnreadableSmsEventError(`the event type ${channel}_${kind} is not known`);
  return { ...identityOf(event, type, received_at), ...carriedBy(event), ...factsOf(event) };
}

type Event = Readonly<Record<string, unknown>>;

function detailOf(value: unknown): Event {
  const isObject = (candidate: unknown): candidate is Event => typeof candidate === 'object' && candidate !== null;
  if (!isObject(value)) throw new UnreadableSmsEventError('the record is no JSON object');
  return value.source === 'aws.sms-voice' && isObject(value.detail) ? value.detail : value;
}

/** @throws UnreadableSmsEventError */
function identityOf(event: Event, type: SendType, received_at: number) {
  const id = text(event.messageId);
  const ts = time(event.eventTimestamp);
  if (!id || ts === null) throw new UnreadableSmsEventError('the event has no messageId or no eventTimestamp');
  return { id, type, ts, received_at, requested_at: time(event.messageRequestTimestamp), provider: AWS_SMS };
}

function carriedBy({ context }: Event) {
  const pairs = typeof context === 'object' && context !== null ? Object.entries(context) : [];
  const names = carriedNames(pairs.map(([name, value]) => [name, String(value)] as const));
  return {
    campaign_id: names.campaign_id ?? null,
    message_id: names.message_id ?? null,
    creative: names.creative ?? null,
    segment: names.segment ?? null,
    link_no: names.link_no ?? null,
    subscriber_no: names.subscriber_no ?? null,
    subscriber_id: names.subscriber_id ?? null,
  };
}

/** AWS charges in US dollars, its own price and the carrier's fee apart. */
function factsOf(event: Event) {
  const fees = [event.totalMessagePrice, event.totalCarrierFee].map(microsOfNumber);
  const price = fees.some((fee) => fee !== null) ? fees.reduce((sum: number, fee) => sum + (fee ?? 0), 0) : null;
  const parts = event.totalMessageParts;
  return {
    is_final: typeof event.isFinal === 'boolean' ? event.isFinal : null,
    detail: text(event.messageStatus),
    parts: Number.isSafeInteger(parts) && Number(parts) > 0 ? Number(parts) : null,
    encoding: ENCODINGS[String(event.messageEncoding)] ?? null,
    price_micros: price,
    currency: price === null ? null : 'USD',
    price_kind: price === null ? null : 'told',
    country: text(event.isoCountryCode),
    carrier: text(event.carrierName),
  };
}

const text = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, 256) : null;

/** Epoch milliseconds between 2000 and 3000, or null: another could not be shown as a timestamp. */
function time(value: unknown): number | null {
  const isTime = Number.isSafeInteger(value) && Number(value) > 946_684_800_000 && Number(value) < 32_503_680_000_000;
  return isTime ? Number(value) : null;
}
