import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { type EventRecord, lakeTables } from '../../../lambdas/contract/lake.ts';
import { settingsInput } from '../../../lambdas/core/entities/settings.ts';
import { wilson } from '../../../lambdas/core/statistics/proportions.ts';
import { reports } from '../../../sql/catalog.ts';
import { reportRows } from '../attribution/asked.ts';
import { DAY, type Entry, entryOf, HOUR, NOW, writeReceived } from '../attribution/sample.ts';
import { utcDay } from '../clicks-sample.ts';
import { temporaryFolder, writeRows } from '../lake-writer.ts';

type Row = Record<string, unknown>;
type Message = EventRecord<'postbacks'>;

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
function folder(): string {
  const made = temporaryFolder('sources');
  folders.push(made);
  return made;
}

const messageOf = (given: Partial<Message>): Message => ({
  id: 'm1',
  received_at: NOW,
  source_id: 'shop',
  method: 'POST',
  query: null,
  content_type: null,
  headers: null,
  body: null,
  body_ref: null,
  is_pixel: false,
  body_signed: false,
  ...given,
});

async function writeMessages(lakeDir: string, messages: readonly Message[]): Promise<void> {
  for (const [dt, rows] of Map.groupBy(messages, ({ received_at }) => utcDay(received_at)))
    await writeRows(lakeDir, lakeTables.postbacks, dt, [...rows, ...rows]);
}

test('messages, what came of them, how much is matched and how late', async () => {
  const lakeDir = folder();
  await writeMessages(lakeDir, [
    messageOf({}),
    messageOf({ id: 'm2', received_at: NOW + HOUR }),
    messageOf({ id: 'm3' }),
  ]);
  const clicked = { match: 'click_id', click_id: 'c', clicked_at: NOW - HOUR };
  await writeReceived(lakeDir, 'conversions', [
    entryOf({ ...clicked, raw_ref: 'm1', received_at: NOW + 60_000 }),
    entryOf({ conversion_id: 'o2', match: 'none', raw_ref: 'm3', subscriber_no: null, status: 'rejected' }),
    entryOf({
      entry_id: 'o1-2',
      entry: 'refund',
      raw_ref: 'm1',
      occurred_at: NOW + HOUR,
      converted_at: NOW,
      received_at: NOW + 2 * HOUR,
    }),
    // The sale of this one lies before the range.
    entryOf({ conversion_id: 'old', entry_id: 'old-1', occurred_at: NOW - 9 * DAY, received_at: NOW - 9 * DAY }),
    entryOf({ conversion_id: 'old', entry_id: 'old-2', entry: 'chargeback', converted_at: NOW - 9 * DAY }),
  ]);
  const [total, row] = await reportRows('sources', lakeDir, { by: ['source'] });
  expect(row).toEqual({
    source: 'shop',
    messages: 3,
    messages_without_entry: 1,
    conversions: 2,
    rejected: 1,
    adjustments: 2,
    matched: 1,
    by_click: 1,
    by_promo: 0,
    by_identity: 0,
    conflicts: 0,
    match_rate: 0.5,
    match_rate_low: wilson({ count: 1, of: 2 })?.low,
    match_rate_high: wilson({ count: 1, of: 2 })?.high,
    click_delay_p50_s: 3_600,
    click_delay_p90_s: 3_600,
    arrival_delay_p50_s: 0,
    arrival_delay_p90_s: 60,
    last_seen: new Date(NOW + 2 * HOUR).toISOString(),
    is_total: false,
  });
  expect(total).toMatchObject({ ...row, source: null, is_total: true });
  const byStatus = await reportRows('sources', lakeDir, { by: ['status'] });
  expect(byStatus.map(({ status, messages, conversions }) => [status, messages, conversions])).toEqual([
    [null, null, 2],
    ['approved', null, 1],
    ['rejected', null, 1],
  ]);
});

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const hours = fc.integer({ min: -40, max: 40 });
const anyMessage = fc.record({ hours, source_id: oneOf('shop', 'network'), used: fc.boolean() });
const anyEntry = fc.record({
  hours,
  late: fc.integer({ min: 0, max: 5 }),
  source_id: oneOf('shop', 'network'),
  match: oneOf('click_id', 'promo_code', 'identity', 'none'),
  match_conflict: fc.boolean(),
  status: oneOf('approved', 'pending', 'rejected', 'reversed'),
  event: oneOf('sale', 'lead'),
  refunds: fc.integer({ min: 0, max: 2 }),
});

test('any messages and entries come to what a recount comes to', { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyMessage, { maxLength: 20 }),
      fc.array(anyEntry, { minLength: 1, maxLength: 20 }),
      fc.uniqueArray(oneOf('source', 'event', 'match', 'status'), { maxLength: 2 }),
      async (messages, orders, by) => {
        const lakeDir = temporaryFolder('sources');
        const entries = orders.flatMap(({ hours: at, late, refunds, ...given }, no): Entry[] => {
          const sale = entryOf({ ...given, conversion_id: `o${no}`, occurred_at: NOW + at * HOUR });
          const arrived = { ...sale, received_at: sale.occurred_at + late * HOUR, raw_ref: `m${no}` };
          const refund = (index: number) => ({
            ...arrived,
            entry: 'refund',
            entry_id: `o${no}-${index + 2}`,
            occurred_at: sale.occurred_at + index * HOUR,
          });
          return [arrived, ...Array.from({ length: refunds }, (_, index) => refund(index))];
        });
        // what came of a message was received when it was
        const receivedAt = new Map(entries.map(({ raw_ref, received_at }) => [raw_ref, received_at]));
        const given = messages.map(({ hours: at, source_id, used }, no) => {
          const id = used ? `m${no}` : `x${no}`;
          return messageOf({ id, received_at: receivedAt.get(id) ?? NOW + at * HOUR, source_id });
        });
        await writeMessages(lakeDir, given);
        await writeReceived(lakeDir, 'conversions', entries);
        const rows = await reportRows('sources', lakeDir, { by });
        expect(sorted(rows.map(counts))).toEqual(sorted(recount(given, entries, by)));
        rmSync(lakeDir, { recursive: true });
      },
    ),
    { numRuns: 12 },
  );
});

const isIn = (time: number) => time >= NOW - DAY / 2 && time < NOW + DAY / 2;

function recount(messages: readonly Message[], entries: readonly Entry[], by: readonly string[]): Row[] {
  const tells = by.every((name) => name === 'source');
  const facts = [
    ...messages.flatMap(({ id, received_at, source_id }) =>
      tells && isIn(received_at) ? [{ message: id, dimensions: { source: source_id } as Row, entry: null }] : [],
    ),
    ...entries.flatMap((entry) =>
      isIn(entry.occurred_at)
        ? [
            {
              message: null,
              dimensions: {
                source: entry.source_id,
                event: entry.event,
                match: entry.match,
                status: entry.status,
              } as Row,
              entry,
            },
          ]
        : [],
    ),
  ];
  const used = new Set(entries.map(({ raw_ref }) => raw_ref));
  const rowOf = (group: typeof facts, dimensions: Row) => {
    const sales = group.flatMap(({ entry }) => (entry?.entry === 'sale' ? entry : []));
    const told = group.flatMap(({ message }) => message ?? []);
    return {
      ...dimensions,
      messages: tells ? told.length : null,
      messages_without_entry: tells ? told.filter((id) => !used.has(id)).length : null,
      conversions: sales.length,
      rejected: sales.filter(({ status }) => ['rejected', 'reversed'].includes(status)).length,
      adjustments: group.filter(({ entry }) => entry && entry.entry !== 'sale').length,
      matched: sales.filter(({ match }) => match !== 'none').length,
      conflicts: sales.filter(({ match_conflict }) => match_conflict).length,
    };
  };
  const groups = Map.groupBy(facts, ({ dimensions }) => JSON.stringify(by.map((name) => dimensions[name] ?? null)));
  const rows = [...groups.values()].map((group) =>
    rowOf(group, Object.fromEntries(by.map((name) => [name, group[0]?.dimensions[name] ?? null]))),
  );
  const total = rowOf(facts, Object.fromEntries(by.map((name) => [name, null])));
  return by.length > 0 ? [...rows, total] : [total];
}

const KEPT = [
  'source',
  'event',
  'match',
  'status',
  'messages',
  'messages_without_entry',
  'conversions',
  'rejected',
  'adjustments',
  'matched',
  'conflicts',
];
const counts = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([name]) => KEPT.includes(name)));
const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort();

test('a rebill is a conversion of its source, and money but no count of performance: both definitions tell it', async () => {
  const lakeDir = folder();
  await writeReceived(lakeDir, 'conversions', [
    entryOf({}),
    entryOf({ conversion_id: 'o2', event: 'rebill' }),
    entryOf({ conversion_id: 'o3', status: 'rejected', revenue_minor: 0 }),
  ]);
  const [sources] = await reportRows('sources', lakeDir);
  const [performance] = await reportRows('performance', lakeDir);
  expect(sources).toMatchObject({ is_total: true, conversions: 3 });
  expect(performance).toMatchObject({ is_total: true, conversions: 1, revenue: '99.80' });
  const meaning = (name: string) => reports[name]?.columns.find((column) => column.name === 'conversions')?.definition;
  const defaults = settingsInput.parse({}).conversion_events.join(', ');
  for (const name of ['performance', 'attribution', 'models'])
    expect(meaning(name)).toContain(`(by default ${defaults}: a rebill adds money, not count)`);
  expect(meaning('sources')).toContain('whatever their event and status');
});
