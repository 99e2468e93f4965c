import { describe, expect, it } from 'vitest';
import { isAwaitingSale } from '../../../lambdas/core/ledger/apply.ts';
import { chargeback, lines, outcomes, play, refund, START, sale, sums, usd } from './messages.ts';

const reversed = { status: 'reversed' } as const;

describe('taking back', () => {
  it('counts equal refunds with different ids, and the same id once', () => {
    const played = play([sale(0, 100), refund(1, 'a', 30), refund(2, 'b', 30), refund(3, 'a', 30)]);
    expect(lines(played)).toEqual(['sale approved 100', 'refund approved -30', 'refund approved -30']);
    expect(outcomes(played)).toEqual(['accepted', 'accepted', 'accepted', 'duplicate repeat']);
    expect(played.entries[2]).toMatchObject({ refund_id: 'b', occurred_at: START + 120_000 });
  });

  it('takes equal refunds without an id for one', () => {
    expect(lines(play([sale(0, 100), refund(1, null, 30), refund(2, null, 30)]))).toHaveLength(2);
  });

  it('never takes more than was sold, and says so', () => {
    const played = play([sale(0, 100), refund(1, 'a', 80), refund(2, 'b', 80), chargeback(3, 'c', 80)]);
    expect(lines(played)).toEqual(['sale approved 100', 'refund approved -80', 'refund approved -20']);
    expect(outcomes(played)).toEqual([
      'accepted',
      'accepted',
      'accepted refund_exceeds_sale',
      'accepted already_reversed',
    ]);
  });

  it('takes what is left where no amount is named', () => {
    expect(lines(play([sale(0, 100), refund(1, 'a', 30), refund(2, 'b', null)]))).toEqual([
      'sale approved 100',
      'refund approved -30',
      'refund approved -70',
    ]);
  });

  it('waits for its sale', () => {
    const early = play([refund(0, 'a', 30)]);
    expect([outcomes(early), early.entries]).toEqual([['accepted awaiting_sale'], []]);
    expect(early.state && isAwaitingSale(early.state)).toBe(true);
    const played = play([refund(0, 'a', 30), sale(5, 100)]);
    expect(lines(played)).toEqual(['sale approved 100', 'refund approved -30']);
    expect(played.entries[1]).toMatchObject({ occurred_at: START, converted_at: START + 300_000 });
  });

  it('and cancelling, in either order, comes to nothing', () => {
    const messages = [sale(0, 100), refund(1, 'a', 100), sale(2, 100, reversed)];
    expect(sums(play(messages).entries)).toEqual({});
    expect(sums(play([sale(0, 100), sale(2, 100, reversed), refund(1, 'a', 100)]).entries)).toEqual({});
  });

  it('is not applied in another currency', () => {
    const euros = refund(1, 'a', null, { money: usd(10, 'EUR') });
    const played = play([sale(0, 100), euros]);
    expect(outcomes(played)).toEqual(['accepted', 'quarantined refund_currency_differs']);
    expect(played.steps[1]?.changed).toBe(false);
    expect(sums(play([euros, sale(0, 100)]).entries)).toEqual(sums(played.entries));
  });

  it('that failed in the very second in which it was made takes nothing', () => {
    const made = refund(1, 'a', 30);
    const failed = refund(1, 'a', 0);
    for (const order of [
      [made, failed],
      [failed, made],
    ])
      expect(Object.values(sums(play([sale(0, 100), ...order]).entries))).toEqual([[100, 0, 0]]);
  });

  it('of a chargeback that was won gives the money back', () => {
    expect(lines(play([sale(0, 100), chargeback(1, 'd', 100), chargeback(2, 'd', 0)]))).toEqual([
      'sale approved 100',
      'chargeback approved -100',
      'correction approved 100',
    ]);
  });

  it('counts a total and the refunds it consists of once, in any order', () => {
    const total = (minute: number, cents: number) => refund(minute, 'ch_1', cents, { cumulative: true });
    const messages = [sale(0, 100), refund(1, 'a', 20), total(2, 20), refund(3, 'b', 30), total(4, 50)];
    for (const order of [messages, messages.toReversed()])
      expect(Object.values(sums(play(order).entries))).toEqual([[50, 0, 0]]);
    expect(outcomes(play(messages.slice(0, 3))).at(-1)).toBe('duplicate repeat');
    expect(Object.values(sums(play([sale(0, 100), total(1, 20), total(2, 50)]).entries))).toEqual([[50, 0, 0]]);
    const failed = [sale(0, 100), refund(1, 'a', 30), total(2, 30), refund(3, 'a', 0)];
    for (const order of [failed, failed.toReversed()])
      expect(Object.values(sums(play(order).entries))).toEqual([[100, 0, 0]]);
  });

  it('goes to the sale of its amount where a click made several', () => {
    const { entries } = play([sale(0, 100), sale(1, 130), refund(2, 'a', 130)], 'add');
    const [first, second, back] = entries;
    expect(back).toMatchObject({ entry: 'refund', revenue_minor: -130, conversion_id: second?.conversion_id });
    expect(first?.conversion_id).not.toBe(second?.conversion_id);
  });
});
