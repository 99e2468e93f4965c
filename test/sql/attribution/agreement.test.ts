import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAmount } from '../../../lambdas/core/money.ts';
import { type AttributionTerms, RULE_MODELS } from '../../../sql/attribution-terms.ts';
import { finishReport, type ReportRequest, renderReport } from '../../../sql/catalog.ts';
import { type Lake, openLake } from '../../../sql/duckdb.ts';
import { minorOf } from '../../../sql/money-rows.ts';
import { temporaryFolder } from '../lake-writer.ts';
import { pathsOf } from './journeys.ts';
import { anyLedger, ledgerOf, writeLedger } from './ledgers.ts';
import { type Credited, type Facts, recount } from './recount.ts';
import { CHOICE, DAY, HOUR, NOW, RULES } from './sample.ts';

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
type Row = Record<string, unknown>;

const rules = {
  ...RULES,
  campaign_windows: { a: '24h', mail: '30d' },
  offer_windows: { o1: '2h' },
  campaign_events: { b: ['rebill'] },
};

const anyChoice = fc.record({
  model: oneOf(...RULE_MODELS),
  window: oneOf(null, '2h', '24h', '7d', '30d'),
  half_life: oneOf('7d', '12h'),
  actors: oneOf(['human'], ['human'], ['human', 'suspect'], ['human', 'suspect', 'bot']),
});

const anyRange = fc.record({
  from: oneOf(NOW - 2 * DAY, NOW, NOW + HOUR),
  hours: oneOf(1, 7, 14, 100),
});

/** Rows as the report should show them, by conversion and touch. */
function expectedRows(credited: readonly Credited[], { from, to, terms }: ReportRequest): Row[] {
  const { campaign_events, events } = terms?.rules ?? RULES;
  const isCounted = ({ entry }: Credited) =>
    entry.status !== 'rejected' && (campaign_events[entry.campaign_id ?? ''] ?? events).includes(entry.event);
  const inRange = credited.filter(({ entry }) => entry.occurred_at >= from && entry.occurred_at < to);
  const groups = Map.groupBy(inRange, ({ entry, touch, reason }) =>
    JSON.stringify([entry.product, touch?.message_id, touch?.kind, reason]),
  );
  return [...groups.values()].map((group) => {
    const [{ entry, touch, reason } = credited[0] as Credited] = group;
    const counting = group.filter(({ counts }) => counts);
    const conversions = counting.filter(isCounted).reduce((sum, { weight }) => sum + weight, 0);
    return {
      product: entry.product,
      message_id: touch ? touch.message_id : '(unattributed)',
      link_no: touch?.link_no ?? null,
      reason,
      conversions: Number(conversions.toFixed(9)),
      touches: counting.filter((one) => one.touch !== null).length,
      money: moneyOf(group),
    };
  });
}

function moneyOf(group: readonly Credited[]): string {
  const currencies = Map.groupBy(group, ({ entry }) => entry.currency);
  return [...currencies]
    .flatMap(([currency, rows]) => {
      const sum = (value: (row: Credited) => number) => rows.reduce((total, row) => total + value(row), 0);
      return currency
        ? [
            `${currency} ${formatAmount(
              sum((row) => row.revenue),
              currency,
            )} ${formatAmount(
              sum((row) => row.payout),
              currency,
            )}`,
          ]
        : [];
    })
    .sort()
    .join(',');
}

function shownRow(row: Row): Row {
  const money = (row.money as { currency: string; revenue: string; payout: string }[])
    .map(({ currency, revenue, payout }) => `${currency} ${revenue} ${payout}`)
    .join(',');
  const { product, message_id, link_no, reason, touches } = row;
  return {
    product,
    message_id,
    link_no,
    reason,
    touches,
    money,
    conversions: Number(Number(row.conversions).toFixed(9)),
  };
}

const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(Object.entries(row).toSorted())).sort();

async function rowsOf(lake: Lake, request: ReportRequest): Promise<readonly Row[]> {
  const rows = await lake.run(renderReport('attribution', request));
  return finishReport('attribution', request, rows, { plannedArms: async () => new Map() });
}

/** Paths as SQL tells them are those that the core library builds, with their counts, null journeys and dollars. */
async function expectSamePaths(lake: Lake, facts: Facts, asked: ReportRequest, mature: boolean): Promise<void> {
  const choice = { ...CHOICE, ...asked.terms?.choice, model: 'markov', mature };
  const request = { ...asked, by: ['message'], terms: { rules, choice } };
  const rows = await lake.run(renderReport('attribution', request));
  const told = rows.flatMap(({ path, conversions, nulls, money }) =>
    typeof path === 'string'
      ? [{ units: path.split('\u001e').map(unnamed), conversions, nulls, money_minor: dollarsIn(money) }]
      : [],
  );
  const built = pathsOf(facts, request, mature ? (request.asOf ?? null) : null);
  expect(sorted(told)).toEqual(sorted(built.map((path) => ({ ...path }))));
}

const unnamed = (unit: string) => (unit === '\u001d' ? '-' : unit);
const dollarsIn = (money: unknown) => minorOf(money).find(({ currency }) => currency === 'USD')?.amounts[0] ?? 0;

test('SQL and the core library credit any ledger alike, conversion by conversion and touch by touch, under every model', {
  timeout: 240_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      anyLedger,
      fc.array(fc.tuple(anyChoice, anyRange), { minLength: 3, maxLength: 3 }),
      async (given, asked) => {
        const ledger = ledgerOf(given);
        const lakeDir = temporaryFolder('agreement');
        await writeLedger(lakeDir, ledger);
        const lake = await openLake({ lakeDir });
        try {
          for (const [choice, { from, hours }] of asked) {
            const terms: AttributionTerms = { choice: { ...CHOICE, ...choice }, rules };
            const by = ['product', 'message', 'link'];
            const base = { from, to: from + hours * HOUR, tz: 'UTC', filters: {}, offset: 0, limit: 10_000 };
            const request: ReportRequest = { ...base, by, basis: 'conversion', terms };
            const rows = (await rowsOf(lake, request)).filter(({ is_total }) => !is_total).map(shownRow);
            const expected = expectedRows(recount(ledger.facts, terms), request);
            expect(sorted(rows)).toEqual(sorted(expected));
            await expectSamePaths(lake, ledger.facts, { ...request, asOf: NOW + 3 * DAY }, base.from === NOW);
          }
        } finally {
          lake.close();
          rmSync(lakeDir, { recursive: true });
        }
      },
    ),
    { numRuns: 6, endOnFailure: true },
  );
});
