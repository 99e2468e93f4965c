import { apply, type Transition } from '../../../lambdas/core/ledger/apply.ts';
import { conversionKey } from '../../../lambdas/core/ledger/keys.ts';
import type { ConversionState, DuplicatesPolicy, LedgerEntry } from '../../../lambdas/core/ledger/state.ts';
import type { CanonicalConversion, Money } from '../../../lambdas/core/postback/conversion.ts';

export const START = Date.parse('2026-06-01T12:00:00Z');

export const usd = (revenue: number, currency = 'USD'): Money => ({ currency, revenue, payout: 0, sale_value: 0 });

/** A message about transaction 1 of a shop, received `minute` minutes after {@link START}. */
export function message(minute: number, changes: Partial<CanonicalConversion> = {}): CanonicalConversion {
  const received_at = START + minute * 60_000;
  return {
    source_id: 'shop',
    kind: 'shop',
    entry: 'sale',
    event: 'sale',
    may_be: [],
    status: null,
    click_id: null,
    click: null,
    unmatched_reason: 'no_click_id',
    click_too_old: false,
    txn_id: '1',
    order_id: '1',
    refund_id: null,
    cumulative: false,
    money: null,
    occurred_at: received_at,
    received_at,
    place: 0,
    revised_at: null,
    promo_code: null,
    promo_codes: [],
    subscriber_id: null,
    customer_id: null,
    email: null,
    phone: null,
    product: null,
    quantity: null,
    ...changes,
  };
}

export const sale = (minute: number, cents: number | null, changes: Partial<CanonicalConversion> = {}) =>
  message(minute, { money: cents === null ? null : usd(cents), ...changes });
export const refund = (minute: number, id: string | null, cents: number | null, changes = {}) =>
  message(minute, { entry: 'refund', refund_id: id, money: cents === null ? null : usd(cents), ...changes });
export const chargeback = (minute: number, id: string, cents: number) =>
  message(minute, { entry: 'chargeback', refund_id: id, money: usd(cents) });

export interface Played {
  readonly state: ConversionState | null;
  readonly entries: readonly LedgerEntry[];
  readonly steps: readonly Transition[];
}

/** Applies messages one after another, as a worker does. */
export function play(messages: readonly CanonicalConversion[], policy: DuplicatesPolicy = 'update'): Played {
  let state: ConversionState | null = null;
  const steps: Transition[] = [];
  for (const one of messages) {
    const step: Transition = apply(state, conversionKey(one), one, policy);
    state = step.state;
    steps.push(step);
  }
  return { state, steps, entries: steps.flatMap(({ entries }) => entries) };
}

/** `entry status amount` of each entry. */
export const lines = ({ entries }: Pick<Played, 'entries'>) =>
  entries.map(({ entry, status, revenue_minor }) => `${entry} ${status} ${revenue_minor}`);

/** `outcome` or `outcome reason` of each message. */
export const outcomes = ({ steps }: Played) =>
  steps.map(({ outcome, reason }) => (reason ? `${outcome} ${reason}` : outcome));

/** Sums of entries by conversion and currency; what is 0 in all amounts is left out. */
export function sums(entries: readonly LedgerEntry[]): Record<string, number[]> {
  const totals = new Map<string, number[]>();
  for (const { conversion_id, currency, revenue_minor, payout_minor, sale_value_minor } of entries) {
    const key = `${conversion_id} ${currency}`;
    const [a = 0, b = 0, c = 0] = totals.get(key) ?? [];
    totals.set(key, [a + revenue_minor, b + (payout_minor ?? 0), c + (sale_value_minor ?? 0)]);
  }
  return Object.fromEntries([...totals].filter(([, sum]) => sum.some((amount) => amount !== 0)).sort());
}
