import { type Fault, fault } from '../lambdas/core/api/problem.ts';
import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { benjaminiHochberg } from '../lambdas/core/statistics/multiple.ts';
import { type RatioInput, ratioDifference } from '../lambdas/core/statistics/ratio.ts';
import { withReason } from './attribution-report.ts';
import { ratesWarnings } from './currency-warnings.ts';
import { type ReportColumn, type ReportDefinition, type ReportRequest, ReportRequestError } from './definitions.ts';
import { performanceDimensions } from './performance-columns.ts';
import { RATIOS, type Ratio, variantsOf } from './performance-measures.ts';
import { isMixed, moneyChoice } from './performance-money.ts';
import { ratioInput } from './performance-ratios.ts';
import { basisOf, currencyOf, renderPerformanceReport, report, sidesOf } from './performance-report.ts';
import { planOf } from './report-plan.ts';

type Row = Readonly<Record<string, unknown>>;

/** False discovery rate that is accepted: of the winners named, one in twenty may be none. */
const ACCEPTED = 0.05;
/** Groups compared with each other at most: 435 pairs. */
const MOST_GROUPS = 30;
/** Groups that are read at most: of those, the first that have a value are compared. */
const MOST_READ = 500;
/** Metrics of which less is better. */
const LESS_IS_BETTER = ['cpa', 'reversal_rate'];

const figure = (name: string, unit: string, definition: string): ReportColumn => ({
  name,
  unit,
  definition,
  additive: false,
});

const figures: readonly ReportColumn[] = [
  figure('metric', 'name', 'Ratio of report performance that is compared'),
  figure('a', 'group', 'Values of the dimensions of one group, the better one first where there is one'),
  figure('b', 'group', 'Those of the other'),
  figure('value_a', 'as the metric', 'The ratio in group a'),
  figure('value_b', 'as the metric', 'The ratio in group b'),
  figure('diff', 'as the metric', 'value_a - value_b'),
  figure('low', 'as the metric', 'Lower limit of its 95 % interval (delta method, clustered by subscriber)'),
  figure('high', 'as the metric', 'Upper limit of its 95 % interval'),
  figure('p_value', 'probability', 'Of a diff at least as far from 0 without any; of the same method'),
  figure('p_adjusted', 'probability', 'p_value adjusted for the number of pairs (Benjamini–Hochberg)'),
  figure(
    'verdict',
    'text',
    'The better group where p_adjusted is at most 0.05; `no difference` else; `not enough data` under 30 subscribers or 10 conversions in a group, or where their currencies differ',
  ),
];

/** Groups of report `performance` against each other. */
export const compareReport: ReportDefinition = {
  name: 'compare',
  dimensions: performanceDimensions,
  attributes: true,
  columns: figures,
  bases: ['click', 'send', 'conversion'],
  alwaysBy: [],
  readsOn: true,
  attributed: true,
  converting: true,
  comparing: true,
  defaultRange: 'week',
  render,
  finish: async (rows, request) => comparisons(rows, request).slice(request.offset, request.offset + request.limit + 1),
  // A page is one of pairs: each needs two groups, and its adjusted p-value all pairs.
  finishesPages: () => true,
  warn,
};

/** Bases that the two sides of a metric share, by metric. */
export const metricBases: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  RATIOS.map(({ name, bases }) => [name, bases]),
);

/** @throws ReportRequestError on a metric or dimension that there is not */
function render(request: ReportRequest): Statement {
  metricOf(request);
  return renderPerformanceReport({ ...request, offset: 0, limit: MOST_READ });
}

function metricOf({ metric }: ReportRequest): Ratio {
  const ratio = RATIOS.find(({ name }) => name === metric);
  if (!ratio)
    throw new ReportRequestError(`there is no metric ${metric}; known are ${Object.keys(metricBases).join(', ')}`);
  return ratio;
}

interface Group {
  readonly name: string;
  readonly currency: string | null;
  readonly input: RatioInput | null;
}

interface Pair {
  readonly a: Group;
  readonly b: Group;
  readonly test: ReturnType<typeof ratioDifference>;
}

/** Says which groups are compared, where there are more than can be, and which cannot be for their currencies. */
function warn(rows: readonly Row[], request: ReportRequest): Fault[] {
  const isMoney = variantsOf(metricOf(request)).length > 1;
  return [...tooMany(rows, request), ...(isMoney ? [...leftOut(rows, request), ...ratesWarnings(rows, request)] : [])];
}

function leftOut(rows: readonly Row[], request: ReportRequest): Fault[] {
  const names = rows.filter((row) => isGroup(row) && isMixed(row)).map((row) => nameOf(row, request));
  const message = `left out, since their money is in several currencies: ${names.join('; ')}`;
  return names.length > 0 ? [fault('by', 'groups_left_out', message)] : [];
}

function tooMany(rows: readonly Row[], request: ReportRequest): Fault[] {
  const groups = groupsOf(rows, metricOf(request), request);
  if (groups.length <= MOST_GROUPS) return [];
  const names = groups.slice(0, MOST_GROUPS).map(({ name }) => name);
  const message = `more than ${MOST_GROUPS} groups have a ${request.metric}: compared are the first in the order of report performance (${names.join('; ')}); filter for others, or group by something coarser`;
  return [fault('by', 'too_many_groups', message)];
}

function comparisons(rows: readonly Row[], request: ReportRequest): Row[] {
  const ratio = metricOf(request);
  const groups = groupsOf(rows, ratio, request).slice(0, MOST_GROUPS);
  const pairs = groups.flatMap((a, at) => groups.slice(at + 1).map((b) => inOrder(a, b, ratio)));
  const adjusted = benjaminiHochberg(pairs.map(({ test }) => test?.p ?? null));
  return pairs
    .map((pair, at) => shown(pair, adjusted[at] ?? null, ratio))
    .sort((x, y) => Number(x.p_adjusted ?? 2) - Number(y.p_adjusted ?? 2));
}

/** What has no touch is nobody's merit. */
const isGroup = ({ is_total, reason }: Row) => !is_total && (reason ?? null) === null;

const nameOf = (row: Row, request: ReportRequest): string =>
  planOf(report, request)
    .by.map((column) => `${row[column] ?? ''}`)
    .join(', ');

/** Groups that have a value. */
function groupsOf(rows: readonly Row[], ratio: Ratio, request: ReportRequest): Group[] {
  const plan = planOf(report, request);
  const context = { basis: basisOf(request), sides: sidesOf(withReason(plan)) };
  return rows
    .filter(isGroup)
    .map((row) => {
      const choice = moneyChoice(row, currencyOf(request));
      return {
        name: nameOf(row, request),
        currency: choice.currency,
        input: ratioInput(row, ratio, { ...context, choice }),
      };
    })
    .filter(({ input }) => input !== null && input.sums.c > 0);
}

/** A pair with the better group first. */
function inOrder(a: Group, b: Group, { name, unit }: Ratio): Pair {
  const isComparable = unit === 'ratio' || a.currency === b.currency;
  const test = a.input && b.input && isComparable ? ratioDifference(a.input, b.input) : null;
  const isWorse = test !== null && (LESS_IS_BETTER.includes(name) ? test.value > 0 : test.value < 0);
  return isWorse ? inOrder(b, a, { name, unit } as Ratio) : { a, b, test };
}

const ratioOf = ({ input }: Group) => (input ? input.sums.r / input.sums.c : null);

function shown({ a, b, test }: Pair, adjusted: number | null, { name }: Ratio): Row {
  const isEnough = test !== null && !test.smallSample && adjusted !== null;
  return {
    metric: name,
    a: a.name,
    b: b.name,
    value_a: ratioOf(a),
    value_b: ratioOf(b),
    diff: test?.value ?? null,
    low: test?.low ?? null,
    high: test?.high ?? null,
    p_value: test?.p ?? null,
    p_adjusted: adjusted,
    verdict: isEnough ? (adjusted <= ACCEPTED ? a.name : 'no difference') : 'not enough data',
    is_total: false,
  };
}
