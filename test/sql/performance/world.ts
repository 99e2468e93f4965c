import type { ClickRecord } from '../../../lambdas/contract/clicks.ts';
import { windowMs } from '../../../lambdas/core/attribution/window.ts';
import type { ReportRequest } from '../../../sql/catalog.ts';
import type { Credited, Facts as Ledger } from '../attribution/recount.ts';
import { keyOf, mintedOnce } from '../recipients-sample.ts';
import type { SendRow, TotalRow } from '../sends-sample.ts';

/** Clocks of two companies differ by this much. */
const SKEW_MS = 60_000;
/** A later touch stands at its own time. */
const LATE_MS = 30 * 86_400_000;

/** Rates by UTC day and currency, units for one unit of their base. */
export type Rates = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** All that the report reads, each row once. */
export interface World {
  readonly ledger: Ledger;
  readonly sends: readonly SendRow[];
  readonly totals: readonly TotalRow[];
  readonly rates: Rates;
}

/** An amount in its currency and in the report's; null where the rates do not know the day. */
export interface Amount {
  readonly own: number;
  readonly converted: number | null;
}

/** What one entry gives one touch. */
export interface CreditOf extends Credited {
  readonly revenue_amount: Amount;
  readonly payout_amount: Amount;
  readonly isReversed: boolean;
  readonly isCounted: boolean;
}

/** One message, totals of a day, one click, or what one entry gives one touch. */
export interface Fact {
  readonly ts: number;
  readonly dimensions: Readonly<Record<string, unknown>>;
  /** Whose it is; null where nobody knows. */
  readonly cluster: string | null;
  readonly currency: string | null;
  readonly isOpen: boolean;
  readonly send: {
    readonly sent: number;
    readonly tracked: number;
    readonly delivered: number | null;
    readonly opt_outs: number;
    readonly opt_outs_tracked: number;
    readonly cost: Amount;
    readonly isPriced: boolean;
  } | null;
  readonly click: ClickRecord | null;
  /** True of a click on a message of which receipts are told. */
  readonly isTracked: boolean;
  readonly credited: CreditOf | null;
}

/** A fact of nothing. */
export const EMPTY = {
  send: null,
  click: null,
  credited: null,
  cluster: null,
  currency: null,
  isOpen: false,
  isTracked: false,
};

/** Currency of a request. */
export const wantedOf = ({ currency, terms }: ReportRequest): string => currency ?? terms?.rules.currency ?? 'USD';

/** When a request is made. */
export const askedAt = ({ asOf, to }: ReportRequest): number => asOf ?? to;

/** An amount at a time; `shift` is how many digits more the report's currency has. */
export function amountIn(
  { rates }: World,
  wanted: string,
  { currency, own, ts, shift }: { currency: string | null; own: number; ts: number; shift: number },
): Amount {
  if (currency === wanted) return { own, converted: own };
  const day = rates[new Date(ts).toISOString().slice(0, 10)];
  const [from, to] = [day?.[currency ?? ''], day?.[wanted]];
  if (from === undefined || to === undefined) return { own, converted: null };
  const scaled = own * ((to / from) * 10 ** shift);
  return { own, converted: Math.sign(scaled) * Math.round(Math.abs(scaled)) };
}

/** Window of a click, ms. */
export function windowOf({ campaign_id, offer_id }: ClickRecord, { terms }: ReportRequest): number {
  const { campaign_windows = {}, offer_windows = {}, window = '' } = terms?.rules ?? {};
  return windowMs(campaign_windows[campaign_id ?? ''] ?? offer_windows[offer_id ?? ''] ?? window) ?? 0;
}

interface Answer {
  readonly ts: number;
  readonly subscriber_no: number | null;
  readonly campaign_id: string | null;
  readonly message_id: string | null;
}

/** When the message was sent that a touch answers to: the latest of its campaign and message before it, else its link; else its own time. */
export function answeredAt(world: World, touch: Answer, sent_at: number | null): number {
  const isInTime = (sent: number | null) => sent !== null && touch.ts < sent + LATE_MS;
  return answeredSend(world, touch)?.ts ?? [sent_at].find(isInTime) ?? touch.ts;
}

/** The message that a touch answers to. */
export function answeredSend({ sends }: World, touch: Answer): SendRow | null {
  const own = sends.filter(
    ({ type, subscriber_no, campaign_id, message_id, ts }) =>
      type !== 'opt_out' &&
      subscriber_no !== null &&
      subscriber_no === touch.subscriber_no &&
      campaign_id === touch.campaign_id &&
      message_id === touch.message_id &&
      ts - SKEW_MS <= touch.ts,
  );
  const [latest] = own.toSorted((a, b) => b.ts - a.ts);
  return latest && touch.ts < latest.ts + LATE_MS ? latest : null;
}

/** The link on which a subscriber was minted for a message that is told without one. */
export function addressOf({ ledger }: World, { to }: ReportRequest, send: SendRow): number | null {
  const { subscriber_no, campaign_id, message_id } = send;
  const own = [...mintedOnce(ledger.recipients, to).values()].filter(
    ({ drawn }) =>
      message_id !== null &&
      drawn.subscriber_no === subscriber_no &&
      drawn.message_id === message_id &&
      drawn.campaign_id === campaign_id,
  );
  const [first] = own.toSorted((a, b) => a.first.minted_at - b.first.minted_at);
  return first?.drawn.link_no ?? null;
}

/** What is known of a recipient. */
export function peopleOf({ ledger }: World, { to }: ReportRequest, link: number | null, person: number | null) {
  const key = link === null || person === null ? '' : keyOf({ link_no: link, subscriber_no: person });
  const minted = mintedOnce(ledger.recipients, to).get(key)?.drawn;
  return { arm: minted?.arm ?? null, subscriber_id: minted?.subscriber_id ?? null };
}
