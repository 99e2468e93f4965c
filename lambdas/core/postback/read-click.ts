import type { ClickIdFields, VerifiedClickId } from '../click-id.ts';
import type { Source } from '../entities/source.ts';
import type { SourceKind } from '../profiles/profile.ts';
import type { FieldReader } from './field-reader.ts';
import type { Fault, ReasonCode } from './reasons.ts';

export interface ReadClick {
  readonly click_id: string | null;
  readonly click: ClickIdFields | null;
  readonly unmatched_reason: ReasonCode | null;
}

export type VerifyClickId = (text: string) => VerifiedClickId;

const HOUR = 3_600_000;

/** Milliseconds of `24h` or `7d`. */
export const windowLength = (window: string): number =>
  Number.parseInt(window, 10) * (window.endsWith('d') ? 24 * HOUR : HOUR);

/** The click an item names. What is wrong with it is a reason, not yet a fault: that depends on who sent it. */
export function readClick(fields: FieldReader, verify: VerifyClickId): ReadClick {
  const before = fields.faults.length;
  const text = fields.text('click_id');
  const [unreadable] = fields.faults.splice(before);
  if (text === null) return unmatched(unreadable?.code ?? 'no_click_id');
  const verified = verify(text);
  if (!verified.ok) return unmatched(`click_id_${verified.reason}`);
  const { time, linkNo, subscriberNo, nonce } = verified;
  return { click_id: text.toLowerCase(), click: { time, linkNo, subscriberNo, nonce }, unmatched_reason: null };
}

/**
 * Whether the click lay further back than the source allows when the sale was made: by the sender's account, but where that lies before
 * the click, by arrival. That only keeps a conversion from coming to be: networks approve, lock and reverse weeks after the sale.
 */
export function isClickTooOld(click: ClickIdFields | null, { max_click_age }: Source, times: SaleTimes): boolean {
  if (click === null || max_click_age === null) return false;
  const { occurred_at, received_at } = times;
  const soldAt = occurred_at >= click.time - ZONE_SLIP ? occurred_at : received_at;
  return soldAt - click.time > windowLength(max_click_age);
}

interface SaleTimes {
  readonly occurred_at: number;
  readonly received_at: number;
}

/** Times without a zone, or dates without a time, may lie this much before the click they followed. */
const ZONE_SLIP = 24 * HOUR;

const unmatched = (reason: ReasonCode): ReadClick => ({ click_id: null, click: null, unmatched_reason: reason });

/**
 * Whether a missing or bad click id stops the item. A network's sale without a click is nobody's, so it is quarantined; what takes a
 * known transaction back needs none. One's own site is stopped by a macro that nobody filled in, a shop's order by nothing.
 */
export function clickFault(kind: SourceKind, reason: ReasonCode | null, takesKnownBack: boolean): Fault | null {
  const stops =
    reason !== null &&
    ((kind === 'network' && !(takesKnownBack && reason === 'no_click_id')) ||
      (kind === 'own' && reason === 'macro_unexpanded'));
  return stops ? { code: reason, parameter: 'click_id' } : null;
}
