import { expect, test } from 'vitest';
import type { ReportContext, ReportRequest } from '../../sql/catalog.ts';
import { openLake } from '../../sql/duckdb.ts';
import { ASKED, DAY, HOUR, NOON, type Row, shownRows, testFolders } from './asked.ts';
import { type Recipient, recipientOf, writeRecipients } from './recipients-sample.ts';

const folder = testFolders();

type Plans = Readonly<Record<string, Readonly<Record<string, number>>>>;

const contextOf = (plans: Plans): ReportContext => ({
  plannedArms: async (ids) =>
    new Map(
      ids.flatMap((id) => {
        const plan = plans[id];
        return plan ? [[id, Object.entries(plan).map(([name, share]) => ({ name, share }))] as const] : [];
      }),
    ),
});

async function report(
  name: string,
  recipients: readonly Recipient[],
  asked: Partial<ReportRequest> = {},
  plans: Plans = {},
): Promise<Row[]> {
  const lakeDir = folder();
  await writeRecipients(lakeDir, recipients);
  const lake = await openLake({ lakeDir });
  try {
    return await shownRows(lake, name, { ...ASKED, ...asked }, contextOf(plans));
  } finally {
    lake.close();
  }
}

test('who is minted again on a link counts once, on the first day; another link counts again', async () => {
  const one = recipientOf({ minted_at: NOON, subscriber_no: 1 });
  const rows = [
    one,
    { ...one, minted_at: NOON + HOUR },
    recipientOf({ minted_at: NOON, subscriber_no: 1, link_no: 2 }),
    recipientOf({ minted_at: NOON, subscriber_no: 2, code: null, arm: 'holdout' }),
    recipientOf({ minted_at: NOON - 700 * DAY, subscriber_no: 3 }),
    recipientOf({ minted_at: NOON, subscriber_no: 3 }),
  ];
  expect(await report('recipients', rows)).toEqual([
    { recipients: 3, subscribers: 2, holdout: 1, with_identity: 0, is_total: true },
  ]);
  expect(await report('recipients', rows, { from: NOON - 800 * DAY })).toEqual([
    expect.objectContaining({ recipients: 4, subscribers: 3 }),
  ]);
});

test('who is drawn by a later minting, or account-wide, counts where drawn', async () => {
  const first = recipientOf({ minted_at: NOON - 3 * DAY });
  const drawn = { ...first, minted_at: NOON, experiment: 'e1', arm: 'b', account_experiment: 'all', account_arm: 'c' };
  const found = await report('experiments', [first, drawn]);
  expect(found.map(({ experiment, arm, assigned }) => [experiment, arm, assigned])).toEqual([
    [null, null, 2],
    ['all', 'c', 1],
    ['e1', 'b', 1],
  ]);
  expect((await report('recipients', [first, drawn]))[0]).toMatchObject({ recipients: 0 });
  expect((await report('recipients', [first, drawn], { from: NOON - 4 * DAY, by: ['arm'] }))[1]).toMatchObject({
    arm: 'b',
    recipients: 1,
  });
});

test('an identity that came with a later minting counts', async () => {
  const one = recipientOf({ minted_at: NOON });
  const later = { ...one, minted_at: NOON + 1, email_hash: 'hash' };
  expect((await report('recipients', [one, later]))[0]).toMatchObject({ recipients: 1, with_identity: 1 });
  expect((await report('recipients', [one, later], { to: NOON + 1 }))[0]).toMatchObject({ with_identity: 0 });
});

/** `count` subscribers in an arm, numbered from `first`. */
const inArm = (arm: string, count: number, first: number, given: Partial<Recipient> = {}) =>
  Array.from({ length: count }, (_, at) =>
    recipientOf({ minted_at: NOON, subscriber_no: first + at, experiment: 'e1', arm, ...given }),
  );

const PLAN = { e1: { treatment: 0.9, holdout: 0.1 } };

test('sizes of arms are tested against the plan of their experiment', async () => {
  const sound = [...inArm('treatment', 880, 1), ...inArm('holdout', 120, 2_000, { phone_hash: 'h' })];
  const [total, holdout, treatment] = await report('experiments', sound, {}, PLAN);
  expect(total).toMatchObject({ assigned: 1_000, share: null, planned_share: null, srm_p: null, srm: null });
  expect(holdout).toMatchObject({ arm: 'holdout', assigned: 120, share: 0.12, planned_share: 0.1, with_identity: 120 });
  expect(treatment).toMatchObject({ experiment: 'e1', arm: 'treatment', assigned: 880, share: 0.88, srm: false });
  // Chi-square of (880, 120) against (900, 100) is 40/9; its tail with one degree of freedom is 0.0350.
  expect(treatment?.srm_p).toBeCloseTo(0.03501, 4);
  const off = [...inArm('treatment', 840, 1), ...inArm('holdout', 160, 2_000)];
  expect((await report('experiments', off, {}, PLAN))[1]).toMatchObject({ srm: true });
});

test('a page that holds one arm tells the same of it, and planned arms without anybody have a row', async () => {
  const rows = [...inArm('b', 30, 1), ...inArm('a', 30, 100)];
  const plan = { e1: { a: 1, b: 1, c: 1 } };
  const all = await report('experiments', rows, {}, plan);
  expect(all.slice(1).map(({ arm, assigned, planned_share }) => [arm, assigned, planned_share])).toEqual([
    ['a', 30, 1 / 3],
    ['b', 30, 1 / 3],
    ['c', 0, 1 / 3],
  ]);
  expect(all.slice(1).every(({ srm }) => srm === true)).toBe(true);
  const [, second] = await report('experiments', rows, { limit: 1, offset: 1 }, plan);
  expect(second).toEqual(all[2]);
});

test('arms that are named are compared among themselves; an unplanned one is a mismatch; no plan, no test', async () => {
  const rows = [...inArm('a', 50, 1), ...inArm('b', 50, 100), ...inArm('stray', 5, 300)];
  const plan = { e1: { a: 2, b: 2, c: 6 } };
  expect((await report('experiments', rows, { filters: { arm: ['a', 'b'] } }, plan)).slice(1)).toEqual([
    expect.objectContaining({ arm: 'a', share: 0.5, planned_share: 0.5, srm_p: 1, srm: false }),
    expect.objectContaining({ arm: 'b', share: 0.5, planned_share: 0.5, srm_p: 1, srm: false }),
  ]);
  expect((await report('experiments', rows, {}, plan)).find(({ arm }) => arm === 'stray')).toMatchObject({
    planned_share: 0,
    srm: true,
  });
  expect((await report('experiments', rows)).slice(1).map(({ srm_p, srm }) => [srm_p, srm])).toEqual(
    Array(3).fill([null, null]),
  );
});

test('a subscriber counts in the arm of the first assignment, once in an experiment and once in each', async () => {
  const rows = [
    recipientOf({ minted_at: NOON, subscriber_no: 1, experiment: 'e1', arm: 'a' }),
    recipientOf({ minted_at: NOON + 1, subscriber_no: 1, link_no: 2, experiment: 'e1', arm: 'b' }),
    recipientOf({ minted_at: NOON + 2, subscriber_no: 1, link_no: 3, experiment: 'e2', arm: 'a' }),
    recipientOf({ minted_at: NOON, subscriber_no: 2 }),
  ];
  const found = await report('experiments', rows, { by: ['link'] });
  expect(found.map(({ experiment, arm, link_no, assigned }) => [experiment, arm, link_no, assigned])).toEqual([
    [null, null, null, 2],
    ['e1', 'a', 1, 1],
    ['e2', 'a', 3, 1],
  ]);
});
