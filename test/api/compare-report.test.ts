import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DuckDbEngine } from '../../local/reports.ts';
import { entryOf, HOUR, NOW, writeReceived } from '../sql/attribution/sample.ts';
import { clickOf, writeClicks } from '../sql/clicks-sample.ts';
import { temporaryFolder } from '../sql/lake-writer.ts';
import { startApi } from '../support/api.ts';

const lakeDir = temporaryFolder('api-compare');
let engine: DuckDbEngine;
let api: Awaited<ReturnType<typeof startApi>>;

/** Forty people who clicked a message an hour before they bought, each for so much. */
const told = (message_id: string, first: number, spent: number) => {
  const people = Array.from({ length: 40 }, (_, at) => first + at);
  const ts = NOW - HOUR;
  return {
    clicks: people.map((no) => clickOf({ subscriber_no: no, link_no: 1, click_id: `c${no}`, ts, message_id })),
    orders: people.map((no) =>
      entryOf({
        conversion_id: `o${no}`,
        match: 'click_id',
        click_id: `c${no}`,
        clicked_at: ts,
        subscriber_no: no,
        revenue_minor: spent + ((no * 37) % 400),
      }),
    ),
  };
};

beforeAll(async () => {
  const stories = [told('w1', 100, 900), told('w2', 200, 2_900), told('w3', 300, 905)];
  await writeClicks(lakeDir, [
    ...stories.flatMap(({ clicks }) => clicks),
    ...Array.from({ length: 31 }, (_, at) =>
      clickOf({ subscriber_no: 500, link_no: 1, ts: NOW - 3 * HOUR, creative: `v${at}`, message_id: 'w4' }),
    ),
  ]);
  await writeReceived(
    lakeDir,
    'conversions',
    stories.flatMap(({ orders }) => orders),
  );
  engine = await DuckDbEngine.open(lakeDir);
  api = await startApi({ queryEngine: engine, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 10)) });
  api.clock.now = NOW + HOUR;
});

afterAll(async () => {
  engine.close();
  await api.close();
  rmSync(lakeDir, { recursive: true });
});

const compare = async (query: string) =>
  (await api.call('GET', `/v1/reports/compare?by=message&filter.message=w1,w2,w3&metric=rpc&${query}`)).body;
const pairsOf = (rows: readonly Record<string, unknown>[]) => rows.map(({ a, b }) => [a, b].toSorted().join(' '));

test.each([1, 2, 3, 500])('pages of %i pairs are all pairs, each once, adjusted for all', async (limit) => {
  const rows: Record<string, unknown>[] = [];
  const sizes: number[] = [];
  for (let cursor = ''; ; ) {
    const { rows: page, meta } = await compare(`limit=${limit}${cursor && `&cursor=${cursor}`}`);
    rows.push(...page);
    sizes.push(page.length);
    expect(meta).toMatchObject({ total: null, warnings: [] });
    if (meta.next_cursor === null) break;
    cursor = meta.next_cursor;
  }
  expect(sizes.slice(0, -1).every((size) => size === limit)).toBe(true);
  expect(pairsOf(rows).toSorted()).toEqual(['w1 w2', 'w1 w3', 'w2 w3']);
  // Of three p-values the greatest stays, the least is three times as great, or as its neighbour.
  const last = rows.at(-1);
  expect(pairsOf([last ?? {}])).toEqual(['w1 w3']);
  expect([last?.p_adjusted, last?.verdict]).toEqual([last?.p_value, 'no difference']);
  expect(rows.slice(0, 2).map(({ verdict }) => verdict)).toEqual(['w2', 'w2']);
});

test('more than 30 groups are told in meta, with those that are compared', async () => {
  const { body } = await api.call('GET', '/v1/reports/compare?by=creative&metric=rpc&limit=5');
  expect(body.rows).toHaveLength(5);
  expect(body.meta.warnings).toEqual([
    { path: 'by', code: 'too_many_groups', message: expect.stringMatching(/^more than 30 groups have a rpc.*\bv0;/) },
  ]);
});
