import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { minifiedSnippet, SNIPPET_BUDGET, type SnippetOptions, snippetOf } from '../../cli/snippet/build.ts';
import { ledgerKey } from '../../lambdas/contract/keys.ts';
import { mintClickId } from '../../lambdas/core/click-id.ts';
import { hashIdentity, parseHomeKeys } from '../../lambdas/core/home-keys.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { EDGE_SECRET, HOME_SECRET, startApi } from '../support/api.ts';
import { runCli } from '../support/terminal.ts';
import { startBrowser } from './browser.ts';
import { type Site, serveApi, startSite } from './site.ts';

const DAY = 86_400_000;
const [key = null] = parseKeyring(EDGE_SECRET).newestFirst;
const home = parseHomeKeys(HOME_SECRET);

let browser: Browser;
let context: BrowserContext;
let page: Page;
let api: Awaited<ReturnType<typeof startApi>>;
let served: Awaited<ReturnType<typeof serveApi>>;
let shop: Site;
let checkout: Site;
let html = '';
let clickId = '';

beforeAll(async () => {
  [browser, api] = await Promise.all([startBrowser(), startApi()]);
  served = await serveApi(api.services);
  shop = await startSite(() => html);
  checkout = await startSite(() => '<title>checkout</title>');
  await api.services.subscribers.enrol([{ id: 'ann', identities: {} }], api.clock.now + 20_000);
  clickId = mintClickId({ time: api.clock.now - 60_000, linkNo: 7, subscriberNo: 1, nonce: 1 }, key);
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([shop, checkout, served, api].map((each) => each?.close()));
});
beforeEach(async () => {
  context = await browser.newContext();
  page = await context.newPage();
  shop.got.length = 0;
});
afterEach(() => context.close());

/** Makes every page of the shop hold the snippet and this body. */
async function pages(body: string, options: Partial<SnippetOptions> = {}): Promise<void> {
  const all: SnippetOptions = {
    kind: 'html',
    api: served.origin,
    days: 90,
    hosts: [],
    param: 'click_id',
    needsConsent: false,
    ...options,
  };
  html = `<!doctype html><head>${await snippetOf(all)}</head><body>${body}`;
}

const land = (query = `?click_id=${clickId}`) => page.goto(`${shop.origin}/landing${query}`);
const goOn = () => page.goto(`${shop.origin}/next`);
const kept = () => page.evaluate('onehop.clickId() ?? null');
const stored = () => page.evaluate('[localStorage.onehop_click ?? null, document.cookie]');
const posted = (path: string) => shop.got.filter((got) => got.method === 'POST' && got.path === path);
const ownerOf = (email: string) =>
  api.services.ledgerTable.get(ledgerKey.identity('email', hashIdentity('email', email, home)));

/** Submits the form and waits until its page has come. */
async function submit(id = 'form'): Promise<void> {
  await Promise.all([page.waitForNavigation(), page.click(`#${id} button`)]);
}

describe('the snippet', () => {
  it.each(['html', 'shopify'] as const)('is small: %s', async (kind) => {
    const bytes = Buffer.byteLength(await minifiedSnippet(kind));
    expect(bytes).toBeGreaterThan(1_000);
    expect(bytes).toBeLessThan(SNIPPET_BUDGET);
  });

  it('keeps the click id of the landing page and puts it into forms that post to this site', async () => {
    const away = `http://localhost:${checkout.host.split(':')[1]}/`;
    await pages(`<form id="form" method="post" action="/order"><button>x</button></form>
      <form id="own" method="post" action="/own"><input name="click_id" value="old"><button>x</button></form>
      <form id="search" action="/search"><button>x</button></form>
      <form id="away" method="post" action="${away}"><button>x</button></form>`);
    await land();
    await goOn();
    expect(await kept()).toBe(clickId);
    const fields = await page.evaluate('[...document.forms].map((form) => [form.id, form.elements.click_id?.value])');
    expect(fields).toEqual([
      ['form', clickId],
      ['own', clickId],
      ['search', undefined],
      ['away', undefined],
    ]);
    await submit();
    expect(posted('/order').map(({ body }) => body)).toEqual([`click_id=${clickId}`]);
  });

  it('fills forms that come later, keeps the latest click and forgets after its days', async () => {
    await pages('', { days: 30 });
    await land();
    const later = mintClickId({ time: api.clock.now, linkNo: 7, subscriberNo: 0, nonce: 2 }, key);
    await land(`?click_id=${later}`);
    await page.evaluate(
      `document.body.innerHTML = '<form id="form" method="post" action="/late"><button>x</button></form>'`,
    );
    await submit();
    expect(posted('/late').map(({ body }) => body)).toEqual([`click_id=${later}`]);
    const until = Number(String(((await stored()) as string[])[0]).split('.')[1]);
    expect(Math.round((until - Date.now()) / DAY)).toBe(30);
    await page.evaluate(`localStorage.onehop_click = '${later}.' + (Date.now() - 1)`);
    expect([await kept(), await stored()]).toEqual([null, [null, '']]);
  });

  it('keeps nothing that is no click id', async () => {
    await pages('');
    for (const query of ['', '?click_id={click_id}', '?click_id=%3Cscript%3E', `?click_id=${clickId}0`])
      await land(query);
    expect(await stored()).toEqual([null, '']);
  });

  it('takes a cookie of this site where storage is switched off', async () => {
    await context.addInitScript(
      `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('off', 'SecurityError') } })`,
    );
    await pages('');
    await land();
    await goOn();
    expect(await kept()).toBe(clickId);
    const cookies = await context.cookies();
    expect(cookies).toMatchObject([{ name: 'onehop_click', domain: '127.0.0.1', sameSite: 'Lax' }]);
    expect(Math.round(((cookies[0]?.expires ?? 0) * 1_000 - Date.now()) / DAY)).toBe(90);
  });

  it('stores and hands on nothing before consent, and forgets when it is taken back', async () => {
    await pages('<form id="form" method="post" action="/order"></form>', { needsConsent: true });
    await land();
    const field = () => page.evaluate('document.forms[0].elements.click_id?.value ?? null');
    expect([await kept(), await field(), await stored()]).toEqual([null, null, [null, '']]);
    await page.evaluate('onehop.consent(true)');
    expect([await kept(), await field()]).toEqual([clickId, clickId]);
    await page.evaluate('onehop.consent(false)');
    expect([await kept(), await field(), await stored()]).toEqual([null, '', [null, '']]);
  });

  it('adds the click id to links of allowed hosts only', async () => {
    const { host, origin } = checkout;
    await pages(
      `<a id="pay" href="${origin}/pay?x=1#top"><b>pay</b></a><a id="other" href="http://localhost:${host.split(':')[1]}/">x</a>`,
      {
        hosts: [host],
      },
    );
    await land();
    await Promise.all([page.waitForNavigation(), page.click('#pay b')]);
    expect(page.url()).toBe(`${origin}/pay?x=1&click_id=${clickId}#top`);
    await goOn();
    await Promise.all([page.waitForNavigation(), page.click('#other')]);
    expect(page.url()).not.toContain('click_id');
  });

  it('tells the address of a form that says so, and of no other', async () => {
    const fields = '<input type="email" name="mail"><input name="billing_Phone"><button>x</button>';
    await pages(`<form id="form" method="post" action="/join" data-onehop-identify="DE">${fields}</form>
      <form id="quiet" method="post" action="/join">${fields}</form>`);
    await land();
    await page.fill('#quiet [name=mail]', 'quiet@example.com');
    await submit('quiet');
    await page.fill('#form [name=mail]', ' Ann@Example.com ');
    await page.fill('#form [name=billing_Phone]', '01511 234567');
    await submit();
    // The page is gone before its last words have arrived.
    await expect
      .poll(() => served.answered, { timeout: 20_000 })
      .toEqual([{ route: 'POST /identify', cookie: undefined, status: 204 }]);
    expect(await ownerOf('ann@example.com')).toMatchObject({ subscriber_id: 'ann' });
    const phone = hashIdentity('phone', '+491511234567', home);
    expect(await api.services.ledgerTable.get(ledgerKey.identity('phone', phone))).toMatchObject({
      subscriber_id: 'ann',
    });
    expect(await ownerOf('quiet@example.com')).toBeNull();
  });

  it('writes into a Shopify cart once for each cart', async () => {
    await pages('<form id="form" method="post" action="/cart"><button>x</button></form>', {
      kind: 'shopify',
      api: null,
    });
    const written = () => page.waitForResponse(`${shop.origin}/cart/update.js`);
    await Promise.all([written(), land()]);
    await page.waitForFunction('sessionStorage.onehop_click');
    await goOn();
    expect(posted('/cart/update.js')).toMatchObject([
      { body: JSON.stringify({ attributes: { click_id: clickId } }), type: 'application/json' },
    ]);
    await submit();
    expect(posted('/cart').map(({ body }) => new URLSearchParams(body).get('attributes[click_id]'))).toEqual([clickId]);
    await page.evaluate('document.cookie = "cart=another;path=/"');
    await Promise.all([written(), goOn()]);
    expect(posted('/cart/update.js')).toHaveLength(2);
  });
});

describe('onehop snippet', () => {
  const env = { ONEHOP_API: 'https://api.example/' };

  it('prints a script tag with its settings', async () => {
    const { out, code } = await runCli(['snippet', 'html', '--hosts', 'Pay.example, book.example', '--consent'], {
      env,
    });
    expect(code).toBe(0);
    expect(out).toBe(
      `<!-- Onehop: keeps the click id -->\n<script data-api="https://api.example" data-days="90" data-hosts="pay.example,book.example" data-consent="required">${await minifiedSnippet('html')}</script>\n`,
    );
    const quiet = await runCli(['snippet', 'shopify', '--no-identify', '--days', '30', '--param', 'cid'], { env });
    expect(quiet.out).toContain('<script data-days="30" data-param="cid">');
    expect(quiet.out).toContain('/cart/update.js');
    expect(quiet.out).not.toContain('api.example');
  });

  it.each([
    [['snippet', 'wix'], /html, shopify/],
    [['snippet', 'html', '--days', '400'], /1 to 90/],
    [['snippet', 'html', '--hosts', 'https://x.example'], /not a host/],
    [['snippet', 'html', '--stage', 'nowhere'], /not logged in/],
  ])('refuses %j', async (args, message) => {
    const { err, code } = await runCli(args, { env });
    expect([code === 0, err]).toEqual([false, expect.stringMatching(message)]);
  });
});
