import type { Money } from '../postback/conversion.ts';
import type { ConversionEvent, ConversionStatus, MessageEntry } from '../postback/parameters.ts';
import type { SourceKind } from '../profiles/profile.ts';

/** What a second, different amount under one key does. */
export type DuplicatesPolicy = 'reject' | 'update' | 'add';

/**
 * When something was said, the most telling first: revised by the sender's account, else received, epoch milliseconds; within that (shops
 * count in seconds, a batch arrives at once) the further status, or where the sender names no revision the place in the batch; received.
 */
export type Moment = readonly [said: number, within: number, received: number];

/**
 * What one message said, without who it was about. Facts of a conversion are a set: messages that say the same are one fact, so neither
 * order nor repetition matters, and everything else is computed from the set.
 */
export interface Fact {
  readonly type: MessageEntry;
  /** Which refund or chargeback; empty for reports of the conversion itself. */
  readonly id: string;
  /** Hash of what it says (status and money). */
  readonly print: string;
  readonly status: ConversionStatus | null;
  readonly money: Money | null;
  readonly cumulative: boolean;
  /** Of several messages with this fact the earliest; epoch milliseconds. */
  readonly occurred_at: number;
  readonly received_at: number;
  /**
   * When it was first and last said. Of two facts that contradict each other the one said last is true, so a status that comes back
   * counts again. What was said in between cannot matter and is not kept.
   */
  readonly since: Moment;
  readonly until: Moment;
  /** It says what became of something, not what that is: so it was made after that was reported. @default no */
  readonly of_known?: true;
  /** Only pictures said so, which anybody can ask for. @default no */
  readonly by_pixel?: true;
}

/** What tells a conversion apart and describes it; the first message that knows a value sets it. */
export interface Details {
  readonly source_id: string;
  readonly source_kind: SourceKind;
  readonly event: ConversionEvent;
  readonly txn_id: string | null;
  readonly order_id: string | null;
  readonly click_id: string | null;
  readonly promo_code: string | null;
  readonly product: string | null;
  readonly quantity: number | null;
}

/** Signed minor units. `currency` is null while nobody has named an amount. */
export interface Amounts {
  readonly currency: string | null;
  readonly revenue: number;
  readonly payout: number;
  readonly sale_value: number;
}

/** What entries so far sum to in one bucket: `sale`, `status`, `refund:<id>`, `refund_total:<id>`, `chargeback:<id>`. */
export interface Booking extends Amounts {
  readonly conversion_id: string;
  readonly bucket: string;
}

/** A row of the lake's `conversions`, as far as the ledger knows it; who and which touch are added by the join. */
export interface LedgerEntry extends Details {
  /** `<conversion id>-<running number of the key>`: the same however often a message is delivered. */
  readonly entry_id: string;
  readonly conversion_id: string;
  readonly entry: MessageEntry | 'correction' | 'status';
  /** Status of the conversion after this entry. */
  readonly status: ConversionStatus;
  /** When it happened: the sale, the refund, or the change. Epoch milliseconds. */
  readonly occurred_at: number;
  /** When the conversion itself happened, by its first report; the same on all its entries. */
  readonly converted_at: number;
  readonly received_at: number;
  readonly refund_id: string | null;
  readonly revenue_minor: number;
  /** Null where the source is no network and none was named. */
  readonly payout_minor: number | null;
  readonly sale_value_minor: number | null;
  readonly currency: string | null;
  /** Minor-unit digits of the currency; null where there is none. */
  readonly exponent: number | null;
}

/** Everything stored under the key of a conversion. Written by one conditional write for each message that changes it. */
export interface ConversionState {
  readonly key: string;
  readonly conversion_id: string;
  /** The conversion it turned out to be a duplicate of, and counts as nothing. @default it counts itself */
  readonly duplicate_of?: string;
  /** The source's policy when the key was first seen; a later change does not rewrite history. */
  readonly duplicates: DuplicatesPolicy;
  readonly details: Details;
  readonly facts: readonly Fact[];
  readonly booked: readonly Booking[];
  /** Status by conversion id, as last entered; empty while a refund waits for its sale. */
  readonly statuses: Readonly<Record<string, ConversionStatus>>;
  /** When each conversion happened, by its first report. */
  readonly converted_at: Readonly<Record<string, number>>;
  /** Entries made so far. */
  readonly entry_count: number;
  /** Entries not yet known to be in the lake: every delivery emits them, then clears them. */
  readonly pending: readonly LedgerEntry[];
}
