import { expect, it } from 'vitest';
import { readable } from '../../cli/report-cells.ts';
import { tableColumns, withTotal } from '../../cli/report-columns.ts';

const row = {
  message_id: 'w-1',
  message: 'w-1',
  reason: null,
  sent: 10,
  delivered: null,
  clicks_bot: 3,
  conversions: 0,
  ctcr: 0.1,
  ctcr_low: 0.05,
  ctcr_high: 0.2,
  revenue: '1.00',
  money: [{ currency: 'USD' }],
};

it('shows what a person reads first, and every dimension', () => {
  expect(tableColumns('performance', [row], ['message', 'day'], {})).toEqual([
    'message_id',
    'sent',
    'conversions',
    'ctcr',
    'revenue',
  ]);
  expect(tableColumns('clicks', [{ ...row, creative: null }], ['creative'], {})).toEqual([
    'message_id',
    'sent',
    'clicks_bot',
    'conversions',
    'ctcr',
    'revenue',
    'creative',
  ]);
});

it('tells currencies apart where there are several, and says which one where there is one', () => {
  const euro = { currency: 'EUR', revenue: '49.90', payout: '0.00', cost: '0.01' };
  const columns = (money: unknown[]) => tableColumns('performance', [{ ...row, currency: 'EUR', money }], [], {});
  expect(columns([euro, { currency: 'JPY', revenue: '800', payout: '0', cost: '0' }])).toContain('money');
  // What comes to nothing is no currency.
  expect(columns([euro, { currency: 'JPY', revenue: '0', payout: '0', cost: '0' }])).not.toContain('money');
  expect(columns([euro])).toContain('currency');
});

it('shows a list that is no money where it holds anything', () => {
  expect(tableColumns('lift', [{ arm: 'a', sources_left_out: ['pixel'] }], [], {})).toContain('sources_left_out');
  expect(tableColumns('lift', [{ arm: 'a', sources_left_out: [] }], [], {})).not.toContain('sources_left_out');
});

it('rounds figures and tells money in words, and leaves the rest as it is', () => {
  const money = [
    { currency: 'EUR', revenue: '50.00', payout: '0.00', revenue_gross: '60.00', refunded: '10.00' },
    { currency: 'JPY', revenue: '800', payout: '0', revenue_gross: '800', refunded: '0' },
    { currency: 'USD', revenue: '0.00', payout: '0.00', revenue_gross: '0.00', refunded: '0.00' },
  ];
  const figures = { ctcr: 1.5416666666666667, p_value: 0.000123456, sent: 1_234_567, conversions: 1234.333333333 };
  expect(readable([{ ...figures, revenue: '49.90', lost: null, sources: ['a'], diff: -0.001234567, money }])).toEqual([
    {
      ...{ ctcr: 1.5417, p_value: 0.0001235, sent: 1_234_567, conversions: 1234.3333 },
      ...{ revenue: '49.90', lost: null, sources: ['a'], diff: -0.001235 },
      money: 'EUR revenue 50.00, refunded 10.00\nJPY revenue 800',
    },
  ]);
});

it('shows what was asked for, or all', () => {
  expect(tableColumns('performance', [row], [], { columns: ['sent', 'ctcr_low'] })).toEqual(['sent', 'ctcr_low']);
  expect(tableColumns('performance', [row], [], { wide: true })).toEqual(Object.keys(row));
});

it('puts the total below all groups, one or many, and tells it by a word in the first dimension', () => {
  const group = { model: 'last', window: null, message_id: 'w-1', message: 'w-1', reason: null, conversions: 2 };
  const lost = {
    ...group,
    message_id: '(unattributed)',
    message: '(unattributed)',
    reason: 'no_touch',
    conversions: 1,
  };
  const total = { model: 'last', window: null, message_id: null, message: null, reason: null, conversions: 3 };
  const row = { ...total, window: '', message: '', reason: '' };
  expect(withTotal([group, lost], total, ['message']).at(-1)).toEqual({ ...row, message_id: 'total' });
  expect(withTotal([group], total, ['message'])).toHaveLength(2);
  // Never over a value: all groups have their model in common.
  const arms = withTotal([{ model: 'last', arm: 'a', n: 1 }], { model: 'last', arm: null, n: 2 }, ['']);
  expect(arms.at(-1)).toEqual({ model: 'last', arm: 'total', n: 2 });
  // By what rows always are, where nothing else was asked for.
  const { message_id, message, ...rest } = group;
  expect(withTotal([{ ...rest, reason: 'no_touch' }], total, ['']).at(-1)).toMatchObject({ reason: 'total' });
});

it('shows no second total where the one row is it, and none where a report has none', () => {
  expect(withTotal([{ sent: 1 }], { sent: 1 }, [''])).toEqual([{ sent: 1 }]);
  expect(withTotal([{ arm: 'a' }], null, ['arm'])).toEqual([{ arm: 'a' }]);
  expect(withTotal([], { sent: 0 }, ['day'])).toEqual([]);
});
