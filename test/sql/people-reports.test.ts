import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { finishReport, type ReportContext, type ReportRequest, renderReport, reports } from '../../sql/catalog.ts';
import { type Lake, openLake } from '../../sql/duckdb.ts';
import { utcDay } from './clicks-sample.ts';
import { temporaryFolder } from './lake-writer.ts';
import { recountAssignments, recountRecipients } from './people-recount.ts';
import { type Minting, type Recipient, recipientOf, writeMintings, writeRecipients } from './recipients-sample.ts';

const NOON = Date.UTC(2026, 5, 15, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folder(): string {
  const made = temporaryFolder('people');
  folders.push(made);
  return made;
}

const ASKED: ReportRequest = {
  from: NOON - 12 * HOUR,
  to: NOON + 12 * HOUR,
  tz: 'UTC',
  by: [],
  filters: {},
  limit: 500,
  offset: 0,
};

type Row = Record<string, unknown>;
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

async function shownRows(lake: Lake, name: string, request: ReportRequest, plans: Plans = {}): Promise<Row[]> {
  const rows = await lake.run(renderReport(name, request));
  return [...(await finishReport(name, request, rows, contextOf(plans)))];
}

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
    return await shownRows(lake, name, { ...ASKED, ...asked }, plans);
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

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);

const anyRecipient = fc.record<Partial<Recipient>>({
  link_no: oneOf(1, 2, 3),
  subscriber_no: oneOf(1, 2, 3, 4, 5),
  campaign_id: oneOf('a', 'b', null),
  message_id: oneOf('m1', null),
  creative: oneOf('v1', 'v2', null),
  segment: oneOf('vip', null),
  partner: oneOf('p', null),
  offer_id: oneOf('o1', null),
  experiment: oneOf('e1', 'e2', null),
  arm: oneOf('holdout', 'treatment', null),
  account_experiment: oneOf('all', null, null),
  account_arm: oneOf('holdout', 'treatment'),
  code: oneOf('some-code', null),
  attributes: oneOf('{"plan":"gold"}', '{"plan":""}', null),
  email_hash: oneOf('h', null),
  customer_hash: oneOf('h', null, null),
});

const names = (report: string) => [...(reports[report]?.dimensions.map(({ name }) => name) ?? []), 'attr.plan'];

const anyRequest = (report: string) =>
  fc.record({
    from: fc.integer({ min: NOON - 60 * HOUR, max: NOON + 12 * HOUR }),
    hours: fc.integer({ min: 1, max: 90 }),
    tz: oneOf('UTC', 'America/Los_Angeles', 'Asia/Kathmandu'),
    by: fc.uniqueArray(oneOf(...names(report)), { maxLength: 3 }),
    filters: fc.dictionary(
      oneOf('campaign', 'arm', 'link_no', 'attr.plan', 'experiment'),
      fc.uniqueArray(oneOf('a', 'holdout', '1', '2', 'gold', 'e1', ''), { minLength: 1, maxLength: 3 }),
      { maxKeys: 2 },
    ),
  });

const RECOUNTS = { recipients: recountRecipients, experiments: recountAssignments };

test.each(['recipients', 'experiments'] as const)(
  'any mintings come in report %s to what a recount comes to',
  {
    timeout: 60_000,
  },
  async (name) => {
    const given = fc.array(anyRecipient, { minLength: 1, maxLength: 40 });
    const asked = fc.array(anyRequest(name), { minLength: 10, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(given, asked, async (people, requests) => {
        const recipients = people.map((one, at) =>
          recipientOf({ ...one, minted_at: NOON - 48 * HOUR + ((at * 7) % 24) * 4 * HOUR + at }),
        );
        const lakeDir = temporaryFolder('people');
        await writeMintings(
          lakeDir,
          recipients.flatMap((recipient, at): Minting[] => {
            const first = { recipient, dt: utcDay(recipient.minted_at, at % 3) };
            return at % 4 === 0 ? [first, { recipient, dt: utcDay(recipient.minted_at) }] : [first];
          }),
        );
        const lake = await openLake({ lakeDir });
        try {
          for (const { from, hours, ...rest } of requests) {
            const request: ReportRequest = { ...ASKED, ...rest, from, to: from + hours * HOUR };
            const rows = await shownRows(lake, name, request);
            expect(sorted(rows.map(counted))).toEqual(sorted(RECOUNTS[name](recipients, request)));
            sharesAddUp(rows, name);
          }
        } finally {
          lake.close();
          rmSync(lakeDir, { recursive: true });
        }
      }),
      { numRuns: 15 },
    );
  },
);

/** A row without what is worked out from its counts. */
function counted({ share: _, planned_share: __, srm_p: ___, srm: ____, ...row }: Row): Row {
  return row;
}

function sharesAddUp(rows: readonly Row[], name: string): void {
  if (name !== 'experiments') return;
  const dimensions = ({ arm: _, assigned: __, share: ___, with_identity: ____, ...rest }: Row) => JSON.stringify(rest);
  for (const group of Map.groupBy(
    rows.filter(({ is_total }) => !is_total),
    dimensions,
  ).values())
    expect(group.reduce((sum, { share }) => sum + Number(share), 0)).toBeCloseTo(1);
}

function sorted(rows: readonly Row[]): string[] {
  return rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
}
