import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DuplicatesPolicy } from '../../../lambdas/core/ledger/state.ts';
import type { CanonicalConversion } from '../../../lambdas/core/postback/conversion.ts';
import { message, type Played, play, START, sums } from './messages.ts';

const money = fc.option(
  fc.record({
    currency: fc.constant('USD'),
    revenue: fc.integer({ min: 0, max: 200 }),
    payout: fc.integer({ min: 0, max: 50 }),
    sale_value: fc.integer({ min: 0, max: 50 }),
  }),
);
const status = fc.constantFrom(null, 'pending', 'approved', 'rejected', 'reversed');
const policy = fc.constantFrom<DuplicatesPolicy>('update', 'reject', 'add');
const version = fc.option(fc.integer({ min: 0, max: 5 }).map((second) => START + second * 1000));
const entry = fc.constantFrom('sale', 'sale', 'refund', 'refund', 'chargeback');

const change = fc
  .tuple(entry, money, status, version, fc.constantFrom(null, 'a', 'b', 'c'), fc.boolean(), fc.nat(10_000))
  .map(([kind, amount, said, revised_at, id, cumulative, minute]): CanonicalConversion => {
    const back = kind !== 'sale';
    return message(minute, {
      entry: kind,
      money: amount,
      revised_at,
      status: back ? null : said,
      refund_id: back ? id : null,
      cumulative: kind === 'refund' && cumulative,
    });
  });

/** Messages of one key, some of them said again later, in the order of their arrival and in any other with each delivered twice. */
const deliveries = fc.array(change, { minLength: 1, maxLength: 9 }).chain((messages) => {
  const again = fc
    .subarray(messages)
    .map((some) => some.map((one) => ({ ...one, received_at: one.received_at + 1e9 })));
  const shuffled = again.chain((repeats) => {
    const all = [...messages, ...repeats];
    const twice = [...all, ...all];
    return fc.tuple(fc.constant(all), fc.shuffledSubarray(twice, { minLength: twice.length }));
  });
  return shuffled;
});

/** When the conversions happened that still are ones. */
const timesOf = ({ state }: Played) => {
  const alive = new Set(state?.booked.map(({ conversion_id }) => conversion_id));
  return Object.fromEntries(Object.entries(state?.converted_at ?? {}).filter(([id]) => alive.has(id)));
};

it('comes to the same sums, statuses and times in any order and with any repetition', () => {
  fc.assert(
    fc.property(deliveries, policy, ([messages, delivered], how) => {
      const straight = play(messages, how);
      const mixed = play(delivered, how);
      expect(sums(mixed.entries)).toEqual(sums(straight.entries));
      expect(mixed.state?.statuses).toEqual(straight.state?.statuses);
      expect(timesOf(mixed)).toEqual(timesOf(straight));
    }),
    { numRuns: 1000 },
  );
});

it('books exactly what its entries sum to, never less than nothing', () => {
  fc.assert(
    fc.property(deliveries, policy, ([, delivered], how) => {
      const { state, entries } = play(delivered, how);
      const booked = (state?.booked ?? []).map(({ conversion_id, currency, ...amounts }) => ({
        ...{ conversion_id, currency },
        ...{ revenue_minor: amounts.revenue, payout_minor: amounts.payout, sale_value_minor: amounts.sale_value },
      }));
      expect(sums(booked as never)).toEqual(sums(entries));
      for (const sum of Object.values(sums(entries))) expect(Math.min(...sum)).toBeGreaterThanOrEqual(0);
    }),
  );
});

it('emits nothing when any message is delivered again', () => {
  fc.assert(
    fc.property(deliveries, policy, ([messages], how) => {
      const once = play(messages, how);
      const twice = play([...messages, ...messages], how);
      expect(twice.entries).toEqual(once.entries);
      expect(twice.steps.slice(messages.length).every(({ changed }) => !changed)).toBe(true);
    }),
  );
});

it('numbers entries uniquely and the same at every try', () => {
  fc.assert(
    fc.property(deliveries, policy, ([, delivered], how) => {
      const played = play(delivered, how);
      const { entries, state } = played;
      expect(new Set(entries.map(({ entry_id }) => entry_id)).size).toBe(entries.length);
      expect(state?.entry_count).toBe(entries.length);
      expect(play(structuredClone(delivered), how)).toEqual(played);
      expect(state?.pending).toEqual(entries);
    }),
  );
});
