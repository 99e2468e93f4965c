import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DuckDbEngine } from '../../local/reports.ts';
import { clickOf, writeClicks } from '../sql/clicks-sample.ts';
import { temporaryFolder } from '../sql/lake-writer.ts';
import { recipientOf, writeRecipients } from '../sql/recipients-sample.ts';
import { startApi } from '../support/api.ts';

const NOON = Date.parse('2026-06-01T12:00:00Z');
const DAY = 86_400_000;
const lakeDir = temporaryFolder('api-people');
let engine: DuckDbEngine;
let api: Awaited<ReturnType<typeof startApi>>;

const inArm = (arm: string, count: number, first: number) =>
  Array.from({ length: count }, (_, at) =>
    recipientOf({
      minted_at: NOON - 30 * DAY,
      subscriber_no: first + at,
      experiment: 'e1',
      arm,
      code: arm === 'holdout' ? null : 'x',
      attributes: at % 2 ? '{"home.state":"CA"}' : null,
    }),
  );

beforeAll(async () => {
  await writeRecipients(lakeDir, [...inArm('treatment', 40, 1), ...inArm('holdout', 40, 100)]);
  await writeClicks(lakeDir, [
    ...[1, 2, 2, 99].map((subscriber_no) => clickOf({ link_no: 1, subscriber_no, ts: NOON - DAY })),
    clickOf({ ts: NOON - DAY }),
  ]);
  engine = await DuckDbEngine.open(lakeDir);
  api = await startApi({ queryEngine: engine, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 10)) });
  const arms = [
    { name: 'treatment', share: 0.9 },
    { name: 'holdout', share: 0.1 },
  ];
  const made = await api.call('PUT', '/v1/experiments/e1', { body: { arms } });
  expect(made.status).toBe(201);
});

afterAll(async () => {
  engine.close();
  await api.close();
  rmSync(lakeDir, { recursive: true });
});

test('clicks come by arm and by a column of the list, under the names asked for', async () => {
  const { status, body } = await api.call('GET', '/v1/reports/clicks?by=arm,attr.home.state');
  expect(status).toBe(200);
  expect(body.rows).toEqual([
    expect.objectContaining({ arm: 'treatment', 'attr.home.state': 'CA', clicks_human: 2, clicks_unique: 1 }),
    expect.objectContaining({ arm: null, 'attr.home.state': null, clicks_human: 2, clicks_unique: 1 }),
    expect.objectContaining({ arm: 'treatment', 'attr.home.state': null, clicks_human: 1, clicks_unique: 1 }),
  ]);
  expect(body.meta.total).toMatchObject({ clicks_human: 5, 'attr.home.state': null });
  const filtered = await api.call('GET', '/v1/reports/clicks?filter.attr.home.state=CA&filter.arm=treatment');
  expect(filtered.body.rows).toEqual([expect.objectContaining({ clicks_total: 2 })]);
});

test('who was minted comes by arm, and the mint is the clock', async () => {
  const { body } = await api.call('GET', '/v1/reports/recipients?by=arm&from=2026-05-01&basis=mint');
  expect(body.rows).toEqual([
    expect.objectContaining({ arm: 'holdout', recipients: 40, subscribers: 40, holdout: 40, with_identity: 0 }),
    expect.objectContaining({ arm: 'treatment', recipients: 40, holdout: 0 }),
  ]);
  expect(body.meta).toMatchObject({ basis: 'mint', total: { recipients: 80, subscribers: 80 } });
  expect((await api.call('GET', '/v1/reports/recipients')).body.rows).toEqual([
    expect.objectContaining({ recipients: 0 }),
  ]);
  const clicked = await api.call('GET', '/v1/reports/recipients?basis=click');
  expect(clicked.body.errors).toEqual([
    expect.objectContaining({ path: 'basis', message: 'must be mint for this report' }),
  ]);
});

test('an experiment out of proportion says so, over its whole life unless a range is named', async () => {
  const { body } = await api.call('GET', '/v1/reports/experiments?limit=1');
  expect(body.rows).toEqual([
    expect.objectContaining({
      experiment: 'e1',
      arm: 'holdout',
      assigned: 40,
      share: 0.5,
      planned_share: 0.1,
      srm: true,
    }),
  ]);
  expect(body.rows[0].srm_p).toBeLessThan(1e-10);
  expect(body.meta.from).toBe('1970-01-01T00:00:00.000Z');
  const { body: second } = await api.call('GET', `/v1/reports/experiments?limit=1&cursor=${body.meta.next_cursor}`);
  expect(second.rows).toEqual([expect.objectContaining({ arm: 'treatment', assigned: 40, srm: true })]);
  expect(second.meta.next_cursor).toBeNull();
  expect((await api.call('GET', '/v1/reports/experiments?to=2026-04-01')).body.rows).toEqual([]);
});

test('each figure of a row is told in meta.columns', async () => {
  for (const name of ['clicks', 'recipients', 'experiments']) {
    const { body } = await api.call('GET', `/v1/reports/${name}?by=arm&from=2026-05-01`);
    const told = body.meta.columns.map((column: { name: string }) => column.name);
    expect(Object.keys(body.rows[0]).filter((key) => !['experiment', 'arm'].includes(key))).toEqual(
      told.filter((column: string) => column !== 'is_total'),
    );
  }
});

test('a name that is no attribute is refused with what is known', async () => {
  const { status, body } = await api.call('GET', `/v1/reports/clicks?by=attr.&filter.attr.a%20b=x`);
  expect(status).toBe(422);
  expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(['by', 'filter.attr.a b']);
  expect(body.errors[0].message).toContain('attr.<name>');
});
