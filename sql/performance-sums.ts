import {
  AMOUNTS,
  CREDITS,
  columnOf,
  RATIOS,
  type Ratio,
  SENT_COUNTS,
  TAP_COUNTS,
  TAPPED,
  variantsOf,
} from './performance-measures.ts';
import type { ReportPlan } from './report-plan.ts';
import { filled, groupParts } from './report-text.ts';

const part = (name: string, parts: Readonly<Record<string, string>> = {}) => filled(`reports/parts/${name}.sql`, parts);

const amounts = AMOUNTS.flatMap((name) => [name, `${name}_in`]);
const variants = RATIOS.flatMap((ratio) => variantsOf(ratio).map((variant) => ({ ratio, variant })));
const clusterColumns = variants.flatMap(({ ratio, variant }) =>
  ['n', 'rr', 'rc', 'cc'].map((sum) => `${ratio.name}${variant}_${sum}`),
);

/** Columns that clicks alone have, in a group of the report. */
const TAP_COLUMNS = [
  ...TAP_COUNTS,
  'uniques',
  'first_clicks',
  ...TAPPED.flatMap((name) => [`${name}_people`, `${name}_squares`]),
];

/** Columns that messages and conversions have. */
const OTHER_COLUMNS = [
  ...SENT_COUNTS,
  ...CREDITS,
  ...amounts,
  ...clusterColumns,
  'least_currency',
  'most_currency',
  'unknown',
  'has_puts',
  'p50_delay_ms',
  'p90_delay_ms',
  'money',
];

/** Names of the columns that are no dimensions. */
export const SUM_COLUMNS: readonly string[] = [...TAP_COLUMNS, ...OTHER_COLUMNS, 'is_open', 'is_total'];

const listed = (names: readonly string[], as: (name: string) => string = (name) => name) =>
  names.map((name) => `${as(name)},`).join(' ');

/** Lists of columns: sums of facts by person, sums of those, and what ratios need of clusters. */
export function sumParts(plan: ReportPlan) {
  const { by } = plan;
  const isByLink = by.includes('link_no');
  const nothing = (name: string) => `null as ${name}`;
  return {
    by: by.join(', '),
    taps: part('performance-taps', {
      dimensions: groupParts(plan, [], '').dimensions,
      by: by.join(', '),
      link: isByLink ? 'link_no' : 'cast(null as bigint)',
      link_set: isByLink ? ', (person, unique_link)' : '',
    }),
    amounts: ['', '_in'].map((variant) => part('performance-amounts', { in: variant })).join(',\n'),
    sums: listed([...SENT_COUNTS, ...CREDITS, ...amounts], (name) => `sum(${name}) as ${name}`),
    of_people: listed(
      [...SENT_COUNTS, ...CREDITS, ...amounts],
      (name) => `case when is_person then ${name} end as ${name}`,
    ),
    totals: [
      listed([...SENT_COUNTS, ...amounts], (name) => `cast(sum(${name}) as bigint) as ${name}`),
      listed(CREDITS, (name) => `round(sum(${name}), 9) as ${name}`),
    ].join('\n    '),
    tap_group: by.map((column) => `coalesce(cast(${column} as varchar), chr(30))`).join(' || chr(31) || '),
    cluster_sums: variants.map(({ ratio, variant }) => clusterSums(ratio, variant)).join('\n'),
    p50: part('nearest-rank', { share: '5e-1' }),
    p90: part('nearest-rank', { share: '9e-1' }),
    tap_columns: listed(TAP_COLUMNS),
    no_tap_columns: listed(TAP_COLUMNS, nothing),
    other_columns: listed(OTHER_COLUMNS),
    no_other_columns: listed(OTHER_COLUMNS, nothing),
    figures: listed([...TAP_COLUMNS, ...OTHER_COLUMNS], (name) => `max(${name}) as ${name}`),
  };
}

function clusterSums({ name, over }: Ratio, variant: string): string {
  const [r, c] = [columnOf(over[0], variant), columnOf(over[1], variant)];
  const isThere = (column: string) => `coalesce(${column}, 0) <> 0`;
  const tapped = [r, c].find((column) => TAPPED.includes(column));
  const other = r === tapped ? c : r;
  const is_cluster = tapped ? `${tapped} = 0 and ${isThere(other)}` : `(${isThere(r)} or ${isThere(c)})`;
  return part('cluster-sums', { name: `${name}${variant}`, r, c, is_cluster });
}
