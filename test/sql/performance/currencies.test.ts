import { expect, test } from 'vitest';
import { lakeTables } from '../../../lambdas/contract/lake.ts';
import { rateRows } from '../../../lambdas/core/rates-input.ts';
import { finishReport, renderReport, reports } from '../../../sql/catalog.ts';
import { openLake } from '../../../sql/duckdb.ts';
import { type Asked, requestOf } from '../attribution/asked.ts';
import { DAY, type Entry, entryOf, HOUR, NOW, writeReceived } from '../attribution/sample.ts';
import { clickOf, utcDay, writeClicks } from '../clicks-sample.ts';
import { writeRows } from '../lake-writer.ts';
import { writeSends } from '../sends-sample.ts';
import { lakeFolders, welcome } from './lake-report.ts';
import { sendOf } from './sends-sample.ts';

const folder = lakeFolders();
const RANGE = { from: NOW - 5 * DAY, to: NOW + DAY, basis: 'click' };

/** Rows of a report, the total first, and what it warns of. */
async function told(name: string, lakeDir: string, asked: Asked) {
  const request = requestOf({ ...RANGE, ...asked });
  const lake = await openLake({ lakeDir });
  const found = await lake.run(renderReport(name, request)).finally(() => lake.close());
  const rows = await finishReport(name, request, found, { plannedArms: async () => new Map() });
  return { rows, warnings: reports[name]?.warn?.(found, request) ?? [] };
}

/** An order of a subscriber for a creative of his own, clicked an hour before. */
async function sold(lakeDir: string, orders: readonly (Partial<Entry> & { readonly creative: string })[]) {
  await writeClicks(
    lakeDir,
    orders.map(({ creative }, at) =>
      clickOf({ ...welcome, creative, subscriber_no: at + 1, link_no: 1, click_id: `c${at}`, ts: NOW - HOUR }),
    ),
  );
  const matched = { match: 'click_id', clicked_at: NOW - HOUR } as const;
  await writeReceived(
    lakeDir,
    'conversions',
    orders.map(({ creative: _, ...order }, at) =>
      entryOf({ ...matched, conversion_id: `o${at}`, click_id: `c${at}`, subscriber_no: at + 1, ...order }),
    ),
  );
}

const EURO = { creative: 'euro', currency: 'EUR', revenue_minor: 5_000 };
const YEN = { creative: 'yen', currency: 'JPY', revenue_minor: 800 };

async function twoCurrencies(): Promise<string> {
  const lakeDir = folder();
  await sold(lakeDir, [EURO, YEN]);
  return lakeDir;
}

test('money of several currencies does not vanish without a word: which ones, and which rates are missing', async () => {
  const lakeDir = await twoCurrencies();
  const { rows, warnings } = await told('performance', lakeDir, { by: ['creative'] });
  expect(rows.map(({ creative, currency, revenue }) => [creative, currency, revenue])).toEqual([
    [null, null, null],
    ['euro', 'EUR', '50.00'],
    ['yen', 'JPY', '800'],
  ]);
  const day = utcDay(NOW);
  expect(warnings).toEqual([
    {
      path: 'currency',
      code: 'several_currencies',
      message: `several currencies (EUR, JPY), and no rates into USD of EUR on ${day}, JPY on ${day}: money is null in rows that have several; give rates of those days with PUT /v1/rates/{date} (onehop rates set) and name the currency to have (currency=, --currency)`,
    },
  ]);
  const put = rateRows(day, { base: 'USD', rates: { EUR: 0.5 } }, NOW);
  await writeRows(lakeDir, lakeTables.rates, utcDay(NOW, 1), put);
  const partly = await told('performance', lakeDir, { by: ['creative'] });
  expect(partly.warnings).toMatchObject([{ message: expect.stringContaining(`no rates into USD of JPY on ${day}:`) }]);
  const whole = rateRows(day, { base: 'USD', rates: { EUR: 0.5, JPY: 100 } }, NOW + 1);
  await writeRows(lakeDir, lakeTables.rates, utcDay(NOW, 1), whole);
  const known = await told('performance', lakeDir, { by: ['creative'] });
  expect(known.rows[0]).toMatchObject({ is_total: true, currency: 'USD', revenue: '108.00' });
  expect(known.warnings).toEqual([]);
});

test('one currency that is not the one asked for stays, and it is said; days are told from the first to the last', async () => {
  const lakeDir = folder();
  await writeSends(
    lakeDir,
    [1, 3].map((days) => sendOf({ subscriber_no: days, ts: NOW - days * DAY, currency: 'EUR' })),
  );
  const { rows, warnings } = await told('performance', lakeDir, { basis: 'send' });
  expect(rows[0]).toMatchObject({ currency: 'EUR', cost: '0.02' });
  const days = `EUR on days from ${utcDay(NOW, -3)} to ${utcDay(NOW, -1)}`;
  expect(warnings).toMatchObject([
    {
      code: 'rates_missing',
      message: expect.stringMatching(
        `^no rates into USD of ${days}: money is in the currency it came in; .* or ask for EUR; .* --currency EUR\\)$`,
      ),
    },
  ]);
  expect((await told('performance', lakeDir, { basis: 'send', currency: 'EUR' })).warnings).toEqual([]);
});

test('a currency that comes to nothing, as after a correction into another, blanks no row', async () => {
  const lakeDir = folder();
  const order = { creative: 'a', conversion_id: 'o', click_id: 'c0', subscriber_no: 1 };
  const corrected = { ...order, entry: 'correction' } as const;
  await sold(lakeDir, [
    { ...order, currency: 'JPY', revenue_minor: 4_990 },
    { ...corrected, entry_id: 'o-2', currency: 'JPY', revenue_minor: -4_990 },
    { ...corrected, entry_id: 'o-3', currency: 'USD', revenue_minor: 4_990 },
  ]);
  const figures = { conversions: 1, currency: 'USD', revenue: '49.90', revenue_gross: '49.90', refunded: '0.00' };
  const { rows, warnings } = await told('performance', lakeDir, { by: ['creative'] });
  expect(rows[0]).toMatchObject({ is_total: true, ...figures, aov: 49.9 });
  expect(rows.find(({ creative }) => creative === 'a')).toMatchObject(figures);
  expect(warnings).toEqual([]);
  // In another currency nothing of it is known, so it stays the one there is.
  const euro = await told('performance', lakeDir, { currency: 'EUR' });
  expect(euro.rows[0]).toMatchObject(figures);
  expect(euro.warnings).toMatchObject([{ code: 'rates_missing' }]);
  for (const model of ['last', 'linear', 'markov']) {
    const attribution = await told('attribution', lakeDir, {
      basis: 'conversion',
      by: ['creative'],
      choice: { model },
    });
    expect(attribution.rows[0]).toMatchObject({ is_total: true, ...figures });
    expect(attribution.warnings).toEqual([]);
  }
  const put = rateRows(utcDay(NOW), { base: 'USD', rates: { JPY: 100 } }, NOW);
  await writeRows(lakeDir, lakeTables.rates, utcDay(NOW, 1), put);
  expect((await told('performance', lakeDir, {})).rows[0]).toMatchObject(figures);
});

test('what is only in part converted does not count in part; what comes to nothing in one column alone blanks the row', async () => {
  const lakeDir = folder();
  const yen = { creative: 'a', conversion_id: 'o', click_id: 'c0', subscriber_no: 1, currency: 'JPY' };
  const later = { occurred_at: NOW + 20 * HOUR, converted_at: NOW, received_at: NOW + 20 * HOUR };
  const half = folder();
  await sold(half, [
    { ...yen, revenue_minor: 4_990 },
    { ...yen, ...later, entry: 'correction', entry_id: 'o-2', revenue_minor: -4_990 },
    { creative: 'a', currency: 'USD', revenue_minor: 100 },
  ]);
  expect((await told('performance', half, {})).rows[0]).toMatchObject({ currency: 'USD', revenue: '1.00' });
  const put = rateRows(utcDay(NOW), { base: 'USD', rates: { JPY: 100 } }, NOW);
  await writeRows(half, lakeTables.rates, utcDay(NOW, 1), put);
  const halved = await told('performance', half, { currency: 'USD' });
  expect(halved.rows[0]).toMatchObject({ revenue: '1.00' });
  await sold(lakeDir, [
    { ...yen, revenue_minor: 4_990 },
    { ...yen, entry: 'refund', entry_id: 'o-2', revenue_minor: -4_990 },
    { creative: 'a', currency: 'USD', revenue_minor: 100 },
  ]);
  const { rows, warnings } = await told('performance', lakeDir, {});
  expect(rows[0]).toMatchObject({ currency: null, revenue: null, refunded: null });
  expect(warnings).toMatchObject([{ code: 'several_currencies' }]);
});

test('compare says which groups it leaves out for their currencies, where the metric is money', async () => {
  const lakeDir = folder();
  await sold(lakeDir, [EURO, YEN, { ...EURO, creative: 'both' }, { ...YEN, creative: 'both' }]);
  const rpc = await told('compare', lakeDir, { by: ['creative'], metric: 'rpc' });
  expect(rpc.rows).toHaveLength(1);
  expect(rpc.warnings).toMatchObject([
    { path: 'by', code: 'groups_left_out', message: 'left out, since their money is in several currencies: both' },
    { path: 'currency', code: 'several_currencies' },
  ]);
  const ctcr = await told('compare', lakeDir, { by: ['creative'], metric: 'ctcr' });
  expect(ctcr.rows).toHaveLength(3);
  expect(ctcr.warnings).toEqual([]);
});

test('reports that convert nothing say which currencies there are, and where they are brought together', async () => {
  const lakeDir = await twoCurrencies();
  const asked = { basis: 'conversion', by: ['creative'] };
  const several = {
    path: 'currency',
    code: 'several_currencies',
    message: expect.stringMatching(
      /^several currencies \(EUR, JPY\), which this report does not convert: .* group by, or filter on, .*--by campaign; .* For one currency ask for report performance, /,
    ),
  };
  for (const choice of [{ model: 'last' }, { model: 'shapley' }])
    expect((await told('attribution', lakeDir, { ...asked, choice })).warnings).toEqual([several]);
  const models = await told('models', lakeDir, asked);
  expect(models.warnings).toEqual([several]);
  expect(models.rows[0]).toMatchObject({ is_total: true, revenue: null, revenue_gain: null });
  const euro = models.rows.filter(({ creative }) => creative === 'euro');
  expect(euro).toContainEqual(expect.objectContaining({ model: 'last', revenue: '50.00', revenue_gain: '0.00' }));
  const one = await told('attribution', lakeDir, { ...asked, filters: { creative: ['euro'] } });
  expect(one.warnings).toEqual([]);
});
