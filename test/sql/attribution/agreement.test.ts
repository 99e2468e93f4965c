import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markov, stepsOf } from '../../../lambdas/core/attribution/markov.ts';
import { shapley } from '../../../lambdas/core/attribution/shapley.ts';
import type { UnitCredit } from '../../../lambdas/core/attribution/types.ts';
import { formatAmount } from '../../../lambdas/core/money.ts';
import { type AttributionTerms, RULE_MODELS } from '../../../sql/attribution-terms.ts';
import { finishReport, type ReportRequest, renderReport } from '../../../sql/catalog.ts';
import { type Lake, openLake } from '../../../sql/duckdb.ts';
import { stepsIn } from '../../../sql/tallied-models.ts';
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

/** What SQL tallies of paths are the steps that the core library counts, and the models shown are those it computes. */
async function expectSameModels(lake: Lake, facts: Facts, asked: ReportRequest, mature: boolean): Promise<void> {
  for (const model of ['markov', 'shapley']) {
    const choice = { ...CHOICE, ...asked.terms?.choice, model, mature };
    const request = { ...asked, by: ['message'], terms: { rules, choice } };
    const tallies = await lake.run(renderReport('attribution', request));
    const paths = pathsOf(facts, request, mature ? (request.asOf ?? null) : null);
    const core = stepsOf(paths);
    const named = tallies.map((row) => ({ ...row, unit: unnamed(row.unit), unit_before: unnamed(row.unit_before) }));
    expect(stepsIn(core.units, named)).toEqual(core);
    const rows = await finishReport('attribution', request, tallies, { plannedArms: async () => new Map() });
    const credits = (model === 'markov' ? markov : shapley)(paths);
    const shown = rows.filter(({ is_total, reason }) => !is_total && reason === null);
    expect(sorted(shown.map(unitRow))).toEqual(sorted(credits.map(expectedUnit)));
  }
}

const unnamed = (unit: unknown) => (unit === '\u001d' ? '-' : unit);

function unitRow({ message_id, conversions, money }: Row): Row {
  const dollars = (money as { currency: string; revenue: string }[]).find(({ currency }) => currency === 'USD');
  return { unit: message_id ?? '-', conversions: Number(conversions).toFixed(7), dollars: dollars?.revenue ?? '0.00' };
}

const expectedUnit = ({ unit, conversions, money_minor }: UnitCredit): Row => ({
  unit,
  conversions: conversions.toFixed(7),
  dollars: formatAmount(money_minor, 'USD'),
});

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
            await expectSameModels(lake, ledger.facts, { ...request, asOf: NOW + 3 * DAY }, base.from === NOW);
          }
        } finally {
          lake.close();
          rmSync(lakeDir, { recursive: true });
        }
      },
    ),
    { numRuns: 5, endOnFailure: true },
  );
});
