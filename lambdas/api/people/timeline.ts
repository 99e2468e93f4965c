import type { Label } from '../../adapters/label-store.ts';
import { formatAmount } from '../../core/money.ts';

/** Something that happened to a subscriber. */
export interface TimelineEvent {
  /** Epoch ms. */
  readonly ts: number;
  /** `minted`, a state of a message such as `delivered`, `click`, `conversion` or `label`. */
  readonly kind: string;
  readonly [detail: string]: unknown;
}

/** Columns that are told otherwise, or on the subscriber. */
const INNER = ['latest_attributes', 'revenue_minor', 'exponent'];

/** A row of the statement as it is shown: without what it does not have, money as a decimal. */
export function eventOf(row: Readonly<Record<string, unknown>>): TimelineEvent {
  const told = Object.entries(row).filter(([name, value]) => value !== null && !INNER.includes(name));
  const { revenue_minor: minor, currency } = row;
  const revenue =
    typeof minor === 'number' && typeof currency === 'string' ? { revenue: formatAmount(minor, currency) } : {};
  return { ...Object.fromEntries(told), ...revenue, ts: Number(row.ts), kind: String(row.kind) };
}

/** The labels a subscriber has as events. */
export function labelEvents(labels: readonly Label[]): TimelineEvent[] {
  return labels.map(({ label, labelled_at }) => ({ ts: Date.parse(labelled_at), kind: 'label', label }));
}
