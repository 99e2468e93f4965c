import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { hashIdentity, parseHomeKeys } from '../../../lambdas/core/home-keys.ts';
import type { ListRow } from '../../../lambdas/core/recipients/list.ts';
import { readRow } from '../../../lambdas/core/recipients/read-row.ts';

const keys = parseHomeKeys(JSON.stringify({ key_1: 'h'.repeat(64) }));
const read = (values: ListRow['values'], attributes = {}, country: 'DE' | 'US' | 'KR' | 'AU' | undefined = undefined) =>
  readRow({ place: 1, values, attributes }, { by: ['segment'], country, keys });
const errorOf = (...args: Parameters<typeof read>) => {
  const result = read(...args);
  return 'error' in result ? result.error : null;
};
const recipientOf = (...args: Parameters<typeof read>) => {
  const result = read(...args);
  if ('error' in result) throw new Error(result.error);
  return result.recipient;
};

describe('a subscriber id', () => {
  it('is taken as it is, but for spaces around it', () => {
    for (const id of ['a', 'ÄÖ 1', '"x"', '007', 'A|b#c', '💬', 'x'.repeat(128)])
      expect(recipientOf({ subscriber_id: ` ${id}\t` }).subscriberId).toBe(id);
  });

  it.each([
    [undefined, 'subscriber_id is missing'],
    ['  ', 'subscriber_id is missing'],
    ['x'.repeat(129), 'subscriber_id has 129 characters, the limit is 128'],
    ['a\u0000b', 'cannot be printed'],
    ['a\nb', 'cannot be printed'],
    ['a\u200Bb', 'cannot be printed'],
    ['a\uD800', 'cannot be printed'],
  ])('is refused: %j', (id, message) => {
    expect(errorOf(id === undefined ? {} : { subscriber_id: id })).toContain(message);
  });
});

describe('identities', () => {
  it('are the same hash for every way of writing them', () => {
    const hashes = (values: ListRow['values'], country?: 'DE' | 'US' | 'KR' | 'AU') =>
      recipientOf({ subscriber_id: 'a', ...values }, {}, country).identities;
    expect(hashes({ email: ' Anna.B+x@Example.COM ' })).toEqual({
      email: hashIdentity('email', 'anna.b+x@example.com', keys),
    });
    expect(hashes({ email: 'annab+x@example.com' })).not.toEqual(hashes({ email: 'anna.b+x@example.com' }));
    const german = { phone: hashIdentity('phone', '+4915123456789', keys) };
    expect(hashes({ phone: '+49 151 23456789' })).toEqual(german);
    expect(hashes({ phone: '0151/23456789' }, 'DE')).toEqual(german);
    expect(hashes({ phone: '(415) 555-0123' }, 'US')).toEqual(hashes({ phone: '+14155550123' }));
    // 00 as people of most countries dial it, also where their own country dials another prefix
    for (const country of [undefined, 'US', 'DE', 'KR'] as const)
      expect(hashes({ phone: '0049 151 23456789' }, country), country).toEqual(german);
    expect(hashes({ phone: '0011 49 151 23456789' }, 'AU')).toEqual(german);
    expect(hashes({ customer_id: ' 42 ' })).toEqual({ customer: hashIdentity('customer', '42', keys) });
  });

  it('may be missing or empty', () => {
    expect(recipientOf({ subscriber_id: 'a', email: ' ', phone: '', customer_id: '' }).identities).toEqual({});
  });

  it('are refused all at once, and never quoted', () => {
    const error = errorOf({
      subscriber_id: '',
      email: 'nobody@',
      phone: '12',
      customer_id: 'x'.repeat(201),
      segment: 'a b',
    });
    expect(error).toContain('subscriber_id is missing; email is not an e-mail address; phone has no country code');
    expect(error).toContain('customer_id has more than 200 characters; segment must be 1 to 64');
    expect(error).not.toContain('nobody');
    expect(errorOf({ subscriber_id: 'a', phone: '12' }, {}, 'US')).toContain('not a phone number of US');
  });
});

describe('attributes', () => {
  it('are kept as JSON where they have text', () => {
    expect(recipientOf({ subscriber_id: 'a' }, { city: ' Bern ', none: '', n: '1' }).attributes).toBe(
      '{"city":"Bern","n":"1"}',
    );
    expect(recipientOf({ subscriber_id: 'a' }, { none: '' }).attributes).toBeNull();
    expect(recipientOf({ subscriber_id: 'a' }, { broken: 'x\uD800' }).attributes).toBe('{"broken":"x\uFFFD"}');
  });

  it('may be 4,096 bytes together', () => {
    expect(errorOf({ subscriber_id: 'a' }, { x: 'y'.repeat(4_088) })).toBeNull();
    expect(errorOf({ subscriber_id: 'a' }, { x: 'y'.repeat(4_089) })).toContain(
      '4097 bytes together, the limit is 4096',
    );
  });
});

test('nothing of a row but its id, attributes and hashes gets into what is kept', () => {
  const secret = fc.stringMatching(/^[a-z]{12}$/);
  fc.assert(
    fc.property(secret, secret, (email, customer) => {
      const kept = recipientOf({ subscriber_id: 'a', email: `${email}@x.org`, customer_id: customer });
      expect(JSON.stringify(kept)).not.toMatch(new RegExp(`${email}|${customer}`));
    }),
  );
});
