import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lakeTables } from '../../../lambdas/contract/lake.ts';
import { rateRows } from '../../../lambdas/core/rates-input.ts';
import { RULE_MODELS } from '../../../sql/attribution-terms.ts';
import { finishReport, type ReportRequest, renderReport } from '../../../sql/catalog.ts';
import { type Lake, openLake } from '../../../sql/duckdb.ts';
import { anyLedger, type Ledger, ledgerOf } from '../attribution/ledgers.ts';
import { CHOICE, DAY, HOUR, NOW, RULES, writeArrived } from '../attribution/sample.ts';
import { utcDay, writeDelivered } from '../clicks-sample.ts';
import { temporaryFolder, writeRows } from '../lake-writer.ts';
import { writeMintings } from '../recipients-sample.ts';
import { writeSends, writeTotals } from '../sends-sample.ts';
import { asAthenaReads } from '../unhinted.ts';
import { LONG, recountPerformance } from './recount.ts';
import { anySends, anySendTotals } from './sends-sample.ts';
import type { Rates, World } from './world.ts';

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
type Row = Record<string, unknown>;

const rules = {
  ...RULES,
  campaign_windows: { a: '24h', mail: '30d' },
  offer_windows: { o1: '2h' },
  campaign_events: { b: ['rebill'] },
};

const anyRates = fc.dictionary(
  oneOf(...[-20, -9, -2, -1, 0, 1].map((days) => utcDay(NOW, days))),
  oneOf({ USD: 1.1, JPY: 160.5, EUR: 1 }, { USD: 1.0731, EUR: 1 }),
);

const NAMES = [
  'day',
  'campaign',
  'message',
  'creative',
  'offer',
  'link',
  'channel',
  'actor',
  'source',
  'event',
  'match',
];
const MORE = ['status', 'product', 'carrier', 'country', 'arm', 'subscriber', 'reason', 'segment', 'partner'];

const anyRequest = fc.record({
  from: oneOf(NOW - 30 * DAY, NOW - 2 * DAY, NOW - HOUR),
  days: oneOf(1, 2, 40),
  basis: oneOf('click', 'send', 'conversion'),
  by: fc.uniqueArray(oneOf(...NAMES, ...MORE), { maxLength: 2 }),
  filters: fc.dictionary(
    oneOf('campaign', 'actor', 'event', 'reason', 'arm'),
    fc.uniqueArray(oneOf('a', 'human', 'sale', '', 'unmatched', 'holdout'), { minLength: 1, maxLength: 3 }),
    { maxKeys: 1 },
  ),
  tz: oneOf('UTC', 'America/Los_Angeles'),
  currency: oneOf('USD', 'EUR', 'JPY'),
  model: oneOf('last', ...RULE_MODELS),
  asOf: oneOf(NOW, NOW + 40 * DAY),
});

async function writeWorld(lakeDir: string, ledger: Ledger, { sends, totals, rates }: World): Promise<void> {
  await writeDelivered(lakeDir, ledger.clicks);
  await writeArrived(lakeDir, 'touches', ledger.imported);
  await writeArrived(lakeDir, 'conversions', ledger.entries);
  await writeMintings(lakeDir, ledger.minted);
  await writeSends(lakeDir, sends);
  await writeTotals(lakeDir, totals);
  for (const [date, { EUR: _, ...of }] of Object.entries(rates)) {
    const rows = rateRows(date, { base: 'EUR', rates: of as Record<string, number> }, NOW);
    const before = rateRows(date, { base: 'USD', rates: { EUR: 3 } }, NOW - 1);
    await writeRows(lakeDir, lakeTables.rates, utcDay(NOW, 1), [...rows, ...rows, ...before]);
  }
}

/** Both ways to the rows: DuckDB's, and the very text that Athena reads, which DuckDB takes too. */
async function rowsOf(lake: Lake, request: ReportRequest): Promise<Row[][]> {
  const statement = renderReport('performance', request);
  const found: Row[][] = [];
  for (const sql of [statement.sql, asAthenaReads(statement.sql)]) {
    const rows = await lake.run({ ...statement, sql });
    found.push([...(await finishReport('performance', request, rows, { plannedArms: async () => new Map() }))]);
  }
  return found;
}

const SHORT = Object.keys(LONG);

/** Cells by place and name, without the short names that stand beside the ids. */
function cellsOf(rows: readonly Row[], by: readonly string[]): ReadonlyMap<string, unknown> {
  const cells = rows.flatMap((row) => {
    const place = row.is_total ? 'total' : by.map((name) => `${row[name] ?? null}`).join(' ');
    const columns = Object.entries(row).filter(([name]) => !SHORT.includes(name));
    return columns.map(([name, value]) => [`${place} ${name}`, value] as const);
  });
  return new Map(cells);
}

/** Cells that differ: numbers by more than what credits, kept to nine digits, can be off. */
function differences(found: ReadonlyMap<string, unknown>, expected: ReadonlyMap<string, unknown>) {
  const names = [...new Set([...found.keys(), ...expected.keys()])];
  return names
    .filter((name) => !isSame(found.get(name), expected.get(name)))
    .map((name) => [name, found.get(name), expected.get(name)]);
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return JSON.stringify(a) === JSON.stringify(b);
  return Math.abs(a - b) <= Math.max(1e-8, 1e-5 * Math.abs(b));
}

test('any messages, clicks and orders come in report performance to what a recount by hand comes to', {
  timeout: 240_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      anyLedger,
      anySends,
      anySendTotals,
      anyRates,
      fc.array(anyRequest, { minLength: 4, maxLength: 4 }),
      async (given, sends, totals, rates, asked) => {
        const ledger = ledgerOf(given);
        const world: World = { ledger: { ...ledger.facts, sends }, sends, totals, rates: rates as Rates };
        const lakeDir = temporaryFolder('performance');
        await writeWorld(lakeDir, ledger, world);
        const lake = await openLake({ lakeDir });
        try {
          for (const { from, days, model, ...rest } of asked) {
            const terms = { choice: { ...CHOICE, model }, rules };
            const request: ReportRequest = { ...rest, from, to: from + days * DAY, limit: 10_000, offset: 0, terms };
            const place = [...request.by.map((name) => LONG[name] ?? name), 'reason'];
            const expected = cellsOf(recountPerformance(world, request), place);
            for (const rows of await rowsOf(lake, request)) {
              expect(differences(cellsOf(rows, place), expected)).toEqual([]);
            }
          }
        } finally {
          lake.close();
          rmSync(lakeDir, { recursive: true });
        }
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 3), endOnFailure: true },
  );
});
