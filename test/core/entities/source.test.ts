import { expect, it } from 'vitest';
import { z } from 'zod';
import { type Source, sourceInput } from '../../../lambdas/core/entities/source.ts';
import { profiles } from '../../../lambdas/core/profiles/index.ts';

const faults = (input: unknown) =>
  (sourceInput.safeParse(input).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

it('needs only a profile, whose kind it takes', () => {
  const source: Source = { id: 'site', ...sourceInput.parse({ profile: 'generic' }) };
  expect(source).toEqual({
    id: 'site',
    name: null,
    profile: 'generic',
    kind: 'own',
    currency: null,
    max_click_age: null,
    duplicates: null,
    dedupe_group: null,
    secret: null,
    params: {},
    events: {},
    statuses: {},
    notation: null,
    cidrs: [],
    pixel: false,
    shop_domain: null,
    status: 'active',
    tags: [],
  });
});

it('takes back what it gave out, so that a document read can be written', () => {
  const source = sourceInput.parse({ profile: 'generic', cidrs: ['203.0.113.0/24', '2001:db8::/32'] });
  expect(sourceInput.parse(source)).toEqual(source);
});

it('names every fault with its path', () => {
  const found = faults({
    profile: 'generic',
    currency: 'usd',
    params: { clickid: 'x' },
    cidrs: ['10.0.0.0/33', '10.0.0.1'],
    surprise: 1,
  });
  expect(found.map((fault) => fault.split(':')[0]).sort()).toEqual(['', 'cidrs.0', 'cidrs.1', 'currency', 'params']);
  expect(faults({ profile: 'nobody' })[0]).toContain('must be one of');
});

it.each(['usd', 'us', 'USX', 'XXY', 'XAU', 'XXX', ''])(
  'refuses %j, of which no amount could be counted',
  (currency) => {
    expect(faults({ profile: 'generic', currency })).toEqual([
      'currency: must be the code of a currency in ISO 4217, in capitals, such as USD',
    ]);
  },
);

it('refuses a kind that is not the profile’s', () => {
  expect(faults({ profile: 'generic', kind: 'network' })).toEqual([
    'kind: follows from the profile: generic is own; leave it out',
  ]);
});

it('is described in OpenAPI with the secret as write-only', () => {
  const schema = z.toJSONSchema(sourceInput, { io: 'input' });
  expect(schema.properties?.secret).toMatchObject({ writeOnly: true });
  expect(Object.keys(profiles)).toContain('generic');
});
