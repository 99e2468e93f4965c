import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { openLake } from '../../sql/duckdb.ts';
import { temporaryFolder } from './lake-writer.ts';
import { type SendRow, sendOf, writeSends } from './sends-sample.ts';

const NOON = Date.UTC(2026, 5, 15, 12);
const MINUTE = 60_000;
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

type Row = Record<string, unknown>;

async function rowsOf(rows: readonly SendRow[], sql = 'select * from send_states order by id, dt'): Promise<Row[]> {
  const lakeDir = temporaryFolder('states');
  folders.push(lakeDir);
  await writeSends(lakeDir, rows);
  const lake = await openLake({ lakeDir });
  try {
    return await lake.run({ sql, parameters: [] });
  } finally {
    lake.close();
  }
}

const told = (type: string, more: Partial<SendRow> = {}) => sendOf({ id: 'm', type, ts: NOON, ...more });

/** What AWS tells at the end: the carrier took it. */
const accepted = (id: string, country: string, more: Partial<SendRow> = {}) =>
  sendOf({ id, type: 'sent', is_final: true, detail: 'SUCCESSFUL', provider: 'aws-sms', country, ...more });

describe('the state of a message', () => {
  test.each([
    [['queued'], 'queued', false],
    [['queued', 'sent'], 'sent', false],
    [['sent', 'failed'], 'failed', true],
    [['delivered'], 'delivered', true],
    [['failed', 'delivered', 'sent', 'queued'], 'delivered', true],
    [['opt_out'], null, false],
    [['opt_out', 'sent', 'opt_in'], 'sent', false],
  ] as const)('of %j is %s', async (types, state, settled) => {
    const [row, ...others] = await rowsOf(types.map((type) => told(type)));
    expect(others).toEqual([]);
    expect([row?.state, row?.is_settled]).toEqual([state, settled]);
  });

  test('is the same in whatever order the states arrive and however often', async () => {
    const states = [
      told('queued', { ts: NOON }),
      told('sent', { ts: NOON + MINUTE }),
      told('failed', { ts: NOON + 2 * MINUTE }),
      told('delivered', { ts: NOON + 3 * MINUTE }),
      told('opt_out', { ts: NOON + 4 * MINUTE }),
    ];
    const arrivals = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 });
    const sample = fc.sample(fc.tuple(arrivals, arrivals), { numRuns: 40, seed: 1 });
    const rows = sample.flatMap(([order, again], at) =>
      [...order, ...again.slice(0, 2)].map((which, place) => ({
        ...(states[which] as SendRow),
        id: `m${at}`,
        received_at: NOON + place * 1_000,
      })),
    );
    const found = await rowsOf(
      rows,
      'select distinct state, delivery, sent_at, delivered_at, failed_at, opted_out_at from send_states',
    );
    expect(found).toEqual([
      {
        state: 'delivered',
        delivery: 'receipt',
        sent_at: NOON + MINUTE,
        delivered_at: NOON + 3 * MINUTE,
        failed_at: NOON + 2 * MINUTE,
        opted_out_at: NOON + 4 * MINUTE,
      },
    ]);
  });

  test('takes each field from the newest row that has it, and a provider’s price before the list’s', async () => {
    const [row] = await rowsOf([
      told('sent', {
        campaign_id: 'a',
        parts: 1,
        price_micros: 100,
        currency: 'USD',
        price_kind: 'told',
        received_at: NOON,
      }),
      told('sent', {
        campaign_id: 'b',
        parts: 2,
        price_micros: 9,
        currency: 'EUR',
        price_kind: 'list',
        received_at: NOON + 1,
      }),
      told('delivered', {
        country: 'US',
        price_micros: 120,
        currency: 'USD',
        price_kind: 'told',
        received_at: NOON + 2,
      }),
    ]);
    expect(row).toMatchObject({ campaign_id: 'b', parts: 2, country: 'US', price_micros: 120, price_kind: 'told' });
  });

  test('was sent when it was handed over, else when a row says sent, else at the first state', async () => {
    const rows = await rowsOf([
      told('sent', { id: '1', ts: NOON + MINUTE, requested_at: NOON }),
      told('queued', { id: '2', ts: NOON }),
      told('sent', { id: '2', ts: NOON + MINUTE }),
      told('delivered', { id: '3', ts: NOON + 2 * MINUTE }),
      told('opt_out', { id: '4' }),
    ]);
    expect(rows.map(({ sent_at }) => sent_at)).toEqual([NOON, NOON + MINUTE, NOON + 2 * MINUTE, null]);
  });
});

describe('a carrier that says no more', () => {
  test('delivers where its country gives no receipts, and does not where one does', async () => {
    const rows = await rowsOf([
      accepted('us', 'US'),
      accepted('de', 'DE'),
      accepted('de-2', 'DE'),
      sendOf({ id: 'de-2', type: 'delivered', provider: 'aws-sms', country: 'DE' }),
      accepted('api', 'DE', { provider: 'api' }),
    ]);
    expect(rows.map(({ id, state, delivery, is_settled }) => [id, state, delivery, is_settled])).toEqual([
      ['api', 'delivered', 'carrier', true],
      ['de', 'sent', null, true],
      ['de-2', 'delivered', 'receipt', true],
      ['us', 'delivered', 'carrier', true],
    ]);
    expect(rows.at(-1)?.delivered_at).toBe(NOON);
  });

  test('does not deliver what failed, what may still change, or what is unknown', async () => {
    const rows = await rowsOf([
      accepted('failed', 'US'),
      sendOf({ id: 'failed', type: 'failed', provider: 'aws-sms', country: 'US' }),
      accepted('open', 'US', { is_final: false }),
      accepted('unknown', 'US', { detail: 'UNKNOWN' }),
    ]);
    expect(rows.map(({ id, state, is_settled }) => [id, state, is_settled])).toEqual([
      ['failed', 'failed', true],
      ['open', 'sent', false],
      ['unknown', 'sent', true],
    ]);
  });
});

test('sends has one row for each id and type: a final one, else the newest', async () => {
  const rows = await rowsOf(
    [
      told('sent', { received_at: NOON, detail: 'first' }),
      told('sent', { received_at: NOON + 1, detail: 'second' }),
      told('delivered', { received_at: NOON, is_final: true, detail: 'final' }),
      told('delivered', { received_at: NOON + 1, is_final: false, detail: 'newer' }),
      told('delivered', { received_at: NOON + 86_400_000, detail: 'next day' }),
    ],
    'select type, detail, told_time, dt from sends order by dt, type',
  );
  expect(rows.map(({ type, detail, dt }) => [type, detail, dt])).toEqual([
    ['delivered', 'final', '2026-06-15'],
    ['sent', 'second', '2026-06-15'],
    ['delivered', 'next day', '2026-06-16'],
  ]);
  expect(rows[0]?.told_time).toBe('2026-06-15T12:00:00.000Z');
});
