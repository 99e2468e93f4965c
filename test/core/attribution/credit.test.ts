import { describe, expect, it } from 'vitest';
import { creditConversion } from '../../../lambdas/core/attribution/credit.ts';
import { splitSeries } from '../../../lambdas/core/attribution/split.ts';
import type { RuleModel } from '../../../lambdas/core/attribution/types.ts';
import { click, DAY, email, NOW, order, postback } from './touches.ts';

const touches = [
  click({ touch_id: 'm1', ts: NOW - 15 * DAY, message_id: 'welcome-1' }),
  email({ touch_id: 'e1', ts: NOW - 8 * DAY }),
  click({ touch_id: 'm3', ts: NOW - DAY, message_id: 'welcome-3' }),
];
const credit = (model: RuleModel, conversion = order({ click_id: 'm3' })) =>
  creditConversion(conversion, touches, { model, window: 30 * DAY });
const shares = (model: RuleModel) => credit(model).credits.map(({ touch, weight }) => [touch.touch_id, weight]);

describe('one order, five stories', () => {
  it.each([
    ['last' as const, [0, 0, 1]],
    ['first' as const, [1, 0, 0]],
    ['linear' as const, [1 / 3, 1 / 3, 1 / 3]],
    ['position' as const, [0.4, 0.2, 0.4]],
    ['time_decay' as const, [1 / 7, 2 / 7, 4 / 7]],
  ])('%s', (model, [m1, e1, m3]) => {
    expect(shares(model)).toEqual([
      ['m1', m1],
      ['e1', e1],
      ['m3', m3],
    ]);
  });

  it('another half-life tells another one', () => {
    const options = { model: 'time_decay' as const, window: 30 * DAY, halfLife: DAY };
    expect(creditConversion(order({ click_id: 'm3' }), touches, options).credits[2]?.weight).toBeGreaterThan(0.99);
  });

  it('its sale and refund split to the cent over the same weights', () => {
    const by = credit('time_decay').credits.map(({ weight }) => weight);
    expect(splitSeries([4990, -4990], by)).toEqual([
      [713, 1426, 2851],
      [-713, -1426, -2851],
    ]);
  });
});

it('last of a network is the click named', () => {
  const named = postback({ click_id: 'm1' });
  expect(credit('last', named).credits.find(({ weight }) => weight === 1)?.touch.touch_id).toBe('m1');
});

it('without a path there is no credit, but a reason', () => {
  expect(credit('linear', order({ match: 'none', click_id: null }))).toEqual({ credits: [], reason: 'unmatched' });
});
