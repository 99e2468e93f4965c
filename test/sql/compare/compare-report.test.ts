import { rmSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { benjaminiHochberg } from '../../../lambdas/core/statistics/multiple.ts';
import { clusterSums, ratioDifference } from '../../../lambdas/core/statistics/ratio.ts';
import { finishReport, renderReport, reports } from '../../../sql/catalog.ts';
import { openLake } from '../../../sql/duckdb.ts';
import { reportRows, requestOf } from '../attribution/asked.ts';
import { entryOf, HOUR, importedOf, NOW, writeReceived } from '../attribution/sample.ts';
import { clickOf, writeClicks } from '../clicks-sample.ts';
import { temporaryFolder } from '../lake-writer.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** What each subscriber of a creative clicked and spent, minor units. */
type Story = Readonly<Record<string, readonly (readonly [clicks: number, spent: number])[]>>;

async function told(story: Story): Promise<string> {
  const lakeDir = temporaryFolder('compare');
  folders.push(lakeDir);
  const people = Object.entries(story).flatMap(([creative, all]) => all.map((one) => ({ creative, one })));
  const clicks = people.flatMap(({ creative, one: [count] }, at) =>
    Array.from({ length: count }, (_, no) =>
      clickOf({ creative, subscriber_no: at + 1, link_no: 1, click_id: `c${at}-${no}`, ts: NOW - 2 * HOUR + no }),
    ),
  );
  const orders = people.flatMap(({ one: [count, spent] }, at) =>
    count > 0 && spent > 0
      ? [
          entryOf({
            conversion_id: `o${at}`,
            match: 'click_id',
            click_id: `c${at}-0`,
            clicked_at: NOW - 2 * HOUR,
            subscriber_no: at + 1,
            revenue_minor: spent,
          }),
        ]
      : [],
  );
  await writeClicks(lakeDir, clicks);
  await writeReceived(lakeDir, 'conversions', orders);
  return lakeDir;
}

const people = (count: number, of: (at: number) => readonly [number, number]) =>
  Array.from({ length: count }, (_, at) => of(at));

const STORY: Story = {
  plain: people(60, (at) => [1 + (at % 2), at % 4 === 0 ? 900 + at : 0]),
  bold: people(60, (at) => [1 + (at % 3), at % 2 === 0 ? 2_900 + at : 0]),
  quiet: people(60, (at) => [1, at % 5 === 0 ? 850 + at : 0]),
  rare: people(20, () => [1, 5_000]),
};
const ASKED = { by: ['creative'], basis: 'click', metric: 'rpc' };

test('pairs are told from chance by clustered intervals and p-values adjusted for their number', async () => {
  const rows = await reportRows('compare', await told(STORY), ASKED);
  const input = (name: string) => ({
    sums: clusterSums((STORY[name] ?? []).map(([clicks, spent]) => [spent / 100, clicks] as const)),
    conversions: (STORY[name] ?? []).filter(([, spent]) => spent > 0).length,
  });
  const pairs = ['bold', 'plain', 'quiet', 'rare'].flatMap((a, at, all) =>
    all.slice(at + 1).map((b) => [a, b] as const),
  );
  const tests = pairs.map(([a, b]) => ratioDifference(input(a), input(b)));
  const adjusted = benjaminiHochberg(tests.map((one) => one?.p ?? null));
  expect(rows).toHaveLength(6);
  for (const [at, [a, b]] of pairs.entries()) {
    const row = rows.find((one) => [one.a, one.b].includes(a) && [one.a, one.b].includes(b));
    expect(Math.abs(Number(row?.diff))).toBeCloseTo(Math.abs(tests[at]?.value ?? 0), 9);
    if (adjusted[at] === null)
      expect(row).toMatchObject({ p_value: null, p_adjusted: null, verdict: 'not enough data' });
    else expect(row?.p_adjusted).toBeCloseTo(adjusted[at] ?? 0, 9);
    expect(Number(row?.diff)).toBeGreaterThanOrEqual(0);
  }
  expect(rows[0]).toMatchObject({ metric: 'rpc', a: 'bold', verdict: 'bold' });
  expect(rows.filter(({ verdict }) => verdict === 'no difference')).toHaveLength(1);
  expect(rows.filter(({ a }) => a === 'rare').every(({ verdict }) => verdict === 'not enough data')).toBe(true);
});

test('pages are of pairs: together they are all pairs, adjusted for the number of all', async () => {
  const lakeDir = await told(STORY);
  const all = await reportRows('compare', lakeDir, ASKED);
  const page = (offset: number, limit: number) => reportRows('compare', lakeDir, { ...ASKED, offset, limit });
  // One row more than the page tells that there is another.
  expect(await page(0, 1)).toEqual(all.slice(0, 2));
  expect(await page(2, 2)).toEqual(all.slice(2, 5));
  expect(await page(4, 2)).toEqual(all.slice(4));
  expect(all).toHaveLength(6);
});

test('of more than 30 groups the first 30 that have a value are compared, and it is said which', async () => {
  const creatives = Array.from({ length: 31 }, (_, at) => `c${String(at).padStart(2, '0')}`);
  const story = Object.fromEntries(creatives.map((creative, at) => [creative, people(2, () => [1, 1_000 - at])]));
  const lakeDir = await told({ ...story, none: people(1, () => [0, 0]) });
  // Money without a click: first by revenue, and no value to compare.
  await writeReceived(lakeDir, 'touches', [importedOf({ subscriber_no: 900, creative: 'mail', ts: NOW - HOUR })]);
  await writeReceived(lakeDir, 'conversions', [
    entryOf({ conversion_id: 'mail', subscriber_no: 900, revenue_minor: 99_000 }),
  ]);
  const request = requestOf({ ...ASKED, limit: 500 });
  const lake = await openLake({ lakeDir });
  const found = await lake.run(renderReport('compare', request)).finally(() => lake.close());
  const rows = await finishReport('compare', request, found, { plannedArms: async () => new Map() });
  expect(rows).toHaveLength((30 * 29) / 2);
  expect(new Set(rows.flatMap(({ a, b }) => [a, b]))).toEqual(new Set(creatives.slice(0, 30)));
  const [warning, ...others] = reports.compare?.warn?.(found, request) ?? [];
  expect(others).toEqual([]);
  expect(warning).toMatchObject({ path: 'by', code: 'too_many_groups' });
  expect(warning?.message).toContain(`more than 30 groups have a rpc`);
  expect(warning?.message).toContain(`(${creatives.slice(0, 30).join('; ')})`);
  expect(
    reports.compare?.warn?.(
      found.filter(({ creative }) => creative !== 'c07'),
      request,
    ),
  ).toEqual([]);
});

test('where less is better the cheaper group comes first', async () => {
  const lakeDir = await told(STORY);
  const rows = await reportRows('compare', lakeDir, { ...ASKED, metric: 'reversal_rate' });
  expect(rows.every(({ value_a, value_b }) => Number(value_a) <= Number(value_b))).toBe(true);
  expect(() => renderReport('compare', requestOf({ ...ASKED, metric: 'luck' }))).toThrow('there is no metric luck');
});

test('currencies that the rates do not bring together are not compared', async () => {
  const lakeDir = await told({ plain: people(40, () => [1, 100]) });
  await writeClicks(
    lakeDir,
    people(40, () => [1, 0]).map((_, at) =>
      clickOf({ creative: 'euro', subscriber_no: 500 + at, link_no: 1, click_id: `e${at}`, ts: NOW - HOUR }),
    ),
  );
  await writeReceived(
    lakeDir,
    'conversions',
    people(40, () => [1, 0]).map((_, at) =>
      entryOf({
        conversion_id: `euro-${at}`,
        match: 'click_id',
        click_id: `e${at}`,
        clicked_at: NOW - HOUR,
        subscriber_no: 500 + at,
        currency: 'EUR',
      }),
    ),
  );
  expect(await reportRows('compare', lakeDir, ASKED)).toEqual([
    expect.objectContaining({ value_a: 49.9, value_b: 1, diff: null, verdict: 'not enough data' }),
  ]);
  const [row] = await reportRows('compare', lakeDir, { ...ASKED, metric: 'ctcr' });
  expect(row).toMatchObject({ value_a: 1, value_b: 1, diff: 0 });
});
