import { windowMs } from '../lambdas/core/attribution/window.ts';
import { exponentOf } from '../lambdas/core/money.ts';
import { formatMicros, MICROS } from '../lambdas/core/sends/micros.ts';
import { type Sample, welch } from '../lambdas/core/statistics/means.ts';
import { minimumDetectable } from '../lambdas/core/statistics/power.ts';
import { newcombe, relativeLift } from '../lambdas/core/statistics/proportions.ts';
import type { ReportContext, ReportRequest } from './definitions.ts';
import { moneyChoice } from './performance-money.ts';
import type { MoneyChoice } from './performance-ratios.ts';
import { currencyOf } from './performance-report.ts';
import { sampleRatioOf } from './sample-ratio-rows.ts';

type Row = Readonly<Record<string, unknown>>;

/** Columns that only this step needs. */
const SUMS =
  /^(control_\w+|revenue(_in)?(_squares)?|cost(_in)?|is_told_by_day|is_unpriced|one_arm|left_out|unknown|least_currency|most_currency|sizes|control|assigned|converters|conversions|is_total)$/;

/** Rows of report `lift`: arms against their control. */
export async function withLift(
  rows: readonly Row[],
  request: ReportRequest,
  { plannedArms }: ReportContext,
): Promise<readonly Row[]> {
  const ids = rows.flatMap(({ experiment }) => (typeof experiment === 'string' ? [experiment] : []));
  const plans = await plannedArms([...new Set(ids)]);
  return rows.map((row) => {
    const choice = moneyChoice(row, currencyOf(request));
    const plan = plans.get(String(row.experiment));
    const dimensions = Object.fromEntries(Object.entries(row).filter(([name]) => !SUMS.test(name)));
    return {
      ...dimensions,
      ...counts(row, choice),
      ...comparison(row, choice),
      srm_p: plan ? sampleRatioOf(row.sizes, plan).p : null,
      interim: isInterim(row, request),
      conversions_one_arm: row.one_arm,
      sources_left_out: sourcesOf(row),
      reason: reasonOf(row),
      is_total: row.is_total,
    };
  });
}

const sourcesOf = ({ left_out }: Row): string[] =>
  typeof left_out === 'string' && left_out !== '' ? left_out.split(',') : [];

function reasonOf(row: Row): string | null {
  if (!Number(row.control_assigned ?? 0)) return 'no_control';
  return sourcesOf(row).length > 0 ? 'outcome_unobservable_in_control' : null;
}

/** Until the draw has ended and the last window closed. */
function isInterim({ experiment }: Row, { experiments = {}, terms, asOf, to }: ReportRequest): boolean {
  const of = experiments[String(experiment)];
  const window = windowMs(of?.window ?? terms?.rules.window ?? '') ?? 0;
  const end = of?.ends_at ?? null;
  return end === null || (asOf ?? to) < end + window;
}

/** Money of one subscriber on average, zeros included, in minor units. */
function sampleOf(row: Row, prefix: string, { variant }: MoneyChoice): Sample | null {
  const n = Number(row[`${prefix}assigned`] ?? 0);
  if (n < 1) return null;
  const sum = Number(row[`${prefix}revenue${variant}`] ?? 0);
  const squares = Number(row[`${prefix}revenue${variant}_squares`] ?? 0);
  return { n, mean: sum / n, variance: n > 1 ? Math.max(0, squares - (sum * sum) / n) / (n - 1) : 0 };
}

/** Money at the precision of prices of single messages: means are fractions of a minor unit. */
function amount(minor: number | null | undefined, currency: string | null): string | null {
  const exponent = exponentOf(currency ?? '');
  if (currency === null || exponent === undefined || minor === null || minor === undefined) return null;
  return formatMicros(Math.round((minor / 10 ** exponent) * MICROS), exponent);
}

function counts(row: Row, choice: MoneyChoice): Row {
  const [assigned, converters] = [Number(row.assigned), Number(row.converters)];
  return {
    control: row.control,
    assigned,
    converters,
    conversions: row.conversions,
    rate: assigned > 0 ? converters / assigned : null,
    revenue_per_subscriber: amount(sampleOf(row, '', choice)?.mean, choice.currency),
    currency: choice.currency,
  };
}

function comparison(row: Row, choice: MoneyChoice): Row {
  const isControl = row.arm === row.control;
  const treated = { count: Number(row.converters), of: Number(row.assigned) };
  const control = { count: Number(row.control_converters ?? 0), of: isControl ? 0 : Number(row.control_assigned ?? 0) };
  const diff = newcombe(treated, control);
  const relative = relativeLift(treated, control);
  const incremental = diff && diff.value * treated.of;
  return {
    diff: diff?.value ?? null,
    low: diff?.low ?? null,
    high: diff?.high ?? null,
    p_value: diff?.p ?? null,
    relative_lift: relative?.value ?? null,
    relative_low: relative?.low ?? null,
    relative_high: relative?.high ?? null,
    incremental_conversions: incremental,
    ...revenueComparison(row, choice, isControl),
    ...costs(row, choice, diff && diff.low > 0 ? incremental : null),
    mde_80:
      control.of > 0
        ? minimumDetectable({ baseRate: control.count / control.of, control: control.of, treated: treated.of })
        : null,
  };
}

function revenueComparison(row: Row, choice: MoneyChoice, isControl: boolean): Row {
  const { currency } = choice;
  const treated = sampleOf(row, '', choice);
  const control = isControl ? null : sampleOf(row, 'control_', choice);
  const test = treated && control && currency !== null ? welch(treated, control) : null;
  const diff = treated && control ? treated.mean - control.mean : null;
  return {
    revenue_diff: amount(diff, currency),
    revenue_low: amount(test?.low, currency),
    revenue_high: amount(test?.high, currency),
    revenue_p_value: test?.p ?? null,
    incremental_revenue: amount(diff !== null && treated ? diff * treated.n : null, currency),
  };
}

/**
 * What is not known is null: no price of any message, or totals of days, which may be of any arm.
 * @param incremental converters there would not have been; null where that is not sure
 */
function costs(row: Row, { variant, currency }: MoneyChoice, incremental: number | null): Row {
  const exponent = exponentOf(currency ?? '');
  const sum = row.is_told_by_day ? null : (row[`cost${variant}`] ?? null);
  const micros = sum === null ? null : Number(sum);
  const told = (value: number | null) =>
    value === null || exponent === undefined ? null : formatMicros(Math.round(value), exponent);
  const isSure = micros !== null && incremental !== null;
  return { cost: told(micros), cost_per_incremental: told(isSure ? micros / incremental : null) };
}
