import type { ConversionEvent, MessageEntry } from '../postback/parameters.ts';
import type { ReasonCode } from '../postback/reasons.ts';
import type { FieldName } from '../profiles/profile.ts';

/** What may become of one item of a message. */
export const OUTCOMES = ['accepted', 'duplicate', 'adjusted', 'quarantined', 'rejected', 'ignored'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One item of a message to a source, and what became of it. */
export interface SourceEvent {
  /** `<message>_<part>`: the same at every delivery and replay. */
  readonly id: string;
  readonly source_id: string;
  /** When the message was received, epoch milliseconds. */
  readonly received_at: number;
  readonly outcome: Outcome;
  readonly reason: ReasonCode | null;
  /** Parameter at fault. */
  readonly parameter: FieldName | null;
  /** The conversion it belongs to; null while it waits for one. */
  readonly conversion_id: string | null;
  /** What it told, where that could be read: the event, or that it takes one back. */
  readonly event?: ConversionEvent | MessageEntry | null;
  readonly txn_id?: string | null;
  readonly order_id?: string | null;
  /** The conversion of another source that has this order. */
  readonly duplicate_of: string | null;
}
