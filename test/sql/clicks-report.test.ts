import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { ClickRecord } from '../../lambdas/contract/clicks.ts';
import { finishReport, type ReportRequest, ReportRequestError, renderReport, reports } from '../../sql/catalog.ts';
import { type Lake, openLake } from '../../sql/duckdb.ts';
import { clickOf, type Delivered, utcDay, writeClicks, writeDelivered } from './clicks-sample.ts';
import { temporaryFolder } from './lake-writer.ts';
import { type Minting, type Recipient, recipientOf, writeMintings, writeRecipients } from './recipients-sample.ts';
import { recount } from './recount.ts';

const NOON = Date.UTC(2026, 5, 15, 12);
const HOUR = 3_600_000;
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folder(): string {
  const made = temporaryFolder('report');
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

async function report(lakeDir: string, asked: Partial<ReportRequest> = {}): Promise<Record<string, unknown>[]> {
  const lake = await openLake({ lakeDir });
  try {
    return await shownRows(lake, { ...ASKED, ...asked });
  } finally {
    lake.close();
  }
}

async function shownRows(lake: Lake, request: ReportRequest): Promise<Record<string, unknown>[]> {
  const rows = await lake.run(renderReport('clicks', request));
  return [...(await finishReport('clicks', request, rows, { plannedArms: async () => new Map() }))];
}

const total = async (lakeDir: string, asked: Partial<ReportRequest> = {}) => (await report(lakeDir, asked))[0];

test('an empty lake has a total of zero and no group', async () => {
  expect(await report(folder(), { by: ['campaign'] })).toEqual([
    expect.objectContaining({ is_total: true, clicks_total: 0, clicks_unique: 0, campaign: null, campaign_id: null }),
  ]);
});

test('total is human, suspect and bot; anonymous are people without a subscriber; unique is per subscriber and campaign', async () => {
  const lakeDir = folder();
  const person = { subscriber_no: 7, campaign_id: 'a' };
  await writeClicks(lakeDir, [
    clickOf(person),
    clickOf(person),
    clickOf({ ...person, campaign_id: 'b' }),
    clickOf({ ...person, campaign_id: null }),
    clickOf({ subscriber_no: 8, campaign_id: 'a', actor: 'bot', reasons: ['ua_known_bot'] }),
    clickOf({ subscriber_no: 9, campaign_id: 'a', actor: 'suspect' }),
    clickOf(),
  ]);
  expect(await total(lakeDir)).toEqual({
    clicks_total: 7,
    clicks_human: 5,
    clicks_suspect: 1,
    clicks_bot: 1,
    clicks_unique: 3,
    clicks_anonymous: 1,
    first_clicks: null,
    is_total: true,
  });
});

test('fallbacks of known codes count; unknown codes only under outcome; validation pages never', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [
    clickOf(),
    clickOf({ outcome: 'fallback:paused' }),
    clickOf({ outcome: 'fallback:unknown', code_kind: 'unknown', link_no: null }),
    clickOf({ outcome: 'fallback:unavailable', code_kind: 'unknown', link_no: null }),
    clickOf({ outcome: 'fallback:unavailable' }),
    clickOf({ outcome: 'validation' }),
    clickOf({ outcome: 'confirmed' }),
  ]);
  expect((await total(lakeDir))?.clicks_total).toBe(4);
  const rows = await report(lakeDir, { by: ['outcome'] });
  expect(rows.slice(1).map(({ outcome }) => outcome)).toEqual([
    'fallback:unavailable',
    'confirmed',
    'fallback:paused',
    'fallback:unknown',
    'redirected',
  ]);
  expect(rows[0]?.clicks_total).toBe(6);
});

test('a click delivered on both sides of midnight counts once, in the preferred form', async () => {
  const lakeDir = folder();
  const click = clickOf({ ts: Date.UTC(2026, 5, 15, 23, 59, 59, 999) });
  await writeDelivered(lakeDir, [
    { click: { ...click, recovered: true, actor: 'bot' }, dt: '2026-06-15' },
    { click, dt: '2026-06-16' },
    { click, dt: '2026-06-16' },
  ]);
  expect(await total(lakeDir)).toMatchObject({ clicks_total: 1, clicks_human: 1 });
});

test('the range takes its first millisecond and leaves its last out, whatever the day of arrival', async () => {
  const lakeDir = folder();
  const { from, to } = ASKED;
  await writeDelivered(
    lakeDir,
    [from - 1, from, to - 1, to].flatMap((ts) =>
      [-1, 0, 1, 7].map((days): Delivered => ({ click: clickOf({ ts }), dt: utcDay(ts, days) })),
    ),
  );
  // From one day before, since clocks differ, to seven days after, since a replayed click comes late.
  expect((await total(lakeDir))?.clicks_total).toBe(8);
});

test.each([
  ['UTC', '2026-06-15', 23, 1],
  ['Asia/Kolkata', '2026-06-16', 4, 2],
  ['America/New_York', '2026-06-15', 19, 1],
  ['Pacific/Chatham', '2026-06-16', 11, 2],
])('day, hour and weekday in %s', async (tz, day, hour_of_day, weekday) => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [clickOf({ ts: Date.UTC(2026, 5, 15, 23, 14, 59, 999) })]);
  expect((await report(lakeDir, { tz, by: ['day', 'hour_of_day', 'weekday'] }))[1]).toMatchObject({
    day,
    hour_of_day,
    weekday,
  });
});

test('the hour that daylight saving repeats is one hour of the day', async () => {
  const lakeDir = folder();
  const before = Date.UTC(2026, 9, 25, 0, 30);
  await writeClicks(lakeDir, [clickOf({ ts: before }), clickOf({ ts: before + HOUR })]);
  const rows = await report(lakeDir, {
    from: before - HOUR,
    to: before + 3 * HOUR,
    tz: 'Europe/Berlin',
    by: ['hour_of_day'],
  });
  expect(rows.slice(1)).toEqual([expect.objectContaining({ hour_of_day: 2, clicks_total: 2 })]);
});

test('by reason a click counts under the weightiest, so that groups add up', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [
    clickOf(),
    clickOf({ actor: 'bot', reasons: ['method_head', 'ua_known_bot'] }),
    clickOf({ actor: 'bot', reasons: ['ua_known_bot', 'prefetch_header'] }),
  ]);
  const rows = await report(lakeDir, { by: ['reason'] });
  expect(rows.map(({ reason, clicks_total }) => [reason, clicks_total])).toEqual([
    [null, 3],
    [null, 1],
    ['method_head', 1],
    ['ua_known_bot', 1],
  ]);
  expect((await total(lakeDir, { filters: { reason: ['ua_known_bot', 'prefetch_header'] } }))?.clicks_total).toBe(1);
});

test('a row without a list of reasons is not lost under reason', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [{ ...clickOf(), reasons: null } as unknown as ClickRecord]);
  expect((await report(lakeDir, { by: ['reason'] })).map(({ clicks_total }) => clicks_total)).toEqual([1, 1]);
});

test('short names work like the ids, and rows carry both', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [clickOf({ campaign_id: 'a', subscriber_no: 1 }), clickOf({ campaign_id: 'b' })]);
  const rows = await report(lakeDir, { by: ['link', 'campaign', 'campaign_id'], filters: { campaign: ['a'] } });
  expect(rows).toHaveLength(2);
  expect(rows[1]).toMatchObject({
    link: 4_194_304,
    link_no: 4_194_304,
    campaign: 'a',
    campaign_id: 'a',
    first_clicks: 1,
  });
});

test('the empty text in a filter stands for rows without a value; an empty list restricts nothing', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [clickOf({ creative: 'v1' }), clickOf(), clickOf({ creative: 'v2' })]);
  expect((await total(lakeDir, { filters: { creative: ['', 'v2'] } }))?.clicks_total).toBe(2);
  expect((await total(lakeDir, { filters: { creative: [] } }))?.clicks_total).toBe(3);
});

test('pages are disjoint and complete, and each has the total', async () => {
  const lakeDir = folder();
  await writeClicks(
    lakeDir,
    Array.from({ length: 7 }, (_, at) => clickOf({ creative: `v${at}` })),
  );
  const pages = await Promise.all([0, 3, 6].map((offset) => report(lakeDir, { by: ['creative'], limit: 3, offset })));
  expect(pages.map((rows) => rows[0]?.is_total)).toEqual([true, true, true]);
  const creatives = pages.flatMap((rows) => rows.slice(1).map(({ creative }) => creative));
  expect(creatives).toEqual(['v0', 'v1', 'v2', 'v3', 'v4', 'v5', 'v6']);
});

test('values reach the engine as parameters only', async () => {
  const hostile = `x') or true --`;
  const { sql, parameters } = renderReport('clicks', { ...ASKED, filters: { creative: [hostile] } });
  expect(sql).not.toContain(hostile);
  expect(sql.split('?')).toHaveLength(parameters.length + 1);
  const lakeDir = folder();
  await writeClicks(lakeDir, [clickOf({ creative: 'v1' })]);
  expect((await total(lakeDir, { filters: { creative: [hostile] } }))?.clicks_total).toBe(0);
});

test('what the report does not have is refused', () => {
  for (const name of [
    'attr.',
    'attr.a b',
    `attr.x') --`,
    'attr_0',
    'channel',
    'constructor',
    'click_id; drop table x',
  ]) {
    expect(() => renderReport('clicks', { ...ASKED, by: [name] })).toThrow(ReportRequestError);
    expect(() => renderReport('clicks', { ...ASKED, filters: { [name]: ['x'] } })).toThrow(ReportRequestError);
  }
  expect(() => renderReport('toString', ASKED)).toThrow(ReportRequestError);
});

test('arm, experiment, subscriber and attributes are those of the first minting on the link, however long ago', async () => {
  const lakeDir = folder();
  const old = recipientOf({
    subscriber_no: 7,
    arm: 'treatment',
    experiment: 'e1',
    attributes: '{"plan":"gold","Plan":"x"}',
    minted_at: NOON - 900 * 24 * HOUR,
  });
  await writeRecipients(lakeDir, [
    old,
    { ...old, minted_at: NOON - HOUR, attributes: '{"plan":"silver"}', arm: 'other' },
    recipientOf({ link_no: 2, subscriber_no: 7, arm: 'elsewhere' }),
    recipientOf({ subscriber_no: 8, arm: 'holdout', code: null }),
  ]);
  const on = { link_no: 1, subscriber_no: 7 };
  await writeClicks(lakeDir, [clickOf(on), clickOf(on), clickOf({ ...on, subscriber_no: 9 }), clickOf()]);
  const rows = await report(lakeDir, { by: ['experiment', 'arm', 'attr.plan', 'subscriber'] });
  expect(rows.slice(1)).toEqual([
    expect.objectContaining({
      experiment: 'e1',
      arm: 'treatment',
      'attr.plan': 'gold',
      subscriber_id: 's-7',
      subscriber: 's-7',
      clicks_human: 2,
      clicks_unique: 1,
    }),
    expect.objectContaining({ arm: null, 'attr.plan': null, subscriber_id: null, clicks_human: 2, clicks_unique: 1 }),
  ]);
  expect((await total(lakeDir, { filters: { 'attr.plan': ['gold'] } }))?.clicks_total).toBe(2);
  expect((await total(lakeDir, { filters: { 'attr.Plan': ['x'], arm: ['treatment'] } }))?.clicks_total).toBe(2);
  expect((await total(lakeDir, { filters: { arm: [''] } }))?.clicks_total).toBe(2);
});

test('who was drawn into an experiment by a later minting has its arm', async () => {
  const lakeDir = folder();
  const first = recipientOf({ attributes: '{"plan":"gold"}' });
  const drawn = { ...first, minted_at: first.minted_at + 1, attributes: null, experiment: 'e1', arm: 'b' };
  const account = { account_experiment: 'all', account_arm: 'treatment' };
  await writeRecipients(lakeDir, [first, { ...drawn, ...account }]);
  await writeClicks(lakeDir, [clickOf({ link_no: 1, subscriber_no: 1 })]);
  const [, row, ...others] = await report(lakeDir, { by: ['arm', 'account_arm', 'attr.plan'] });
  expect(row).toMatchObject({ arm: 'b', account_arm: 'treatment', 'attr.plan': 'gold', clicks_human: 1 });
  expect(others).toEqual([]);
});

test('recipients are read only where a dimension needs them, and names of attributes are parameters', () => {
  const sqlOf = (asked: Partial<ReportRequest>) => renderReport('clicks', { ...ASKED, ...asked });
  expect(sqlOf({ by: ['campaign', 'link'], filters: { os: ['ios'] } }).sql).not.toContain('recipients_raw');
  expect(sqlOf({ by: ['arm'] }).sql).toContain('recipients_raw');
  expect(sqlOf({ filters: { subscriber: ['x'] } }).sql).toContain('recipients_raw');
  const { sql, parameters } = sqlOf({ by: ['attr.home.state-2'] });
  expect(sql).not.toContain('state');
  expect(parameters).toContain('$["home.state-2"]');
});

const names = [
  ...(reports.clicks?.dimensions.map(({ name }) => name) ?? []),
  'attr.plan',
  'attr.home.state-2',
  'attr.0',
];
const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const BASE = Date.UTC(2026, 5, 15);

const anyClick = fc.record<Partial<ClickRecord>>({
  ts: fc.integer({ min: BASE - 26 * HOUR, max: BASE + 50 * HOUR }),
  campaign_id: oneOf('a', 'b', null),
  message_id: oneOf('m1', null),
  creative: oneOf('v1', 'v2', null),
  segment: oneOf('vip', null),
  offer_id: oneOf('o1', 'o2', null),
  partner: oneOf('p', null),
  link_no: oneOf(1, 2, null),
  subscriber_no: oneOf(1, 2, 3, null),
  country: oneOf('US', 'DE', null),
  region: oneOf('CA', null),
  os: oneOf('ios', 'android'),
  device: oneOf('mobile', 'desktop', null),
  domain: oneOf('go.brand.com', 'default'),
  actor: oneOf('human', 'suspect', 'bot'),
  outcome: oneOf('redirected', 'redirected', 'fallback:paused', 'fallback:unknown', 'validation'),
  code_kind: oneOf('slug', 'slug', 'unknown'),
  reasons: fc.uniqueArray(oneOf('ua_known_bot', 'method_head', 'prefetch_header'), { maxLength: 3 }),
});

const anyRecipient = fc.record<Partial<Recipient>>({
  link_no: oneOf(1, 2),
  subscriber_no: oneOf(1, 2, 3, 4),
  experiment: oneOf('e1', null),
  arm: oneOf('holdout', 'treatment', null),
  account_experiment: oneOf('all', null),
  account_arm: oneOf('holdout', 'treatment', null),
  code: oneOf('some-code', null),
  attributes: oneOf(
    '{"plan":"gold","home.state-2":"CA","0":"zero"}',
    '{"plan":"it’s \\"x\\"","home":"no","home.state-2":""}',
    '{}',
    null,
  ),
});

const anyRequest = fc.record({
  from: fc.integer({ min: BASE - 24 * HOUR, max: BASE + 12 * HOUR }),
  hours: fc.integer({ min: 1, max: 40 }),
  tz: oneOf('UTC', 'America/Los_Angeles', 'Asia/Kathmandu'),
  by: fc.uniqueArray(oneOf(...names), { maxLength: 3 }),
  filters: fc.dictionary(
    oneOf('campaign', 'os', 'reason', 'link_no', 'creative', 'hour_of_day', 'arm', 'subscriber', 'attr.plan', 'attr.0'),
    fc.uniqueArray(oneOf('a', 'ios', 'ua_known_bot', '1', 'v1', '', '13', 'holdout', 's-1', 'gold', 'zero'), {
      minLength: 1,
      maxLength: 3,
    }),
    { maxKeys: 2 },
  ),
});

test('any clicks, grouped and filtered in any way, come to what a recount by hand comes to', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyClick, { minLength: 1, maxLength: 40 }),
      fc.array(fc.nat(), { maxLength: 10 }),
      fc.array(anyRecipient, { maxLength: 12 }),
      fc.array(anyRequest, { minLength: 12, maxLength: 12 }),
      async (given, repeats, people, requests) => {
        const lakeDir = temporaryFolder('any');
        const clicks = given.map(clickOf);
        const again = repeats.map((at) => clicks[at % clicks.length] ?? clickOf());
        await writeDelivered(lakeDir, [
          ...clicks.map((click, at) => ({ click, dt: utcDay(click.ts, at % 2) })),
          ...again.map((click) => ({ click, dt: utcDay(click.ts) })),
        ]);
        // Long before, shortly before and during the range; each at a moment of its own, and some delivered twice.
        const recipients = people.map((one, at) =>
          recipientOf({ ...one, minted_at: BASE + (at % 3 === 0 ? -800 * 24 : (at % 3) * 20 - 20) * HOUR + at }),
        );
        await writeMintings(
          lakeDir,
          recipients.flatMap((recipient, at): Minting[] => {
            const first = { recipient, dt: utcDay(recipient.minted_at, at % 2) };
            return at % 4 === 0 ? [first, { recipient, dt: utcDay(recipient.minted_at) }] : [first];
          }),
        );
        const lake = await openLake({ lakeDir });
        try {
          for (const { from, hours, ...rest } of requests) {
            const request: ReportRequest = { ...ASKED, ...rest, from, to: from + hours * HOUR };
            const rows = await shownRows(lake, request);
            expect(sorted(rows)).toEqual(sorted(recount(clicks, request, recipients)));
          }
        } finally {
          lake.close();
          rmSync(lakeDir, { recursive: true });
        }
      },
    ),
    { numRuns: 20 },
  );
});

function sorted(rows: readonly Record<string, unknown>[]): string[] {
  return rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
}
