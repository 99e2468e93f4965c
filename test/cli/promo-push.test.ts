import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.ts';
import { type ShopifyOptions, startShopify } from '../support/fake-shopify.ts';
import { fetchOf, type RunOptions, runCli } from '../support/terminal.ts';

const TOKEN = 'shpat_0123456789abcdef';
const SHOP = 'my-shop.myshopify.com';

let api: Awaited<ReturnType<typeof startApi>>;
beforeAll(async () => {
  api = await startApi();
  await api.call('PUT', '/v1/campaigns/welcome', {
    body: { promo: { prefix: 'W', type: 'percentage', value: '10', expires_at: '2027-01-31T23:59:59Z' } },
  });
  await api.call('PUT', '/v1/campaigns/fiver', {
    body: { promo: { prefix: 'F', type: 'fixed', value: '5.00', currency: 'EUR' } },
  });
  await api.call('PUT', '/v1/campaigns/plain', { body: {} });
});
afterAll(() => api.close());

let shopify: Awaited<ReturnType<typeof startShopify>>;
let folder: string;
const clock = { now: 0 };
async function newShop(options: ShopifyOptions = {}): Promise<void> {
  await shopify?.close();
  shopify = await startShopify({ token: TOKEN, now: () => clock.now, ...options });
}
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'onehop-promo-'));
  clock.now = Date.parse('2026-06-01T12:00:00Z');
  await newShop();
});
afterEach(async () => {
  await shopify.close();
  rmSync(folder, { recursive: true });
});

/** Sleeping moves the clock, so that waits are exact and take no time. */
const slept: number[] = [];
const options = (): RunOptions => ({
  fetch: shopify.fetchWith(fetchOf(api.call)),
  now: () => clock.now,
  sleep: async (ms) => {
    slept.push(ms);
    clock.now += ms;
  },
  env: { ONEHOP_API: 'http://api', ONEHOP_TOKEN: api.token, SHOPIFY_ADMIN_TOKEN: TOKEN, XDG_CONFIG_HOME: folder },
});

function minted(codes: readonly string[], name = 'minted.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, `subscriber_id,promo_code\n${codes.map((code, at) => `s${at},${code}`).join('\n')}\n`);
  return path;
}
const codesOf = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => `W-${String(from + at).padStart(5, '0')}`);

async function push(codes: readonly string[], more: readonly string[] = [], campaign = 'welcome') {
  const args = ['promo', 'push', '--campaign-id', campaign, '--shop', SHOP, '--file', minted(codes), ...more, '--json'];
  const ended = await runCli(args, options());
  expect(ended.out + ended.err).not.toContain(TOKEN);
  return { ...ended, result: ended.out ? JSON.parse(ended.out) : null };
}
const operations = () => shopify.calls.map(({ operation }) => operation);

describe('the discount', () => {
  it('is made from the campaign’s promo, once for each code and customer', async () => {
    const { code, result } = await push(codesOf(3));
    expect([code, result]).toMatchObject([
      0,
      { created: true, added: 3, present: 0, failed: 0, title: 'Onehop welcome' },
    ]);
    const created = shopify.calls.find(({ operation }) => operation === 'OnehopDiscountCreate');
    expect(created?.variables.discount).toEqual({
      title: 'Onehop welcome',
      code: 'W-00000',
      startsAt: '2026-06-01T12:00:00.000Z',
      endsAt: '2027-01-31T23:59:59.000Z',
      usageLimit: 1,
      appliesOncePerCustomer: true,
      context: { all: 'ALL' },
      customerGets: { value: { percentage: 0.1 }, items: { all: true } },
    });
    expect([...shopify.shop.codes.keys()]).toEqual(codesOf(3));
  });

  it('takes a fixed amount in the shop’s currency, and no other', async () => {
    expect((await push(codesOf(2), [], 'fiver')).err).toContain(
      "the campaign's promo is in EUR, the shop sells in USD",
    );
    expect(shopify.shop.discounts.size).toBe(0);
    await newShop({ currency: 'EUR' });
    expect((await push(codesOf(2), [], 'fiver')).result.added).toBe(2);
    const [discount] = shopify.shop.discounts.values();
    expect(discount?.input.customerGets?.value).toEqual({
      discountAmount: { amount: '5.00', appliesOnEachItem: false },
    });
    // Found again although Shopify writes the amount in its own way.
    expect((await push(codesOf(2), [], 'fiver')).result).toMatchObject({ created: false, present: 2 });
  });

  it('is found by its title where the first code is new', async () => {
    await push(codesOf(2, 10));
    expect((await push(codesOf(3))).result).toMatchObject({ created: false, added: 3 });
    expect(shopify.shop.discounts.size).toBe(1);
  });

  it('is refused with every difference where it gives something else, unless it was named', async () => {
    const id = shopify.shop.addDiscount('Onehop welcome', {
      usageLimit: 5,
      appliesOncePerCustomer: true,
      customerGets: { value: { percentage: 0.25 } },
    });
    const { code, err } = await push(codesOf(2));
    expect(code).toBe(1);
    for (const part of ['takes off 0.25 of 1', 'ends never', '5 times, not once', `--discount-id ${id}`])
      expect(err).toContain(part);
    expect(shopify.shop.codes.size).toBe(0);
    expect((await push(codesOf(2), ['--discount-id', id.split('/').at(-1) ?? ''])).result.added).toBe(2);
    expect((await push(codesOf(2), ['--discount-id', '77'])).err).toContain('no discount with codes of the id 77');
  });

  it('is not made twice where the answer is lost on the way', async () => {
    const { fetch = globalThis.fetch } = options();
    let isCut = false;
    const cutting: typeof globalThis.fetch = (input, init) => {
      if (!isCut && String(init?.body).includes('OnehopDiscountCreate')) {
        isCut = true;
        shopify.faults.push('cut-after');
      }
      return fetch(input, init);
    };
    const args = ['promo', 'push', '--campaign-id', 'welcome', '--shop', SHOP, '--file', minted(codesOf(2))];
    expect(await runCli(args, { ...options(), fetch: cutting })).toMatchObject({ code: 0 });
    expect(isCut).toBe(true);
    expect(shopify.shop.discounts.size).toBe(1);
    expect(shopify.shop.codes.size).toBe(2);
  });
});

describe('the codes', () => {
  it('go in batches of 250, several under way at once', async () => {
    const { result } = await push(codesOf(2_101));
    expect(result).toMatchObject({ added: 2_101, present: 0, failed: 0 });
    const sizes = shopify.calls
      .filter(({ operation }) => operation === 'OnehopCodesAdd')
      .map(({ variables }) => (variables.codes as unknown[]).length);
    expect(Math.max(...sizes)).toBe(250);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2_100);
    expect(shopify.shop.mostJobs).toBeGreaterThan(1);
    expect(new Set(shopify.shop.codes.keys())).toEqual(new Set(codesOf(2_101)));
  });

  it('that are there already are counted, and only what is missing is added', async () => {
    await push(codesOf(300));
    expect((await push(codesOf(600))).result).toMatchObject({ created: false, added: 300, present: 300, failed: 0 });
    expect((await push(codesOf(600))).result).toMatchObject({ added: 0, present: 600 });
    expect(shopify.shop.codes.size).toBe(600);
  });

  it('are waited for until the job has counted them all', async () => {
    shopify.shop.pollsUntilDone = 7;
    expect((await push(codesOf(100))).result.added).toBe(100);
    expect(operations().filter((name) => name === 'OnehopCodesStatus')).toHaveLength(7);
  });

  it('that Shopify refuses are named with the reason, and the status says so', async () => {
    shopify.shop.refused.add('W-00007');
    const { code, err, result } = await push(codesOf(20));
    expect(code).toBe(1);
    expect(result).toMatchObject({ added: 19, failed: 1 });
    expect(err).toContain('W-00007: Code is reserved.');
  });

  it('that lie in another discount are not called present', async () => {
    const value = { percentage: 0.5 };
    shopify.shop.addDiscount('Somebody else’s', {
      code: 'w-00005',
      appliesOncePerCustomer: false,
      customerGets: { value },
    });
    const { code, err } = await push(codesOf(10));
    expect(code).toBe(1);
    expect(err).toContain('W-00005: belongs to another discount');
  });

  it('stand once in the shop however often they stand in the list, blanks left out', async () => {
    expect((await push(['W-1', 'W-2', 'W-1', '', 'W-2'])).result.added).toBe(2);
    expect((await push([''])).err).toContain('has no promo codes');
  });
});

describe('a shop that is slow or fails', () => {
  it('is never asked for more than its points, and what it throttles is tried again', async () => {
    await newShop({ bucket: { size: 100, rate: 10 } });
    expect((await push(codesOf(5_000))).result.added).toBe(5_000);
    // 20 batches of 10 points alone take 10 s at this rate; the clock shows that they were waited for.
    expect(clock.now - Date.parse('2026-06-01T12:00:00Z')).toBeGreaterThan(10_000);
    expect(shopify.throttle.refusals).toBeLessThan(20);
  });

  it('is tried again after 429, 5xx and cut connections', async () => {
    slept.length = 0;
    shopify.faults.push(
      { status: 429, headers: { 'retry-after': '2' } },
      { status: 503 },
      'cut',
      { status: 500 },
      'cut-after',
    );
    expect((await push(codesOf(10))).result).toMatchObject({ failed: 0 });
    expect(shopify.shop.codes.size).toBe(10);
    expect(slept).toContain(2_000);
  });

  it('is given up after eight tries, and the next run goes on behind what is done', async () => {
    const codes = codesOf(1_500);
    const { fetch = globalThis.fetch } = options();
    let adds = 0;
    const failing: typeof globalThis.fetch = async (input, init) => {
      if (String(init?.body).includes('OnehopCodesAdd') && ++adds > 5) return new Response('', { status: 503 });
      return fetch(input, init);
    };
    const args = ['promo', 'push', '--campaign-id', 'welcome', '--shop', SHOP, '--file', minted(codes), '--json'];
    const first = await runCli(args, { ...options(), fetch: failing });
    expect(first).toMatchObject({ code: 1, out: '', err: expect.stringContaining('run this again') });
    const known = shopify.shop.codes.size;
    expect(known).toBeLessThan(1_500);

    shopify.calls.length = 0;
    const again = await runCli(args, options());
    expect(again.code).toBe(0);
    expect(again.err).toContain('going on behind');
    expect(JSON.parse(again.out)).toMatchObject({ created: false, failed: 0 });
    expect(shopify.shop.codes.size).toBe(1_500);
    const sent = shopify.calls.flatMap(({ variables }) => (variables.codes as unknown[]) ?? []).length;
    expect(sent).toBeLessThan(1_500);
    expect(readdirSync(join(folder, 'onehop'))).toEqual([]);
  });

  it('does not go on in the middle of another list', async () => {
    const { fetch = globalThis.fetch } = options();
    let adds = 0;
    const failing: typeof globalThis.fetch = async (input, init) =>
      String(init?.body).includes('OnehopCodesAdd') && ++adds > 3
        ? new Response('', { status: 400 })
        : fetch(input, init);
    const args = [
      'promo',
      'push',
      '--campaign-id',
      'welcome',
      '--shop',
      SHOP,
      '--file',
      minted(codesOf(1_500)),
      '--json',
    ];
    expect((await runCli(args, { ...options(), fetch: failing })).code).toBe(1);
    expect(readdirSync(join(folder, 'onehop'))).toHaveLength(1);
    expect((await push(codesOf(300, 5_000))).result).toMatchObject({ added: 300, resumed_at: 0 });
  });

  it.each([
    [{ status: 401 } as const, /refuses the access token/],
    [{ status: 403 } as const, /read_discounts and write_discounts/],
    [{ status: 404 } as const, /there is no shop my-shop/],
    [{ status: 402 } as const, /frozen/],
    [{ redirect: 'http://elsewhere.example/' } as const, /does not answer/],
  ])('is told by %o', async (fault, message) => {
    shopify.faults.push(...Array.from({ length: 8 }, () => fault));
    expect(await push(codesOf(2))).toMatchObject({ code: 1, err: expect.stringMatching(message) });
  });
});

describe('credentials', () => {
  it('come from the environment or a file, and go to a shop’s own host only', async () => {
    const file = join(folder, 'token');
    writeFileSync(file, `${TOKEN}\n`);
    const args = ['promo', 'push', '--campaign-id', 'welcome', '--file', minted(codesOf(2))];
    const { SHOPIFY_ADMIN_TOKEN: _, ...env } = options().env ?? {};
    const without = { ...options(), env };
    expect(await runCli([...args, '--shop', SHOP], without)).toMatchObject({
      code: 1,
      err: expect.stringContaining('SHOPIFY_ADMIN_TOKEN'),
    });
    expect((await runCli([...args, '--shop', SHOP, '--token-file', file], without)).code).toBe(0);
    for (const host of [
      'evil.example',
      'my-shop.myshopify.com.evil.example',
      'http://my-shop.myshopify.com',
      'x.myshopify.com/path',
    ])
      expect(await runCli([...args, '--shop', host], options())).toMatchObject({
        code: 1,
        err: expect.stringContaining('is not a shop'),
      });
    expect((await runCli([...args, '--shop', SHOP, '--token-file', '/nowhere'], without)).err).toContain(
      'no file /nowhere',
    );
    expect((await runCli(['promo', 'push', '--help'], options())).out).not.toMatch(/--token </);
    expect(existsSync(file)).toBe(true);
  });

  it('are of no use for a campaign without a promo', async () => {
    expect((await push(codesOf(2), [], 'plain')).err).toContain('has no promo');
    expect((await push(codesOf(2), [], 'nothing')).err).toContain('there is no campaign nothing');
    expect(shopify.calls).toEqual([]);
  });
});

describe('a source', () => {
  const pushFrom = (...args: string[]) =>
    runCli(['promo', 'push', '--campaign-id', 'welcome', '--file', minted(codesOf(2)), ...args, '--json'], options());

  it('names the shop, and never the token', async () => {
    await api.call('PUT', '/v1/sources/shop', { body: { profile: 'shopify', shop_domain: SHOP.toUpperCase() } });
    const { code, out } = await pushFrom('--source', 'shop');
    expect([code, JSON.parse(out)]).toMatchObject([0, { created: true, added: 2 }]);
    expect(shopify.shop.codes.size).toBe(2);
    const { SHOPIFY_ADMIN_TOKEN: _, ...env } = options().env ?? {};
    const args = ['promo', 'push', '--campaign-id', 'welcome', '--source', 'shop', '--file', minted(codesOf(2))];
    expect((await runCli(args, { ...options(), env })).err).toContain('SHOPIFY_ADMIN_TOKEN');
  });

  it('that is no shop, or does not know which, is refused with what to do', async () => {
    await api.call('PUT', '/v1/sources/net', { body: { profile: 'everflow' } });
    await api.call('PUT', '/v1/sources/nameless', { body: { profile: 'shopify' } });
    expect((await pushFrom('--source', 'net')).err).toContain('its profile is everflow');
    expect((await pushFrom('--source', 'nameless')).err).toContain('source update nameless --shop-domain');
    expect((await pushFrom('--source', 'none')).err).toContain('there is no source none');
    expect((await pushFrom()).err).toContain('say which shop');
    expect((await pushFrom('--source', 'shop', '--shop', SHOP)).err).toContain('say which shop');
    expect(shopify.calls).toEqual([]);
  });
});
