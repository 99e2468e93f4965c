import { expect, it } from 'vitest';
import { tableColumns } from '../../cli/report-columns.ts';

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
