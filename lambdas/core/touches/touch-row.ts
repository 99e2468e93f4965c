import type { EventRecord } from '../../contract/lake.ts';
import type { Mark } from '../identity/addresses.ts';
import { toMicros } from '../sends/micros.ts';
import type { TouchInput } from './touch-input.ts';

export type TouchRow = EventRecord<'touches'>;

/** Whose a touch is; null where nobody is known by its keys. */
export interface TouchSubject {
  readonly subscriber_no: number | null;
  readonly subscriber_id: string | null;
}

/** The row of a touch. Hashes stay, so that whoever is not known yet can be found later. */
export function touchRow(
  touch: TouchInput,
  subject: TouchSubject,
  marks: readonly Mark[],
  received_at: number,
): TouchRow {
  const hashOf = (kind: Mark['kind']) => marks.find((mark) => mark.kind === kind)?.hash ?? null;
  return {
    id: touch.id,
    kind: touch.kind,
    ts: Date.parse(touch.ts),
    received_at,
    channel: touch.channel,
    ...subject,
    email_hash: hashOf('email'),
    phone_hash: hashOf('phone'),
    customer_hash: hashOf('customer'),
    campaign_id: touch.campaign_id,
    message_id: touch.message_id ?? null,
    creative: touch.creative ?? null,
    segment: touch.segment ?? null,
    offer_id: touch.offer_id ?? null,
    cost_micros: touch.cost === undefined ? null : toMicros(touch.cost),
    currency: touch.currency ?? null,
  };
}
