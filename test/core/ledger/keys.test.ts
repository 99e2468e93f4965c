import { expect, it } from 'vitest';
import { sourceInput } from '../../../lambdas/core/entities/source.ts';
import { conversionKey, dedupeGroupOf, orderKey } from '../../../lambdas/core/ledger/keys.ts';
import { decideOrder, type OrderClaim } from '../../../lambdas/core/ledger/order.ts';
import { message, refund } from './messages.ts';

const sourceOf = (profile: string, rest = {}) => ({ id: profile, ...sourceInput.parse({ profile, ...rest }) });

it('keys a conversion by transaction, else order, else click', () => {
  const ids = { click_id: 'c', txn_id: 't', order_id: 'o' };
  expect(conversionKey(message(0, ids))).toBe('conv#shop#t#sale');
  expect(conversionKey(message(0, { ...ids, txn_id: null }))).toBe('conv#shop#order=o#sale');
  expect(conversionKey(message(0, { ...ids, txn_id: null, order_id: null, event: 'lead' }))).toBe('conv#shop#c#lead');
  expect(() => conversionKey(message(0, { txn_id: null, order_id: null }))).toThrow('reached the ledger');
});

it('puts all shops and own sites into one group, networks into none', () => {
  expect(['shopify', 'stripe', 'generic', 'tune'].map((profile) => dedupeGroupOf(sourceOf(profile)))).toEqual([
    'default',
    'default',
    'default',
    null,
  ]);
  expect(orderKey(sourceOf('shopify', { dedupe_group: 'eu' }), message(0))).toBe('order#eu#1#sale');
  expect(orderKey(sourceOf('tune'), message(0))).toBeNull();
  expect(orderKey(sourceOf('shopify'), message(0, { order_id: null }))).toBeNull();
});

it('lets the first source of a group own an order, with its refunds', () => {
  const key = 'conv#shop#1#sale';
  const first = decideOrder(null, message(0), key);
  const claim: OrderClaim = { source_id: 'shop', key, conversion_id: expect.stringMatching(/^cv_/) };
  expect(first).toEqual({ proceed: true, key, claim });
  const stored = first.proceed ? first.claim : null;
  const other = { source_id: 'site' };
  expect(decideOrder(stored, message(1, other), 'conv#site#1#sale')).toEqual({
    proceed: false,
    duplicate_of: stored?.conversion_id,
  });
  expect(decideOrder(stored, refund(1, 'r', 10, other), 'x')).toMatchObject({ proceed: false });
  expect(decideOrder(stored, refund(1, 'r', 10, { txn_id: null }), 'conv#shop#o#sale')).toEqual({
    ...{ proceed: true, key, claim: null },
  });
  expect(decideOrder(null, refund(1, 'r', 10), key)).toEqual({ proceed: true, key, claim: null });
});
