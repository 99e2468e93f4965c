import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eligibleTouches, type TouchOptions } from '../../../lambdas/core/attribution/eligible.ts';
import type { Conversion, Touch } from '../../../lambdas/core/attribution/types.ts';
import { carrier, click, DAY, email, HOUR, NOW, order, postback } from './touches.ts';

const ids = (conversion: Conversion, touches: readonly Touch[], options: TouchOptions = {}) =>
  eligibleTouches(conversion, touches, options).touches.map(({ touch }) => touch.touch_id);
const reason = (conversion: Conversion, touches: readonly Touch[], options: TouchOptions = {}) => {
  const found = eligibleTouches(conversion, touches, options);
  expect(found.touches).toEqual([]);
  return found.reason;
};

describe('the window', () => {
  const at = (age: number, options: TouchOptions = {}) =>
    eligibleTouches(order(), [click({ ts: NOW - age })], options).touches[0]?.age_ms ?? null;

  it.each([
    ['its last millisecond', 7 * DAY, 7 * DAY],
    ['one past it', 7 * DAY + 1, null],
    ['the conversion itself', 0, 0],
    ['a minute after, which clocks may differ', -60_000, 0],
    ['one past that', -60_001, null],
  ])('at %s', (_, age, expected) => expect(at(age)).toBe(expected));

  it('of the question beats the touch’s own, shorter or longer', () => {
    expect(at(2 * DAY, { window: DAY })).toBeNull();
    expect(at(8 * DAY, { window: 30 * DAY })).toBe(8 * DAY);
  });

  it('is each touch’s own otherwise', () => {
    const touches = [click({ ts: NOW - 9 * DAY, window_ms: 10 * DAY }), click({ touch_id: 'c2', window_ms: HOUR })];
    expect(ids(order(), touches)).toEqual(['c1']);
  });
});

describe('shop and own sources', () => {
  it.each(['shop', 'own'] as const)(
    '%s: human clicks and imported touches of the subscriber, in order',
    (source_kind) => {
      const touches = [
        click({ touch_id: 'c2', ts: NOW - HOUR, link_no: 2, offer_id: 'shoes' }),
        email(),
        click(),
        email({ touch_id: 'v1', kind: 'view', ts: NOW - 3 * DAY }),
        click({ touch_id: 'other', subscriber_no: 8 }),
        click({ touch_id: 'bot', actor: 'bot' }),
        click({ touch_id: 'suspect', actor: 'suspect' }),
      ];
      expect(ids(order({ source_kind }), touches)).toEqual(['v1', 'e1', 'c1', 'c2']);
      expect(ids(order({ source_kind }), touches, { imported: ['click'] })).toEqual(['e1', 'c1', 'c2']);
      expect(ids(order({ source_kind }), touches, { actors: ['human', 'suspect'] })).toContain('suspect');
    },
  );

  it('an order by identity has the same path', () => {
    expect(ids(order({ match: 'identity', click_id: null }), [click(), email()])).toEqual(['e1', 'c1']);
  });

  it('touches of one millisecond go by link, those without one last, then by id', () => {
    const ts = NOW - DAY;
    const touches = [
      email({ touch_id: 'e', ts }),
      click({ touch_id: 'b', link_no: 10 }),
      click({ touch_id: 'a', link_no: 10 }),
      click({ touch_id: 'z', link_no: 9 }),
    ];
    expect(ids(order({ click_id: 'z' }), touches)).toEqual(['z', 'a', 'b', 'e']);
  });
});

describe('networks', () => {
  const other = { offer_id: 'shoes', ts: NOW - 3 * DAY };

  it('count clicks that served the same offer, over any link', () => {
    const named = click({ offer_id: 'shoes' });
    const touches = [
      named,
      click({ touch_id: 'c0', ...other, link_no: 2 }),
      click({ touch_id: 'hats', offer_id: 'hats' }),
      click({ touch_id: 'plain' }),
      email(),
      email({ touch_id: 'e2', ...other }),
      email({ touch_id: 'seen', ...other, kind: 'view' }),
    ];
    expect(ids(postback(), touches)).toEqual(['c0', 'e2', 'c1']);
  });

  it('count clicks over the same link where there is no offer', () => {
    const touches = [
      click(),
      click({ touch_id: 'c0', ts: NOW - 2 * DAY }),
      click({ touch_id: 'far', link_no: 2 }),
      click({ touch_id: 'split', offer_id: 'hats' }),
      email(),
    ];
    expect(ids(postback(), touches)).toEqual(['c0', 'c1']);
  });

  it('have the click named last, even where another came after it', () => {
    const touches = [click(), click({ touch_id: 'later', ts: NOW - HOUR })];
    expect(ids(postback(), touches)).toEqual(['later', 'c1']);
    expect(ids(order(), touches)).toEqual(['c1', 'later']);
  });

  it('have no path without the click named', () => {
    const late = click({ ts: NOW - 8 * DAY });
    const early = click({ ts: NOW + HOUR });
    const other = click({ touch_id: 'c2' });
    expect(reason(postback(), [late, other])).toBe('outside_window');
    expect(reason(postback(), [early, other])).toBe('touch_after_conversion');
    expect(reason(postback(), [other])).toBe('no_touch');
    expect(reason(postback({ match: 'identity', click_id: null }), [other])).toBe('no_touch');
  });

  it('do not know codes', () => {
    expect(reason(postback({ match: 'promo_code', promo_code: 'WELCOME-7' }), [carrier()])).toBe('no_touch');
  });
});

describe('a click by nobody known', () => {
  const shared = click({ subscriber_no: null });
  it.each([
    ['network', postback({ subscriber_no: null })],
    ['shop', order({ subscriber_no: null })],
    ['shop, with a person known by other keys', order()],
  ])('is a path of one for %s', (_, conversion) => {
    expect(ids(conversion, [shared, click({ touch_id: 'c2', subscriber_no: null }), email()])).toEqual(['c1']);
  });
});

describe('the click named', () => {
  it('stands alone where the conversion has no subscriber', () => {
    expect(ids(order({ subscriber_no: null }), [click(), email()])).toEqual(['c1']);
  });

  it('is any other click where another key told who', () => {
    const touches = [click({ actor: 'bot' }), click({ touch_id: 'c2' })];
    expect(ids(order({ match: 'identity' }), touches)).toEqual(['c2']);
  });
});

describe('codes', () => {
  const redeemed = order({ match: 'promo_code', click_id: null, promo_code: 'WELCOME-7' });
  const first = carrier();
  const second = carrier({ ts: NOW - 15 * DAY, message_id: 'welcome-3' });

  it('without a human click are a touch with the fields of the latest message, whatever its window', () => {
    const [touch, ...more] = eligibleTouches(redeemed, [second, first]).touches;
    expect(more).toEqual([]);
    expect(touch).toMatchObject({ age_ms: 0, touch: { kind: 'code', message_id: 'welcome-3', ts: NOW } });
  });

  it('give way to a human click in the window, not to one outside or a bot’s', () => {
    expect(ids(redeemed, [first, click()])).toEqual(['c1']);
    expect(ids(redeemed, [first, click({ ts: NOW - 8 * DAY })])).toEqual(['WELCOME-7']);
    expect(ids(redeemed, [first, click({ actor: 'bot' })])).toEqual(['WELCOME-7']);
  });

  it('of nobody known are no touch', () => {
    const anonymous = { ...redeemed, subscriber_no: null };
    expect(reason(anonymous, [carrier({ subscriber_no: null })])).toBe('no_touch');
  });

  it('stand beside imported touches, after them', () => {
    expect(ids(redeemed, [first, email()])).toEqual(['e1', 'WELCOME-7']);
  });

  it('count for the subscriber they were given to, once sent, and for their own orders', () => {
    expect(reason(redeemed, [carrier({ subscriber_no: 8 })])).toBe('no_touch');
    expect(reason(redeemed, [carrier({ ts: NOW + HOUR })])).toBe('no_touch');
    expect(reason(redeemed, [carrier({ touch_id: 'SPRING-1' })])).toBe('no_touch');
    expect(reason(order({ match: 'identity', click_id: null }), [first])).toBe('no_touch');
  });
});

describe('without a path', () => {
  it.each(['bot', 'suspect'] as const)('a conversion on a %s click says so, whatever else was clicked', (actor) => {
    const touches = [click({ actor }), click({ touch_id: 'c2' }), email()];
    expect(reason(order(), touches)).toBe('bot_click');
    expect(reason(postback(), touches)).toBe('bot_click');
    expect(ids(postback(), touches, { actors: ['human', 'suspect', 'bot'] })).toEqual(['c2', 'c1']);
  });

  it('an unmatched order says so, others why their touches do not count', () => {
    expect(reason(order({ match: 'none', click_id: null, subscriber_no: null }), [click()])).toBe('unmatched');
    expect(reason(order(), [click({ ts: NOW - 8 * DAY }), email({ ts: NOW + DAY })])).toBe('outside_window');
    expect(reason(order(), [click({ ts: NOW + DAY })])).toBe('touch_after_conversion');
    expect(reason(order(), [])).toBe('no_touch');
    expect(reason(order({ subscriber_no: null }), [click({ touch_id: 'c2' })])).toBe('no_touch');
  });
});

describe('any ledger', () => {
  const touch = fc
    .record({
      ts: fc.integer({ min: -10, max: 2 }).map((hours) => NOW + hours * 12 * HOUR),
      link_no: fc.option(fc.integer({ min: 1, max: 3 })),
      offer_id: fc.constantFrom(null, 'shoes', 'hats'),
      actor: fc.constantFrom('human', 'suspect', 'bot'),
      subscriber_no: fc.constantFrom(7, 8, null),
      imported: fc.boolean(),
      kind: fc.constantFrom('click', 'click', 'view', 'code'),
    })
    .map((fields) => click(fields as Partial<Touch>));
  const ledger = fc
    .array(touch, { maxLength: 12 })
    .map((list) => list.map((one, i) => ({ ...one, touch_id: one.kind === 'code' ? 'WELCOME-7' : `c${i}` })));
  const conversion = fc.record({
    source_kind: fc.constantFrom('shop' as const, 'own' as const, 'network' as const),
    subscriber_no: fc.constantFrom(7, null),
    match: fc.constantFrom('click_id' as const, 'promo_code' as const, 'identity' as const, 'none' as const),
    click_id: fc.constantFrom('c0', 'c3', null),
    promo_code: fc.constantFrom('WELCOME-7', null),
  });

  it('gives the same path in whatever order its rows come', () => {
    fc.assert(
      fc.property(ledger, conversion, fc.integer(), (touches, fields, seed) => {
        const turned = touches
          .map((one, i) => ({ one, key: Math.imul(i + 1, seed | 1) }))
          .sort((a, b) => a.key - b.key);
        const carriers = touches.filter(({ kind }) => kind === 'code');
        fc.pre(new Set(carriers.map(({ ts, link_no }) => `${ts} ${link_no}`)).size === carriers.length);
        expect(
          eligibleTouches(
            order(fields),
            turned.map(({ one }) => one),
          ),
        ).toEqual(eligibleTouches(order(fields), touches));
      }),
    );
  });

  it('never counts programs, other people, the future or the far past, and always says why there is no path', () => {
    fc.assert(
      fc.property(ledger, conversion, fc.integer({ min: 1, max: 120 }), (touches, fields, hours) => {
        const window = hours * HOUR;
        const found = eligibleTouches(order(fields), touches, { window });
        expect(found.reason === null).toBe(found.touches.length > 0);
        for (const { touch: one, age_ms } of found.touches) {
          expect(one.imported || one.kind === 'code' || one.actor === 'human').toBe(true);
          expect(age_ms >= 0 && age_ms <= window && one.ts - NOW <= 60_000).toBe(true);
          if (found.touches.length > 1) expect(one.subscriber_no).toBe(7);
        }
      }),
      { numRuns: 500 },
    );
  });
});
