import { type Fault, fault } from '../lambdas/core/api/problem.ts';
import type { Share } from '../lambdas/core/statistics/estimate.ts';
import { wilson } from '../lambdas/core/statistics/proportions.ts';
import { withReason } from './attribution-report.ts';
import { ratesWarnings } from './currency-warnings.ts';
import type { ReportRequest } from './definitions.ts';
import { moneyByCurrency, moneyChoice, moneyColumns } from './performance-money.ts';
import { ratiosOf, type Sides } from './performance-ratios.ts';
import { basisOf, currencyOf, report, ruleTerms, sidesOf } from './performance-report.ts';
import { SUM_COLUMNS } from './performance-sums.ts';
import { planOf } from './report-plan.ts';

type Row = Readonly<Record<string, unknown>>;

/** Rows of report `performance` as they are shown: what can be divided divided, with intervals; money as decimal text. */
export async function withPerformance(rows: readonly Row[], request: ReportRequest): Promise<readonly Row[]> {
  const hasTotal = rows.some(({ is_total }) => is_total);
  const plan = withReason(planOf(report, request));
  const empty = Object.fromEntries([...plan.by.map((column) => [column, null]), ['is_total', true]]);
  const all = hasTotal ? rows : [...rows, empty];
  const { model } = ruleTerms(request).choice;
  const context = { basis: basisOf(request), currency: currencyOf(request), sides: sidesOf(plan) };
  return all.map((row) => ({ ...dimensionsOf(row), model, ...shown(row, context), is_total: row.is_total }));
}

/** Says where costs are not whole, and where money is not in the report's currency. */
export const performanceWarnings = (rows: readonly Row[], request: ReportRequest): Fault[] => [
  ...costWarnings(rows),
  ...ratesWarnings(rows, request),
];

function costWarnings(rows: readonly Row[]): Fault[] {
  const { unpriced, cost, sent } = rows.find(({ is_total }) => is_total) ?? {};
  if (numberOr0(unpriced) === 0 || (cost ?? null) === null) return [];
  const why = `${unpriced} of ${sent} messages have no known price: cost is what the others cost, null in rows where no message has a price`;
  return [fault('cost', 'cost_unknown', why)];
}

interface Context {
  readonly basis: string;
  readonly currency: string;
  readonly sides: Sides;
}

function dimensionsOf(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !SUM_COLUMNS.includes(name)));
}

const numberOr0 = (value: unknown): number => Number(value ?? 0);

function shown(row: Row, context: Context): Row {
  const choice = moneyChoice(row, context.currency);
  const { sides } = context;
  const count = (name: string, has: boolean) => (has ? numberOr0(row[name]) : null);
  const delivered =
    sides.sends && row.delivered !== undefined && row.delivered !== null ? numberOr0(row.delivered) : null;
  const ratios = ratiosOf(row, { ...context, choice });
  return {
    currency: choice.currency,
    sent: count('sent', sides.sends),
    delivered,
    opt_outs: count('opt_outs', sides.sends),
    clicks_total: count('clicks', sides.clicks),
    clicks_human: count('human', sides.clicks),
    clicks_suspect: count('suspect', sides.clicks),
    clicks_bot: count('bot', sides.clicks),
    clicks_unique: count('uniques', sides.clicks),
    clicks_anonymous: count('anonymous', sides.clicks),
    first_clicks: sides.clicks && 'link_no' in row ? numberOr0(row.first_clicks) : null,
    conversions: count('credit', sides.conversions),
    conversions_click: count('credit_click', sides.conversions),
    conversions_promo: count('credit_promo', sides.conversions),
    conversions_identity: count('credit_identity', sides.conversions),
    conversions_reversed: count('credit_reversed', sides.conversions),
    ...moneyColumns(row, choice, context),
    money: moneyByCurrency(row),
    ...shares(row, delivered, context),
    ...ratios.columns,
    p50_delay_s: seconds(row.p50_delay_ms),
    p90_delay_s: seconds(row.p90_delay_ms),
    small_sample: ratios.smallSample,
    immature: numberOr0(row.is_open) === 1,
  };
}

const seconds = (ms: unknown) => (ms === null || ms === undefined ? null : Number(ms) / 1_000);

/** True proportions with Wilson's interval; null where a side is missing, empty, or runs on another clock. */
function shares(row: Row, delivered: number | null, { basis, sides }: Context): Row {
  const share = (name: string, { count, of }: Partial<Record<keyof Share, number | null>>, isSound = true): Row => {
    const known = isSound && typeof count === 'number' && typeof of === 'number' && of > 0 ? { count, of } : null;
    const ends = known ? wilson(known) : null;
    return {
      [name]: known ? known.count / known.of : null,
      [`${name}_low`]: ends?.low ?? null,
      [`${name}_high`]: ends?.high ?? null,
    };
  };
  const opt = sides.sends ? numberOr0(row.opt_outs_tracked) : null;
  return {
    ...share('unique_ctr', { count: numberOr0(row.uniques_tracked), of: delivered }, basis === 'send' && sides.clicks),
    ...share('delivery_rate', { count: delivered, of: numberOr0(row.sent_tracked) }),
    ...share('opt_out_rate', { count: opt, of: delivered }),
    ...share('bot_share', { count: numberOr0(row.bot), of: numberOr0(row.clicks) }, sides.clicks),
  };
}
