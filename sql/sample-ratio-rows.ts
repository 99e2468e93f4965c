import { SAMPLE_RATIO_ALARM, sampleRatio } from '../lambdas/core/statistics/sample-ratio.ts';
import type { PlannedArm, ReportContext, ReportRequest } from './definitions.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * Adds the test of the arms' sizes to the rows of report `experiments`, and a row for each planned arm that nobody is in.
 * Where the request names arms, plan and test are of those alone.
 */
export async function withSampleRatio(
  rows: readonly Row[],
  { filters }: ReportRequest,
  { plannedArms }: ReportContext,
): Promise<readonly Row[]> {
  const experiments = rows.flatMap(({ experiment }) => (typeof experiment === 'string' ? [experiment] : []));
  const plans = await plannedArms([...new Set(experiments)]);
  const isShown = (arm: string) => !filters.arm?.length || filters.arm.includes(arm);
  return rows.flatMap((row) => {
    const plan = plans.get(String(row.experiment))?.filter(({ name }) => isShown(name));
    return row.is_total ? [shown(row, null, null)] : tested(row, plan);
  });
}

/** Shares of a plan among themselves, the sizes of the arms that a row tells, and the test of the ones against the others. */
export function sampleRatioOf(sizesText: unknown, plan: readonly PlannedArm[]) {
  const sizes = sizesOf(String(sizesText));
  const arms = [...new Set([...plan.map(({ name }) => name), ...sizes.keys()])];
  const whole = plan.reduce((sum, { share }) => sum + share, 0);
  const shareOf = (arm: string) => (plan.find(({ name }) => name === arm)?.share ?? 0) / whole;
  const test = sampleRatio(
    arms.map((arm) => sizes.get(arm) ?? 0),
    arms.map(shareOf),
  );
  return { sizes, shareOf, p: test?.p ?? null };
}

function tested(row: Row, plan: readonly PlannedArm[] | undefined): Row[] {
  if (!plan) return [shown(row, null, null)];
  const { sizes, shareOf, p } = sampleRatioOf(row.sizes, plan);
  const empty = row.is_last_arm ? plan.filter(({ name }) => !sizes.has(name)) : [];
  return [
    shown(row, shareOf(String(row.arm ?? '')), p),
    ...empty.map(({ name }) => shown({ ...row, arm: name, assigned: 0, share: 0, with_identity: 0 }, shareOf(name), p)),
  ];
}

/** `a=5,b=7` as numbers by arm. */
function sizesOf(text: string): ReadonlyMap<string, number> {
  return new Map(
    text.split(',').map((size) => {
      const at = size.lastIndexOf('=');
      return [size.slice(0, at), Number(size.slice(at + 1))] as const;
    }),
  );
}

/** A row in the order of the figures, without what only this step needs. */
function shown(row: Row, plannedShare: number | null, p: number | null): Row {
  const { sizes: _sizes, is_last_arm: _last, with_identity, is_total, ...rest } = row;
  const srm = p === null ? null : p < SAMPLE_RATIO_ALARM;
  return { ...rest, planned_share: plannedShare, srm_p: p, srm, with_identity, is_total };
}
