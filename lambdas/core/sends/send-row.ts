import type { EventRecord } from '../../contract/lake.ts';
import type { SendType } from '../../contract/sends.ts';
import { toMicros } from './micros.ts';
import type { SendInput } from './send-input.ts';

export type SendRow = EventRecord<'sends'>;

/** What a message is about, found by code, link or message. */
export interface SendSubject {
  readonly campaign_id: string | null;
  readonly message_id: string | null;
  readonly creative: string | null;
  readonly segment: string | null;
  readonly link_no: number | null;
  readonly subscriber_no: number | null;
  readonly subscriber_id: string | null;
}

/** A price for each SMS part, for messages whose provider gives none. */
export interface ListPrice {
  readonly per_part: string;
  readonly currency: string;
}

type PriceColumns = Pick<SendRow, 'price_micros' | 'currency' | 'price_kind'>;
const NO_PRICE: PriceColumns = { price_micros: null, currency: null, price_kind: null };

/** The row of an item of `POST /v1/sends`. */
export function sendRow(send: SendInput, subject: SendSubject, received_at: number, price: ListPrice | null): SendRow {
  return {
    id: send.id,
    type: send.type,
    ts: Date.parse(send.ts),
    received_at,
    requested_at: null,
    is_final: null,
    ...subject,
    provider: 'api',
    detail: null,
    parts: send.parts ?? null,
    encoding: send.encoding ?? null,
    ...toldPrice(send),
    ...(send.price === undefined && listPrice(send.type, send.parts ?? null, price)),
    country: send.country ?? null,
    carrier: send.carrier ?? null,
  };
}

function toldPrice({ price, currency }: SendInput): PriceColumns {
  return price === undefined
    ? NO_PRICE
    : { price_micros: toMicros(price), currency: currency ?? null, price_kind: 'told' };
}

/** States that only a message that went out can have: those a price per part is charged for. */
const CHARGED: readonly SendType[] = ['sent', 'delivered'];

/** What a message costs by the price list where its provider says nothing: a message has at least one part. */
export function listPrice(type: SendType, parts: number | null, price: ListPrice | null): PriceColumns {
  const perPart = price && CHARGED.includes(type) ? toMicros(price.per_part) : null;
  const micros = perPart === null ? null : perPart * (parts ?? 1);
  if (!price || micros === null || !Number.isSafeInteger(micros)) return NO_PRICE;
  return { price_micros: micros, currency: price.currency, price_kind: 'list' };
}
