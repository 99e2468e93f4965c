import type { ClickIdFields } from '../click-id.ts';
import type { SourceKind } from '../profiles/profile.ts';
import type { ConversionEvent, ConversionStatus, MessageEntry } from './parameters.ts';
import type { ReasonCode } from './reasons.ts';

/** Amounts of one message or entry, in minor units of one currency. */
export interface Money {
  readonly currency: string;
  /** What reaches the sender of messages: the order value of shops and own sites, the payout of networks. */
  readonly revenue: number;
  /** What a network pays; 0 elsewhere unless an own site says so. */
  readonly payout: number;
  /** The order value behind a network's payout; 0 elsewhere. */
  readonly sale_value: number;
}

/** One message about one conversion, whoever sent it and in whatever words. */
export interface CanonicalConversion {
  readonly source_id: string;
  readonly kind: SourceKind;
  readonly entry: MessageEntry;
  readonly event: ConversionEvent;
  /** It came as a picture: anybody can ask for one, so whatever is proved outdoes it. @default no */
  readonly by_pixel?: true;
  /** Where the message does not say which event it is about: those it may mean, the likeliest first. `event` is what it is taken for where none is known. */
  readonly may_be: readonly ConversionEvent[];
  /** Null where the message says nothing about it; a conversion of which nobody does is approved. */
  readonly status: ConversionStatus | null;
  /** In lower case; null where there is none that verifies. */
  readonly click_id: string | null;
  readonly click: ClickIdFields | null;
  /** Why there is no click; null where there is one. */
  readonly unmatched_reason: ReasonCode | null;
  /** The click lay further back than the source allows: it makes no new conversion, yet what is said of a known one counts. */
  readonly click_too_old: boolean;
  readonly txn_id: string | null;
  readonly order_id: string | null;
  /** Tells refunds (and chargebacks) of one conversion apart. */
  readonly refund_id: string | null;
  /** The refunded amount is the total so far. */
  readonly cumulative: boolean;
  /** Never negative: `entry` says which way it goes. Null where the message names no amount: a refund without one is of all that is left. */
  readonly money: Money | null;
  /** Epoch milliseconds: when it happened by the sender's account, else when it arrived. */
  readonly occurred_at: number;
  readonly received_at: number;
  /** Among the conversions of its message or batch, which all arrived at once: of two reports the further down is the later. */
  readonly place: number;
  /** When the sender last changed what it reports, where it says so. */
  readonly revised_at: number | null;
  /** The first of them; null where there is none. */
  readonly promo_code: string | null;
  /** All that were redeemed together, such as a shop's own beside a person's. Whose they are the message cannot tell. */
  readonly promo_codes: readonly string[];
  readonly subscriber_id: string | null;
  readonly customer_id: string | null;
  readonly email: string | null;
  /** In E.164, or as it came where it cannot be read. */
  readonly phone: string | null;
  readonly product: string | null;
  readonly quantity: number | null;
}
