import type { ReportRequest } from './definitions.ts';
import { shownMoney } from './money-rows.ts';

type Row = Readonly<Record<string, unknown>>;

/** Rows of report `attribution` with money as it is shown; a total of nothing where there is nothing. */
export async function creditRows(rows: readonly Row[], { terms }: ReportRequest): Promise<readonly Row[]> {
  const { model, window } = terms?.choice ?? { model: null, window: null };
  const currency = terms?.rules.currency ?? 'USD';
  const total = rows.some(({ is_total }) => is_total) ? [] : [NOTHING];
  return [...total, ...rows].map(({ conversions, money, touches, is_total, ...dimensions }) => ({
    model,
    window,
    ...dimensions,
    conversions,
    ...shownMoney(money, currency),
    touches,
    is_total,
  }));
}

const NOTHING: Row = { reason: null, conversions: 0, money: '', touches: 0, is_total: true };
