import { describe, expect, it } from 'vitest';
import { exponentOf } from '../../../lambdas/core/money.ts';
import { setupOf } from '../../../lambdas/core/postback/setup.ts';
import { profiles } from '../../../lambdas/core/profiles/index.ts';
import type { ConversionProfile } from '../../../lambdas/core/profiles/profile.ts';
import { CLICK, interpreterOf, read } from '../postback/senders.ts';

const all = Object.entries(profiles).filter(
  (entry): entry is [string, ConversionProfile] => entry[1].reports === 'conversions',
);
const setup = (name: string, source: Record<string, unknown> = {}) => {
  const by = interpreterOf(name, source);
  return setupOf(by.source, by.profile, 'https://api.test', 'TOKEN');
};

it('covers every network and shop of the product', () => {
  expect(all.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      ...['affise', 'binom', 'cj', 'clickbank', 'everflow', 'generic', 'impact', 'keitaro'],
      ...['redtrack', 'shopify', 'stripe', 'tune', 'voluum', 'woocommerce'],
    ]),
  );
});

describe.each(all)('%s', (name, profile) => {
  it('has steps that lead to the generated URL, and leaves no placeholder of ours', () => {
    const { postback_url, setup: steps } = setup(name);
    expect(steps.join('\n')).toContain(postback_url);
    expect(steps.join('\n')).not.toMatch(/\{(url|subid_param|source)\}/);
    expect(steps.length).toBeGreaterThanOrEqual(4);
  });

  it('is known under a URL that fits its inlet', () => {
    const postback_url = setup(name).postback_url ?? '';
    const start = profile.inlet === 'webhooks' ? 'https://api.test/webhooks/my-' : 'https://api.test/postbacks/my-';
    expect(postback_url.startsWith(`${start}${name}`)).toBe(true);
    expect(profile.inlet === 'postbacks').toBe(profile.authentication.scheme === 'token');
  });

  it('uses conditions that are regular expressions, and currencies that exist', () => {
    const conditions = [
      ...(profile.ignore ?? []).flatMap(({ when }) => when),
      ...profile.shapes.flatMap(({ when = [], eachWhen = [] }) => [...when, ...eachWhen]),
    ];
    for (const { matches } of conditions) expect(() => new RegExp(matches)).not.toThrow();
    if (profile.currency && profile.currency !== 'account') expect(exponentOf(profile.currency)).toBeDefined();
    for (const word of [...Object.keys(profile.statuses), ...Object.keys(profile.events)])
      expect(word).toBe(word.toLowerCase());
  });
});

it.each(all.filter(([, { kind }]) => kind === 'network'))(
  '%s says by which command an offer carries its parameter',
  (name, { subidParam }) => {
    const step = setup(name).setup.find((line) => line.includes('offer’s destination'));
    expect(step).toContain(`npx onehop offer update <offer> --source-id my-${name}`);
    expect(step).toContain(`Onehop then adds ${subidParam} with the click id`);
  },
);

describe('steps of what a source was set up with', () => {
  it.each([
    ['generic', {}, 'click_id={click_id}&order_id={order_id}&amount={amount}'],
    [
      'generic',
      { params: { click_id: 'k', amount: 'total sum' } },
      'click_id={click_id}&k={click_id}&order_id={order_id}&total%20sum={amount}',
    ],
    ['affise', {}, 'click_id={click_id}&txn_id={txn_id}&payout={payout}'],
  ])('name the picture of %s with %j, and the source reads what it is given so', (name, source, query) => {
    const url = `https://api.test/pixel/my-${name}.gif?${query}`;
    const [step, ...others] = setup(name, { ...source, pixel: true }).setup.filter((line) => line.includes('/pixel/'));
    expect([step?.includes(`: ${url}. `), others]).toEqual([true, []]);
    const values: Record<string, string> = { click_id: CLICK, order_id: 'A1', txn_id: 'A1', amount: '5', payout: '5' };
    const given = query.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '');
    expect(read(name, { query: given }, source)).toMatchObject([
      { outcome: 'conversion', conversion: { click_id: CLICK, money: { revenue: 500 } } },
    ]);
    expect(setup(name, source).setup.join()).not.toContain('/pixel/');
  });

  it('say how to sign where a secret is demanded beside the token, and only there', () => {
    const steps = (name: string, secret_set_at: string | null) => {
      const by = interpreterOf(name);
      return setupOf({ ...by.source, secret_set_at }, by.profile, 'https://api.test', 'TOKEN').setup.join('\n');
    };
    const isSaid = (text: string) =>
      ['sig_time', 'x-onehop-time', 'x-onehop-signature'].map((word) => text.includes(word));
    expect(isSaid(steps('generic', '2026-06-01T12:00:00.000Z'))).toEqual([true, true, true]);
    expect(isSaid(steps('generic', null))).toEqual([false, false, false]);
    expect(isSaid(steps('stripe', '2026-06-01T12:00:00.000Z'))).toEqual([false, false, false]);
  });
});

const called = all.filter(([, { inlet }]) => inlet === 'postbacks').map(([name]) => name);
const networks = called.filter((name) => profiles[name]?.kind === 'network');

it.each(called)('%s reads back what its own URL sends', (name) => {
  const values = new Map(
    Object.entries({ click_id: CLICK, event: 'sale', status: 'approved', currency: 'USD', ts: '1780315200' }),
  );
  const url = setup(name).postback_url ?? '';
  const query = url
    .slice(url.indexOf('?') + 1)
    .split('&')
    .map((pair) => {
      const [parameter = ''] = pair.split('=');
      return `${parameter}=${values.get(parameter) ?? '5'}`;
    })
    .join('&');
  expect(read(name, { query })).toMatchObject([{ outcome: 'conversion', notes: [], conversion: { click_id: CLICK } }]);
});

it.each(networks)('%s quarantines its URL with macros unfilled', (name) => {
  const url = setup(name).postback_url ?? '';
  expect(read(name, { query: url.slice(url.indexOf('?') + 1) })).toMatchObject([{ outcome: 'quarantined' }]);
});

it('writes the URL in the names of the source', () => {
  const { postback_url, subid_param } = setup('everflow', { params: { click_id: 'our click' } });
  expect(postback_url).toBe(
    'https://api.test/postbacks/my-everflow/TOKEN?our%20click={sub1}&txn_id={transaction_id}&payout={payout}&amount={sale_amount}&event={event_id}',
  );
  expect(subid_param).toBe('sub1');
  expect(setup('shopify')).toMatchObject({ postback_url: 'https://api.test/webhooks/my-shopify', subid_param: null });
});
