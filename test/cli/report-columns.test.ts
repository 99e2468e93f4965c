import { expect, it } from 'vitest';
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

it('tells currencies apart where there are several', () =>
  expect(tableColumns('attribution', [{ ...row, money: [{}, {}] }], [], {})).toContain('money'));

it('shows what was asked for, or all', () => {
  expect(tableColumns('performance', [row], [], { columns: 'sent,ctcr_low' })).toEqual(['sent', 'ctcr_low']);
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
