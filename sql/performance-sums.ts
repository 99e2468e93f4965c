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
import { filled } from './report-text.ts';

const part = (name: string, parts: Readonly<Record<string, string>> = {}) => filled(`reports/parts/${name}.sql`, parts);

const amounts = AMOUNTS.flatMap((name) => [name, `${name}_in`]);
const variants = RATIOS.flatMap((ratio) => variantsOf(ratio).map((variant) => ({ ratio, variant })));
const columnsOfClusters = ({ ratio, variant }: (typeof variants)[number]) =>
  ['n', 'rr', 'rc', 'cc'].map((sum) => `${ratio.name}${variant}_${sum}`);

/** Columns that clicks alone have, in a group of the report. */
const TAP_COLUMNS = [
  ...TAP_COUNTS,
  'uniques',
  'uniques_tracked',
  'first_clicks',
  ...TAPPED.flatMap((name) => [`${name}_people`, `${name}_squares`]),
];

/** Columns that messages and conversions have. */
const OTHER_COLUMNS = [
  ...SENT_COUNTS,
  ...CREDITS,
  ...amounts,
  'least_currency',
  'most_currency',
  'unknown',
  'has_puts',
  'p50_delay_ms',
  'p90_delay_ms',
  'money',
];

/** Names of the columns that are no dimensions. */
export const SUM_COLUMNS: readonly string[] = [
  ...TAP_COLUMNS,
  ...OTHER_COLUMNS,
  ...variants.flatMap(columnsOfClusters),
  'is_open',
  'is_total',
];

/** True where a sum of money is other than 0. */
const hasMoney = (variant: string) => AMOUNTS.map((name) => `coalesce(${name}${variant}, 0) <> 0`).join(' or ');

const listed = (names: readonly string[], as: (name: string) => string = (name) => name) =>
  names.map((name) => `${as(name)},`).join(' ');

/** Lists of columns: sums of facts by person, sums of those, and what the basis' ratios need of clusters. */
export function sumParts(plan: ReportPlan, basis: string) {
  const { by } = plan;
  const groups = by.filter((column) => column !== 'reason');
  const asked = variants.filter(({ ratio }) => ratio.bases.includes(basis));
  const clusterColumns = asked.flatMap(columnsOfClusters);
  const otherColumns = [...OTHER_COLUMNS, ...clusterColumns];
  const nothing = (name: string) => `null as ${name}`;
  return {
    by: by.join(', '),
    taps: part('performance-taps', { ...tapParts(groups), ...trackedCounts(basis) }),
    amounts: ['', '_in'].map((variant) => part('performance-amounts', { in: variant })).join(',\n'),
    ...measureParts(asked),
    taps_of_people: listed(TAPPED, (name) => `case when is_person then coalesce(tap_${name}, 0) end as ${name}`),
    tapped_people: listed(TAPPED, (name) => `${name} as tap_${name}`),
    converting_people: basis === 'send' ? '' : part('converting-people'),
    tap_group: listed(groups, (name) => `${name} as tap_${name}`),
    same_group: groups.map((name) => `and tap_${name} is not distinct from ${name}`).join(' '),
    cluster_sums: asked.map(({ ratio, variant }) => clusterSums(ratio, variant)).join('\n'),
    p50: part('nearest-rank', { share: '5e-1' }),
    p90: part('nearest-rank', { share: '9e-1' }),
    tap_columns: listed(TAP_COLUMNS),
    no_tap_columns: listed(TAP_COLUMNS, nothing),
    other_columns: listed(otherColumns),
    no_other_columns: listed(otherColumns, nothing),
    figures: listed([...TAP_COLUMNS, ...otherColumns], (name) => `max(${name}) as ${name}`),
  };
}

/** Sums of what messages and conversions have: all of them of groups, and of people what the ratios asked for divide. */
function measureParts(asked: typeof variants) {
  const measures = [...SENT_COUNTS, ...CREDITS, ...amounts];
  const divided = new Set(asked.flatMap(({ ratio, variant }) => ratio.over.map((side) => columnOf(side, variant))));
  return {
    sums: listed(measures, (name) => `sum(${name}) as ${name}`),
    sums_of_people: listed(measures, (name) => (divided.has(name) ? `sum(${name})` : 'null')),
    has_money: hasMoney(''),
    has_money_in: hasMoney('_in'),
    of_people: listed(
      measures.filter((name) => divided.has(name)),
      (name) => `case when is_person then ${name} end as ${name}`,
    ),
    of_groups: listed(measures, (name) => `case when not is_person then ${name} end as whole_${name}`),
    totals: [
      listed([...SENT_COUNTS, ...amounts], (name) => `cast(sum(whole_${name}) as bigint) as ${name}`),
      listed(CREDITS, (name) => `round(sum(whole_${name}), 9) as ${name}`),
    ].join('\n    '),
  };
}

/** Receipts are a matter of messages: on other clocks nothing has to be counted for each person. */
const trackedCounts = (basis: string) =>
  basis === 'send'
    ? {
        clicks_tracked: 'count(case when is_tracked then 1 end)',
        human_tracked: `count(case when is_tracked and actor = 'human' then 1 end)`,
      }
    : { clicks_tracked: 'cast(0 as bigint)', human_tracked: 'cast(0 as bigint)' };

/** What clicks are grouped by: sets that tell nothing new are left out, for each is a pass over all clicks. */
function tapParts(groups: readonly string[]) {
  const isByLink = groups.includes('link_no');
  const isByCampaign = groups.includes('campaign_id');
  const isOnlyByCampaign = isByCampaign && groups.length === 1;
  const dimensions = listed(groups);
  const sets = [
    ...(isOnlyByCampaign ? [] : ['(person, unique_campaign)']),
    ...(isByCampaign ? [] : [`(${dimensions} in_group, person, unique_campaign)`]),
    ...(isByLink ? ['(person, unique_link)'] : []),
  ];
  // Without further sets every row is of one person, and a filter on each of many sums costs more than the sum.
  const of_people = sets.length > 0 ? 'filter (where is_person)' : '';
  const uniquesOf = (name: string) =>
    isOnlyByCampaign ? `case when is_total then cast(sum(${name}) over () as bigint) else ${name} end` : name;
  return {
    groups: dimensions,
    of_people,
    people: TAPPED.map((name) => part('tapped-people', { name, of_people })).join('\n    '),
    counts: listed(TAP_COUNTS),
    tapped: listed(TAPPED.flatMap((name) => [`${name}_people`, `${name}_squares`])),
    more_sets: sets.map((set) => `, ${set}`).join(''),
    link: isByLink ? 'link_no' : 'cast(null as bigint)',
    is_link: isByLink ? '(link_no is not null or unique_link is not null)' : 'false',
    is_campaign: isOnlyByCampaign ? 'false' : 'grouping(unique_campaign) = 0',
    is_unique: isByCampaign ? '((is_person and not is_total) or is_campaign)' : 'is_campaign',
    uniques: uniquesOf('uniques'),
    uniques_tracked: uniquesOf('uniques_tracked'),
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
