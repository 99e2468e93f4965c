import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi } from '../support/api.ts';

let api: Awaited<ReturnType<typeof startApi>>;
beforeAll(async () => {
  api = await startApi();
  const put = async (path: string, body: object) =>
    expect((await api.call('PUT', `/v1/${path}`, { body })).status, path).toBe(201);
  await put('campaigns/welcome', { name: 'Welcome' });
  await put('offers/shoes', { destination: 'https://shop.example/' });
  await put('experiments/e1', {
    arms: [
      { name: 'treatment', share: 0.9 },
      { name: 'holdout', share: 0.1 },
    ],
  });
  await put('sources/shop', { profile: 'generic' });
  const link = { destination: 'https://shop.example/', campaign_id: 'only-linked', slug: 'a' };
  expect((await api.call('POST', '/v1/links', { body: link })).body.link_no).toBe(4_194_304);
});
afterAll(() => api.close());

const ask = async (report: string, query: Record<string, string>) =>
  api.call('GET', `/v1/reports/${report}?${new URLSearchParams(query)}`);
const warnings = async (report: string, query: Record<string, string>) => (await ask(report, query)).body.meta.warnings;

const clicks = (clicks_total: number) => ({ campaign_id: 'x', clicks_total, clicks_human: 0, is_total: false });

it.each([
  ['clicks', 'campaign', 'welcome,only-linked', 'welcom'],
  ['clicks', 'campaign_id', 'welcome', 'Welcome'],
  ['clicks', 'offer', 'shoes', 'shoe'],
  ['clicks', 'link', '4194304', '4194305'],
  ['clicks', 'domain', 'go.brand.com,two.brand.com', 'go.brand'],
  ['lift', 'experiment', 'e1', 'e2'],
  ['performance', 'source', 'shop,api', 'shopp'],
  ['sends', 'provider', 'shop,api,aws-sms', 'twilo'],
])('report %s warns of a %s that is not set up, and only of that', async (report, dimension, right, wrong) => {
  api.engine.rows = [clicks(1)];
  expect(await warnings(report, { [`filter.${dimension}`]: right })).not.toContainEqual(
    expect.objectContaining({ code: 'unknown_name' }),
  );
  expect(await warnings(report, { [`filter.${dimension}`]: `${right},${wrong},` })).toContainEqual({
    path: `filter.${dimension}`,
    code: 'unknown_name',
    message: expect.stringContaining(` ${wrong};`),
  });
});

it('says that nothing has the values, where nothing has', async () => {
  const none = { path: 'filter.message', code: 'nothing_fits', message: 'nothing in this range has these values' };
  const filter = { 'filter.message': 'welcom-1' };
  api.engine.rows = [];
  expect(await warnings('clicks', { ...filter, by: 'creative' })).toEqual([none]);
  expect(await warnings('clicks', {})).toEqual([]);
  api.engine.rows = [{ clicks_total: 0, clicks_human: 0, is_total: true }];
  expect(await warnings('clicks', filter)).toEqual([none]);
  api.engine.rows = [{ clicks_total: 1, clicks_human: 0, is_total: true }];
  expect(await warnings('clicks', filter)).toEqual([]);
});

it('a report that took longer has the warnings of its request still', async () => {
  await api.call('PATCH', '/v1/settings', { body: { attribution: { model: 'shapley', window: '7d' } } });
  api.engine.rows = [];
  api.engine.slowness = 1_000;
  const { status, body } = await ask('performance', {});
  expect(status).toBe(202);
  api.engine.slowness = 0;
  await api.call('PATCH', '/v1/settings', { body: { attribution: { model: 'last', window: '7d' } } });
  const done = await api.call('GET', body.run.location);
  expect(done.body.meta.warnings).toEqual([expect.objectContaining({ path: 'model', code: 'model_replaced' })]);
});

it.each([
  ['clicks', 'actor', 'Human', 'human, suspect, bot'],
  ['clicks', 'os', 'iOS', 'ios, android, windows, macos, linux, chromeos, other'],
  ['clicks', 'device', 'phone', 'mobile, tablet, desktop, tv, bot, other'],
  ['clicks', 'country', 'usa', 'ISO 3166-1'],
  ['clicks', 'weekday', '0', 'a number from 1 to 7'],
  ['clicks', 'hour_of_day', '24', 'a number from 0 to 23'],
  ['clicks', 'day', '1.6.2026', 'a date such as'],
  ['clicks', 'link', 'summer', 'the number of a link'],
  ['performance', 'event', 'sales', 'sale, lead, install, signup, rebill'],
  ['performance', 'status', 'aproved', 'pending, approved, rejected, reversed'],
  ['attribution', 'match', 'click', 'click_id, promo_code, identity, none'],
  ['sources', 'origin', 'import', 'postback, webhook, api, reconciliation'],
  ['sources', 'profile', 'shopfy', 'shopify'],
])('report %s refuses a %s of %s and says which there are', async (report, dimension, value, allowed) => {
  const asked = (text: string) => ask(report, { [`filter.${dimension}`]: text });
  const { status, body } = await asked(`${value},`);
  expect(status).toBe(422);
  expect(body.errors).toEqual([
    {
      path: `filter.${dimension}`,
      code: 'no_such_value',
      message: expect.stringMatching(new RegExp(`^${value} is no value of ${dimension}: it must be .*${allowed}`)),
    },
  ]);
  api.engine.rows = [];
  // Rows without a value, and conversions without a touch that has it.
  expect((await asked(',(unattributed)')).status).toBe(200);
});

it('lift has no single messages, and says why and what it has', async () => {
  for (const [path, query] of [
    ['by', { by: 'message' }],
    ['by', { by: 'link' }],
    ['filter.offer_id', { 'filter.offer_id': 'shoes' }],
  ] as const) {
    const { status, body } = await ask('lift', query);
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      {
        path,
        code: 'no_such_dimension',
        message: expect.stringMatching(
          /: who is drawn gets every message .*; known are experiment, arm, day, campaign/,
        ),
      },
    ]);
    expect(body.errors[0].message).not.toMatch(/known are .*(message|link|offer)/);
  }
  expect((await ask('lift', { by: 'segment,campaign,day,creative,attr.plan' })).status).toBe(200);
});
