import { describe, expect, it } from 'vitest';
import { parseHomeKeys } from '../../../lambdas/core/home-keys.ts';
import { apply, withdrawn } from '../../../lambdas/core/ledger/apply.ts';
import { conversionKey } from '../../../lambdas/core/ledger/keys.ts';
import { type ConversionRecord, recorded } from '../../../lambdas/core/ledger/record.ts';
import { voided } from '../../../lambdas/core/ledger/voided.ts';
import { matchKeysOf } from '../../../lambdas/core/match-keys.ts';
import { HOME_SECRET } from '../../support/api.ts';
import { lines, message, outcomes, play, refund, START, sale } from './messages.ts';

const from = { origin: 'postback', raw_ref: 'm', network: 'generic' } as const;
const voiding = { from, duplicate_of: 'cv_other', at: START + 600_000 };
const pixel = (minute: number, cents: number) => sale(minute, cents, { by_pixel: true });

/** The record of a conversion that said this. */
function recordOf(one: ReturnType<typeof message>): ConversionRecord {
  const transition = apply(null, conversionKey(one), one, 'update');
  const keys = matchKeysOf(one, parseHomeKeys(HOME_SECRET));
  const event = {
    id: 'e',
    source_id: 'shop',
    received_at: 0,
    outcome: 'accepted',
    reason: null,
    parameter: null,
  } as const;
  const join = { keys, match: { match: 'none' } } as unknown as ConversionRecord['join'];
  const record = recorded(null, {
    transition,
    join,
    from,
    event: { ...event, conversion_id: null, duplicate_of: null },
  });
  if (!record) throw new Error('nothing recorded');
  return record;
}

describe('a conversion that is another’s duplicate', () => {
  it('is rejected, whatever it said, and once', () => {
    const record = voided(recordOf(sale(0, 900)), voiding);
    expect(lines(record)).toEqual(['sale approved 900', 'status rejected -900']);
    expect(record.state).toMatchObject({
      duplicate_of: 'cv_other',
      statuses: { [record.state.conversion_id]: 'rejected' },
    });
    expect(record.pending).toHaveLength(2);
    expect(record.entries.at(-1)).toMatchObject({ occurred_at: voiding.at, received_at: voiding.at });
    expect(voided(record, voiding).entries).toHaveLength(2);
  });

  it('counts again by the very message it was told by', () => {
    const { state } = voided(recordOf(sale(0, 900)), voiding);
    const back = apply(state, state.key, sale(0, 900), 'update');
    expect(back).toMatchObject({ changed: true, outcome: 'adjusted', reason: 'status_changed' });
    expect(lines(back)).toEqual(['status approved 900']);
    expect(back.state).not.toHaveProperty('duplicate_of');
    expect(apply(back.state, state.key, sale(0, 900), 'update')).toMatchObject({ changed: false });
  });
});

describe('what a picture said', () => {
  it('counts until somebody who proves himself names an amount, and dates the sale', () => {
    const { state, ...played } = play([pixel(0, 1), sale(1, null, { status: 'pending' }), sale(2, 900)], 'reject');
    expect(lines(played)).toEqual(['sale approved 1', 'status pending 0', 'correction pending 899']);
    expect(new Set(Object.values(state?.converted_at ?? {}))).toEqual(new Set([message(0).occurred_at]));
  });

  it('is proved by whoever says the same, though in the same moment', () => {
    const played = play([pixel(0, 900), sale(0, 900), sale(1, 950)], 'reject');
    expect(outcomes(played)).toEqual(['accepted', 'duplicate repeat', 'rejected second_amount_rejected']);
  });
});

it('forgets what waits and is about another conversion, but nothing that was taken from a sale', () => {
  const waiting = play([refund(0, 'a', 100), refund(1, 'a', 120), refund(2, 'b', 50)]).state;
  if (!waiting) throw new Error('no state');
  expect(withdrawn(waiting, refund(3, 'a', 100)).facts.map(({ id }) => id)).toEqual(['b']);
  expect(withdrawn(waiting, refund(3, 'c', 100))).toBe(waiting);
  const { state } = play([refund(0, 'a', 100), sale(1, 900)]);
  if (!state) throw new Error('no state');
  expect(withdrawn(state, refund(3, 'a', 100))).toBe(state);
});
