import type { SourceKind } from '../profiles/profile.ts';
import type { Verdict } from '../verdict.ts';

/**
 * What attribution looks at. One row per touch, deduplicated by `touch_id`, named like the columns of the lake so that
 * SQL and this library can be given the same rows. There are three sorts:
 * - a click on one of our links: `kind` click, not `imported`, `touch_id` its click id, with the verdict in `actor`;
 * - a touch of another channel: `imported`, of any kind but code, `actor` null;
 * - a message that carried a promo code to the subscriber: `kind` code, `touch_id` the code, `ts` when it was sent.
 *   It counts only for a conversion that redeems this very code, see {@link eligibleTouches}.
 */
export interface Touch {
  readonly touch_id: string;
  readonly kind: 'click' | 'view' | 'delivery' | 'code';
  readonly imported: boolean;
  /** Epoch milliseconds. */
  readonly ts: number;
  readonly actor: Verdict['actor'] | null;
  readonly subscriber_no: number | null;
  readonly link_no: number | null;
  /** Offer that was served, or the offer an imported touch names. */
  readonly offer_id: string | null;
  /** How long after it a conversion may follow: the campaign's window, else the offer's, else the account's. Milliseconds. */
  readonly window_ms: number;
  readonly channel: string;
  readonly campaign_id: string | null;
  readonly message_id: string | null;
  readonly creative: string | null;
  readonly segment: string | null;
  readonly partner: string | null;
}

/** What attribution has to know of a conversion; its money is a series of entries of its own, see {@link splitSeries}. */
export interface Conversion {
  readonly conversion_id: string;
  readonly source_kind: SourceKind;
  /** Epoch milliseconds. */
  readonly occurred_at: number;
  /** Who, after all keys were tried; null for a click on a shared link by nobody known. */
  readonly subscriber_no: number | null;
  /** Which key told who. */
  readonly match: 'click_id' | 'promo_code' | 'identity' | 'none';
  /** The click named. It has to be among the touches, made from the conversion's own columns where its row has not landed. */
  readonly click_id: string | null;
  /** The code redeemed. */
  readonly promo_code: string | null;
}

/** Why a conversion has no touch; it stands in the `(unattributed)` row under this reason. */
export type Unattributed = 'unmatched' | 'bot_click' | 'outside_window' | 'touch_after_conversion' | 'no_touch';

/** A touch of a path, with its age at the conversion: 0 or more milliseconds. */
export interface PathTouch {
  readonly touch: Touch;
  readonly age_ms: number;
}

/** The touches of a conversion in order, the last one last; or none, and why. */
export interface Eligible {
  readonly touches: readonly PathTouch[];
  readonly reason: Unattributed | null;
}

/** Models that weigh the touches of one conversion by rule. */
export type RuleModel = 'last' | 'first' | 'linear' | 'position' | 'time_decay';

/** The share of a conversion that a touch gets. */
export interface Credit {
  readonly touch: Touch;
  /** 0 to 1; the weights of a conversion add up to 1. */
  readonly weight: number;
}

/**
 * A sequence of units (messages, campaigns, channels …), and how often it was walked to a conversion and to none. The
 * money is that of its conversions, minor units of one currency.
 */
export interface Path {
  readonly units: readonly string[];
  readonly conversions: number;
  readonly nulls: number;
  readonly money_minor: number;
}

/** What a data-driven model gives a unit. `share`, `conversions` and `money_minor` add up to 1, all conversions and all money. */
export interface UnitCredit {
  readonly unit: string;
  /** Markov: removal effect, 0 to 1 up to rounding. Shapley: the value of the unit in conversions. */
  readonly effect: number;
  readonly share: number;
  /** Unrounded. */
  readonly conversions: number;
  readonly money_minor: number;
}
