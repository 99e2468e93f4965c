import { expect, test } from 'vitest';
import { finishReport, type ReportRequest, reports } from '../../../sql/catalog.ts';
import { CHOICE, RULES } from '../attribution/sample.ts';

type Row = Record<string, unknown>;

const REQUEST: ReportRequest = {
  from: 0,
  to: 1_000,
  tz: 'UTC',
  by: [],
  filters: {},
  limit: 50,
  offset: 0,
  terms: { choice: CHOICE, rules: RULES },
  experiments: { e: { window: '7d', events: ['sale'], control: 'holdout', ends_at: 0 } },
};

/** A row as the statement tells it. */
const rowOf = (given: Row): Row => ({
  experiment: 'e',
  arm: 'treatment',
  control: 'holdout',
  assigned: 90_000,
  converters: 2_070,
  conversions: 2_100,
  revenue: 0,
  revenue_in: 0,
  revenue_squares: 0,
  revenue_in_squares: 0,
  cost: 900_000_000,
  cost_in: 900_000_000,
  one_arm: 0,
  left_out: null,
  unknown: 0,
  least_currency: 'USD',
  most_currency: 'USD',
  control_assigned: 10_000,
  control_converters: 200,
  control_revenue: 0,
  control_revenue_in: 0,
  control_revenue_squares: 0,
  control_revenue_in_squares: 0,
  sizes: 'holdout=10000,treatment=90000',
  is_total: false,
  ...given,
});

const plannedArms = async () =>
  new Map([
    [
      'e',
      [
        { name: 'treatment', share: 0.9 },
        { name: 'holdout', share: 0.1 },
      ],
    ],
  ]);

async function lift(given: Row, request: Partial<ReportRequest> = {}): Promise<Row> {
  const [row] = await finishReport('lift', { ...REQUEST, ...request }, [rowOf(given)], { plannedArms });
  return row ?? {};
}

test('2,070 of 90,000 against 200 of 10,000: Newcombe, risk ratio, 270 more, and no cost for each while the interval holds 0', async () => {
  const row = await lift({});
  expect(row).toMatchObject({
    rate: 0.023,
    diff: expect.closeTo(0.003, 12),
    low: expect.closeTo(-0.0000867, 7),
    high: expect.closeTo(0.0057533, 7),
    relative_lift: expect.closeTo(0.15, 9),
    relative_low: expect.closeTo(-0.0039, 4),
    relative_high: expect.closeTo(0.3277, 4),
    incremental_conversions: expect.closeTo(270, 6),
    cost: '900.00',
    cost_per_incremental: null,
    srm_p: 1,
  });
  // The interval and the p-value are of one method: 0 lies within, so p is above .05.
  expect(row.p_value).toBeGreaterThan(0.05);
  expect(row.p_value).toBeLessThan(0.06);
});

test('where the interval lies above 0 each converter more has a price', async () => {
  const row = await lift({ converters: 2_250 });
  expect(row.low).toBeGreaterThan(0);
  expect(row.p_value).toBeLessThan(0.05);
  expect(row.cost_per_incremental).toBe('2.00');
});

test('the smallest difference to be seen is the inverse of the sample size: 80,679 an arm for 2 % and a tenth more', async () => {
  const arm = { assigned: 80_679, control_assigned: 80_679, control_converters: 1_613.58 };
  expect((await lift(arm)).mde_80).toBeCloseTo(0.002, 7);
});

test('a control without converters has no relative lift, an empty one no comparison', async () => {
  expect(await lift({ control_converters: 0 })).toMatchObject({ relative_lift: null, relative_low: null, diff: 0.023 });
  expect(await lift({ control_assigned: null, control_converters: null })).toMatchObject({
    diff: null,
    mde_80: null,
    revenue_diff: null,
    reason: 'no_control',
  });
});

test('revenue per subscriber is compared by Welch’s t', async () => {
  // Values 1, 2, 3 (dollars) against 2, 4, 6 and 8: means 2 and 5, variances 1 and 20/3; t = -2.1213, 4.0755 degrees of freedom, critical 2.7563.
  const row = await lift({
    assigned: 3,
    converters: 3,
    revenue_in: 600,
    revenue_in_squares: 140_000,
    control_assigned: 4,
    control_converters: 4,
    control_revenue_in: 2_000,
    control_revenue_in_squares: 1_200_000,
  });
  expect(row).toMatchObject({ revenue_per_subscriber: '2.00', revenue_diff: '-3.00', incremental_revenue: '-9.00' });
  expect(Number(row.revenue_low)).toBeCloseTo(-3 - 2.756285 * Math.SQRT2, 2);
  expect(row.revenue_p_value).toBeCloseTo(0.0999, 3);
});

test('money of several currencies that no rates bring together is null; of one it stays as it came', async () => {
  const mixed = await lift({ unknown: 1, least_currency: 'EUR', revenue: 500 });
  expect(mixed).toMatchObject({ currency: null, revenue_per_subscriber: null, cost: null, incremental_revenue: null });
  const euro = { unknown: 1, least_currency: 'EUR', most_currency: 'EUR', revenue: 900_000, assigned: 9 };
  expect(await lift({ ...euro, converters: 9 })).toMatchObject({ currency: 'EUR', revenue_per_subscriber: '1000.00' });
  // What is unknown comes to nothing, as after a correction into another currency.
  const none = { unknown: 1, least_currency: null, most_currency: null };
  expect(await lift(none)).toMatchObject({ currency: 'USD', revenue_per_subscriber: '0.00' });
  const warned = (row: Row) => reports.lift?.warn?.([rowOf(row), rowOf({ ...row, arm: 'b' })], REQUEST);
  expect(warned({ unknown: 1, least_currency: 'EUR' })).toMatchObject([
    { code: 'several_currencies', message: expect.stringMatching(/^experiment e: .* no rates of every day into USD:/) },
  ]);
  expect([warned(euro), warned(none), warned({ least_currency: 'EUR' })]).toEqual([[], [], []]);
});

test('sizes off the plan ring; until the last window has closed a result is interim', async () => {
  expect((await lift({ sizes: 'holdout=10500,treatment=89500' })).srm_p).toBeLessThan(0.001);
  const week = 7 * 86_400_000;
  expect((await lift({}, { asOf: week - 1 })).interim).toBe(true);
  expect((await lift({}, { asOf: week })).interim).toBe(false);
  expect((await lift({ experiment: 'unknown' }, { asOf: week })).interim).toBe(true);
});
