import { describe, expect, it } from 'vitest';
import { emitted, isAwaitingSale } from '../../../lambdas/core/ledger/apply.ts';
import { lines, message, outcomes, play, refund, START, sale, sums, usd } from './messages.ts';

const approved = { status: 'approved' } as const;
const pending = { status: 'pending' } as const;
const rejected = { status: 'rejected' } as const;
const reversed = { status: 'reversed' } as const;

describe('one report', () => {
  it('is one entry with its key’s id, pending until it is emitted', () => {
    const { state, entries } = play([sale(0, 4990, { product: 'Boots', order_id: '7' })]);
    expect(entries).toEqual([
      {
        entry_id: `${state?.conversion_id}-1`,
        conversion_id: expect.stringMatching(/^cv_[0-9a-f]{20}$/),
        entry: 'sale',
        event: 'sale',
        status: 'approved',
        occurred_at: START,
        converted_at: START,
        received_at: START,
        source_id: 'shop',
        source_kind: 'shop',
        txn_id: '1',
        order_id: '7',
        click_id: null,
        refund_id: null,
        promo_code: null,
        product: 'Boots',
        quantity: null,
        revenue_minor: 4990,
        payout_minor: null,
        sale_value_minor: null,
        currency: 'USD',
        exponent: 2,
      },
    ]);
    expect(state?.key).toBe('conv#shop#1#sale');
    expect(state?.pending).toEqual(entries);
  });

  it('is cleared from pending when it is in the lake, whatever came between', () => {
    const first = play([sale(0, 100)]);
    const both = play([sale(0, 100), refund(1, 'r', 40)]);
    if (!both.state) throw new Error('no state');
    const after = emitted(both.state, new Set(first.entries.map(({ entry_id }) => entry_id)));
    expect(after.pending).toEqual(both.entries.slice(1));
    expect(emitted(after, new Set(['other']))).toBe(after);
  });

  it('may name no amount: a lead', () => {
    const { entries, state } = play([sale(0, null, { event: 'lead' })]);
    expect(entries).toMatchObject([{ entry: 'sale', event: 'lead', revenue_minor: 0, currency: null, exponent: null }]);
    expect(play([sale(0, null), sale(1, 500)]).entries).toMatchObject([
      { entry: 'sale', revenue_minor: 0 },
      { entry: 'correction', revenue_minor: 500, currency: 'USD' },
    ]);
    expect(state && isAwaitingSale(state)).toBe(false);
  });
});

describe('a second report', () => {
  it('of the same is a duplicate: only when it was last said is noted', () => {
    const played = play([sale(0, 100), sale(5, 100), sale(5, 100), sale(3, 100)]);
    expect(outcomes(played)).toEqual(['accepted', 'duplicate repeat', 'duplicate repeat', 'duplicate repeat']);
    expect(played.steps.map(({ changed }) => changed)).toEqual([true, true, false, false]);
    expect(lines(played)).toEqual(['sale approved 100']);
  });

  it('of what was said before counts again after another was said, in whatever order they are processed', () => {
    const messages = [sale(0, 100), sale(1, 130), sale(2, 100)];
    expect(lines(play(messages))).toEqual(['sale approved 100', 'correction approved 30', 'correction approved -30']);
    for (const order of [messages.toReversed(), [messages[0], messages[2], messages[1]]])
      expect(sums(play(order.flatMap((one) => one ?? [])).entries)).toEqual(sums(play([sale(0, 100)]).entries));
  });

  it('of another amount is an entry with the difference', () => {
    const played = play([sale(0, 100), sale(1, 130), sale(2, 80)]);
    expect(lines(played)).toEqual(['sale approved 100', 'correction approved 30', 'correction approved -50']);
    expect(outcomes(played)).toEqual(['accepted', 'adjusted amount_changed', 'adjusted amount_changed']);
    expect(played.entries[1]?.occurred_at).toBe(START + 60_000);
  });

  it('is refused by the policy reject, and another sale by add', () => {
    const refused = play([sale(0, 100), sale(1, 130)], 'reject');
    expect([lines(refused), outcomes(refused)]).toEqual([
      ['sale approved 100'],
      ['accepted', 'rejected second_amount_rejected'],
    ]);
    const added = play([sale(0, 100), sale(1, 130), sale(2, 100)], 'add');
    expect([lines(added), outcomes(added)]).toEqual([
      ['sale approved 100', 'sale approved 130'],
      ['accepted', 'accepted another_sale', 'duplicate repeat'],
    ]);
    expect(new Set(added.entries.map(({ conversion_id }) => conversion_id)).size).toBe(2);
    expect(new Set(added.entries.map(({ entry_id }) => entry_id)).size).toBe(2);
  });

  it('further down in a batch is the later, whatever their hashes and statuses', () => {
    for (let cents = 1; cents <= 20; cents++) {
      const batch = [sale(0, 100, { place: 0 }), sale(0, cents, { place: 1 })];
      for (const order of [batch, batch.toReversed()])
        expect(Object.values(sums(play(order).entries))).toEqual([[cents, 0, 0]]);
    }
    const back = [sale(0, 100, { ...reversed, place: 0 }), sale(0, 100, { ...approved, place: 1 })];
    expect(play(back.toReversed()).state?.statuses).toEqual(play(back).state?.statuses);
    expect(Object.values(play(back).state?.statuses ?? {})).toEqual(['approved']);
  });

  it('of the same second is ordered by status, then by arrival', () => {
    const second = { revised_at: START };
    for (let cents = 1; cents <= 20; cents++) {
      const edited = [sale(1, 100, second), sale(2, cents, second)];
      for (const order of [edited, edited.toReversed()])
        expect(Object.values(sums(play(order).entries))).toEqual([[cents, 0, 0]]);
    }
    const paid = [sale(2, 100, { ...second, ...pending }), sale(1, 100, { ...second, ...approved })];
    expect(Object.values(play(paid).state?.statuses ?? {})).toEqual(['approved']);
  });

  it('leaves the first amount where seconds are refused, though the first comes back', () => {
    const messages = [sale(0, 100), sale(1, 130), sale(2, 100)];
    for (const order of [messages, messages.toReversed()])
      expect(Object.values(sums(play(order, 'reject').entries))).toEqual([[100, 0, 0]]);
    const { entries } = play([sale(2, 130, pending), sale(1, 100)], 'reject');
    expect(entries.every(({ occurred_at }) => occurred_at >= START)).toBe(true);
  });

  it('in another currency takes the old amount out and puts the new one in', () => {
    const played = play([sale(0, 100), message(1, { money: usd(90, 'EUR') })]);
    expect(played.entries.map(({ currency, revenue_minor }) => [currency, revenue_minor])).toEqual([
      ['USD', 100],
      ['USD', -100],
      ['EUR', 90],
    ]);
  });

  it('that was sent earlier but processed later changes nothing', () => {
    expect(outcomes(play([sale(5, 130), sale(1, 100)]))).toEqual(['accepted', 'duplicate superseded']);
    expect(outcomes(play([sale(1, 130, { revised_at: START + 9 }), sale(5, 100, { revised_at: START })]))).toEqual([
      'accepted',
      'duplicate superseded',
    ]);
  });

  it('keeps the policy the key was first seen with', () => {
    const { state } = play([sale(0, 100)], 'reject');
    expect(state?.duplicates).toBe('reject');
  });
});

describe('status', () => {
  it('moves on without money, and takes it out when it is rejected', () => {
    const played = play([sale(0, 100, pending), sale(1, 100, approved), sale(2, 100, rejected)]);
    expect(lines(played)).toEqual(['sale pending 100', 'status approved 0', 'status reversed -100']);
    expect(outcomes(played)).toEqual(['accepted', 'adjusted status_changed', 'adjusted status_changed']);
    expect(lines(play([sale(0, 100, pending), sale(1, 100, rejected)]))).toEqual([
      'sale pending 100',
      'status rejected -100',
    ]);
  });

  it('may come back after it was taken: the third message is none of the first two', () => {
    const messages = [sale(0, 100, approved), sale(1, 100, rejected), sale(2, 100, approved)];
    const played = play([...messages, ...messages]);
    expect(lines(played)).toEqual(['sale approved 100', 'status reversed -100', 'status approved 100']);
    expect(outcomes(played).slice(1)).toEqual([
      ...['adjusted status_changed', 'adjusted status_changed'],
      ...['duplicate repeat', 'duplicate repeat', 'duplicate repeat'],
    ]);
    expect(lines(play([...messages, sale(3, 100, rejected)])).at(-1)).toBe('status reversed -100');
  });

  it('may come alone, without an amount, and be taken back', () => {
    expect(lines(play([sale(0, 100), sale(1, null, reversed), sale(2, null, approved)]))).toEqual([
      'sale approved 100',
      'status reversed -100',
      'status approved 100',
    ]);
  });

  it.each(['update', 'reject', 'add'] as const)(
    'rejected with an amount of 0 leaves what it was worth: %s',
    (policy) => {
      const played = play([sale(0, 100), sale(1, 0, rejected), sale(2, 0, rejected)], policy);
      expect(lines(played)).toEqual(['sale approved 100', 'status reversed -100']);
      expect(outcomes(played)).toEqual(['accepted', 'adjusted status_changed', 'duplicate repeat']);
    },
  );

  describe('a rejection of what is known, that overtook it', () => {
    const overtaking = { ...rejected, may_be: ['rebill', 'sale'] as const };

    it('counts after the first report, and leaves the amount to the last', () => {
      const { entries } = play([sale(0, 500, overtaking), sale(1, 900), sale(2, null)]);
      expect(sums(entries)).toEqual({});
      expect(entries.findLast(({ entry }) => entry === 'correction')?.revenue_minor ?? 400).toBe(400);
      expect(entries.at(-1)?.status).toBe('reversed');
    });

    it('is another than one that says what it is about, in whatever order they are processed', () => {
      const told = [sale(0, null, overtaking), sale(0.001, null, rejected), sale(1, 900, approved)];
      expect(sums(play(told).entries)).toEqual(sums(play(told.toReversed()).entries));
    });
  });

  it('rejected from the start is nobody’s money', () => {
    expect(lines(play([sale(0, 100, rejected)]))).toEqual(['sale rejected 100', 'status rejected -100']);
  });
});

it('turns a report without an amount into the sale that names one, where amounts are added', () => {
  const played = play([sale(0, null), sale(1, 100)], 'add');
  expect(lines(played)).toEqual(['sale approved 0', 'sale approved 100', 'status rejected 0']);
});

it('stops at a loop of reports', () => {
  const loop = Array.from({ length: 302 }, (_, index) => sale(index, index + 1));
  expect(outcomes(play(loop)).slice(-2)).toEqual(['quarantined too_many_changes', 'quarantined too_many_changes']);
});
