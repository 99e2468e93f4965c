import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobPrefix } from '../../lambdas/contract/lake.ts';
import { mintClickId } from '../../lambdas/core/click-id.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { INLINE_BYTES } from '../../lambdas/postback/store.ts';
import { createRequeue, requeue } from '../../lambdas/requeue/handler.ts';
import { EDGE_SECRET } from '../support/api.ts';
import { startPostback, TOKEN } from './harness.ts';

let postback: ReturnType<typeof startPostback>;
beforeEach(() => {
  postback = startPostback();
  postback.addSource('tune-1', { profile: 'tune' });
  postback.addSource('shop', { profile: 'shopify' }, 'whsec-of-the-shop');
});

const signed = (body: string | Buffer, secret = 'whsec-of-the-shop') => ({
  'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
  'x-shopify-topic': 'orders/paid',
  'content-type': 'application/json',
});

describe('a postback', () => {
  it('is archived and queued before it is answered with what its network wants to read', async () => {
    const answer = await postback.call('GET', `/postbacks/tune-1/${TOKEN}?aff_click_id=abc&payout=%7Bpayout%7D`);
    expect(answer).toMatchObject({ statusCode: 200, body: 'success=true;' });
    const message = {
      id: 'message-1',
      source_id: 'tune-1',
      received_at: postback.clock.now,
      method: 'GET',
      query: 'aff_click_id=abc&payout=%7Bpayout%7D',
    };
    expect(postback.queue.messages).toMatchObject([{ ...message, origin: 'postback', body: '', body_ref: null }]);
    expect(postback.streams.rows.postbacks).toMatchObject([message]);
  });

  it('of an archived source is told so where its token is valid, and is not stored; all others learn nothing', async () => {
    postback.addSource('old', { profile: 'tune', status: 'archived' });
    const told = await postback.call('GET', `/postbacks/old/${TOKEN}?aff_click_id=abc`);
    expect(told).toMatchObject({ statusCode: 404, body: expect.stringContaining('old is archived') });
    expect(told.body).toContain('npx onehop source resume old');
    const stranger = await postback.call('GET', '/postbacks/old/wrong');
    const none = await postback.call('GET', '/postbacks/gone/wrong');
    expect({ ...stranger, body: stranger.body?.replace('old', 'gone') }).toEqual(none);
    expect([postback.queue.messages, postback.log]).toEqual([[], []]);
  });

  it('of an archived source that is an unsigned ping, as anybody can send it, learns nothing', async () => {
    postback.addSource('oldwoo', { profile: 'woocommerce', status: 'archived' }, 'a-signing-secret');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const ping = await postback.call('POST', '/webhooks/oldwoo', { headers, body: 'webhook_id=7' });
    expect(ping).toMatchObject({ statusCode: 404, body: expect.stringContaining('there is no source') });
  });

  it.each([
    ['a wrong token', '/postbacks/tune-1/wrong', 403],
    ['an unknown source', `/postbacks/none/${TOKEN}`, 404],
    ['a webhook’s path', '/webhooks/tune-1', 404],
    ['another path', '/postbacks', 404],
  ])('with %s is refused and not stored', async (_, path, status) => {
    const answer = await postback.call(path.startsWith('/webhooks') ? 'POST' : 'GET', path);
    expect(answer.statusCode).toBe(status);
    expect([postback.queue.messages, postback.streams.rows.postbacks]).toEqual([[], []]);
    expect(JSON.stringify([postback.log, answer.body])).not.toContain(TOKEN);
  });

  it('comes from its ranges only, where the source names some', async () => {
    postback.addSource('fenced', { profile: 'tune', cidrs: ['198.51.100.0/24'] });
    const from = (address: string) => postback.call('GET', `/postbacks/fenced/${TOKEN}?payout=1`, { address });
    expect((await from('203.0.113.9')).statusCode).toBe(403);
    expect((await from('198.51.100.7')).statusCode).toBe(200);
  });

  it('goes to the store of deliveries where its source tells of messages', async () => {
    postback.addSource('sms', { profile: 'twilio' }, 'auth-token-of-the-account');
    const body = 'MessageSid=SM1&MessageStatus=delivered';
    const url = 'https://api.brand.com/webhooks/sms?code=abc';
    const text = `${url}MessageSidSM1MessageStatusdelivered`;
    const signature = createHmac('sha1', 'auth-token-of-the-account').update(text).digest('base64');
    const headers = { 'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded' };
    expect((await postback.call('POST', '/webhooks/sms?code=abc', { headers, body })).statusCode).toBe(204);
    expect(postback.delivered).toEqual([{ sourceId: 'sms', body }]);
    expect((await postback.call('POST', '/webhooks/sms?code=abd', { headers, body })).statusCode).toBe(403);
    expect(postback.queue.messages).toEqual([]);
  });
});

describe('a webhook', () => {
  it('keeps its raw body, and of its headers only what the profile reads', async () => {
    const body = '{"id":1,  "note":"ä"}';
    expect((await postback.call('POST', '/webhooks/shop', { headers: signed(body), body })).statusCode).toBe(200);
    const [message] = postback.queue.messages;
    expect(Buffer.from(message?.body ?? '', 'base64').toString()).toBe(body);
    expect(message).toMatchObject({ content_type: 'application/json', origin: 'webhook' });
    expect(message?.headers).toEqual({ 'x-shopify-topic': 'orders/paid' });
    expect(JSON.stringify(postback.streams.rows.postbacks)).not.toContain('hmac');
  });

  it('is refused where one byte of it differs, or its secret does', async () => {
    const body = '{"id":1}';
    const headers = signed(body);
    expect((await postback.call('POST', '/webhooks/shop', { headers, body: '{"id":2}' })).statusCode).toBe(403);
    expect((await postback.call('POST', '/webhooks/shop', { headers: signed(body, 'x'), body })).statusCode).toBe(403);
    expect(postback.queue.messages).toEqual([]);
  });

  it('of a large body leaves the body in an object, and one of more than six megabytes is refused', async () => {
    const large = Buffer.alloc(INLINE_BYTES + 1, 'x');
    await postback.call('POST', '/webhooks/shop', { headers: signed(large), body: large });
    const [message] = postback.queue.messages;
    expect(message).toMatchObject({ body: null, body_ref: `${blobPrefix.bodies}2026-06-01/message-1` });
    expect(postback.blobs.objects.get(message?.body_ref ?? '')).toEqual(large);
    const huge = Buffer.alloc(6_000_001);
    expect((await postback.call('POST', '/webhooks/shop', { headers: signed(huge), body: huge })).statusCode).toBe(413);
  });
});

describe('the ping that WooCommerce sends when a webhook is saved', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const ping = (source: string, body = 'webhook_id=5', headers: Record<string, string> = {}) =>
    postback.call('POST', `/webhooks/${source}`, { headers: { ...form, ...headers }, body });
  beforeEach(() => {
    postback.addSource('woo', { profile: 'woocommerce' }, 'secret-of-the-shop');
    postback.addSource('new', { profile: 'woocommerce' });
    postback.addSource('fenced', { profile: 'woocommerce', cidrs: ['198.51.100.0/24'] }, 'secret-of-the-shop');
  });
  afterEach(() => expect([postback.queue.messages, postback.streams.rows.postbacks]).toEqual([[], []]));

  it('is answered, with or without a secret here, and kept nowhere', async () => {
    expect(await ping('woo')).toMatchObject({ statusCode: 200 });
    expect(await ping('new')).toMatchObject({ statusCode: 200 });
    expect(postback.blobs.objects.size).toBe(0);
  });

  it.each([
    ['of another source', 'shop', 'webhook_id=5', {}],
    ['with a topic', 'woo', 'webhook_id=5', { 'x-wc-webhook-topic': 'order.created' }],
    ['with a wrong signature', 'woo', 'webhook_id=5', { 'x-wc-webhook-signature': 'bm8=' }],
    ['with an empty signature', 'woo', 'webhook_id=5', { 'x-wc-webhook-signature': '' }],
    ['with more in its body', 'woo', 'webhook_id=5&total=9', {}],
    ['with a line more', 'woo', 'webhook_id=5\n', {}],
    ['without a number', 'woo', 'webhook_id=', {}],
    ['without a body', 'woo', '', {}],
    ['as JSON', 'woo', '{"webhook_id":5}', {}],
    ['from elsewhere than the ranges', 'fenced', 'webhook_id=5', {}],
  ])('%s is refused', async (_, source, body, headers) => {
    expect((await ping(source, body, headers)).statusCode).toBe(403);
  });
});

describe('what is away', () => {
  const send = () => postback.call('GET', `/postbacks/tune-1/${TOKEN}?payout=1`);
  const bring = () => requeue({ blobs: postback.blobs, queue: postback.queue, streams: postback.streams });

  it('is made up for by an object until it is back: queue, archive or both', async () => {
    for (const away of [['queue'], ['streams'], ['queue', 'streams']] as const) {
      for (const part of away) postback[part].isAway = true;
      expect((await send()).statusCode).toBe(200);
      for (const part of away) postback[part].isAway = false;
      await bring();
    }
    const ids = ['message-1', 'message-2', 'message-3'];
    expect(postback.queue.messages.map(({ id }) => id).sort()).toEqual(ids);
    expect(postback.streams.rows.postbacks.map(({ id }) => id).sort()).toEqual(ids);
    expect(postback.blobs.objects.size).toBe(0);
  });

  it('is told to the sender where nothing durable took the message', async () => {
    postback.queue.isAway = true;
    postback.blobs.isAway = true;
    const answer = await send();
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    expect(answer.body).not.toMatch(/at |Error/);
  });

  it('leaves what cannot be brought back yet where it is', async () => {
    postback.queue.isAway = true;
    await send();
    const key = `${blobPrefix.undelivered}message-1.json`;
    expect(await bring()).toEqual({ queued: 0, archived: 0, stuck: [{ key, error: 'Error' }] });
    expect([...postback.blobs.objects.keys()]).toEqual([key]);
  });

  it('is brought back past objects that nobody can read, however many; they are named and stay', async () => {
    const bad = Array.from(
      { length: 120 },
      (_, at) => `${blobPrefix.undelivered}a-${String(at).padStart(3, '0')}.json`,
    );
    for (const key of bad) postback.blobs.objects.set(key, Buffer.from('{"cut off'));
    postback.queue.isAway = true;
    await send();
    postback.queue.isAway = false;
    expect(await bring()).toEqual({
      queued: 1,
      archived: 0,
      stuck: bad.map((key) => ({ key, error: 'SyntaxError' })),
    });
    expect(postback.queue.messages).toMatchObject([{ id: 'message-1' }]);
    expect([...postback.blobs.objects.keys()]).toEqual(bad);
  });
});

describe('the function that brings back', () => {
  it('ends with an error where something stays, after all that could go, and names it without its content', async () => {
    const told: unknown[] = [];
    const tell = (event: string, facts: object) => told.push([event, facts]);
    const { blobs, queue, streams } = postback;
    const run = createRequeue({ blobs, queue, streams }, { warn: tell, error: tell });
    await run();
    expect(told).toEqual([]);
    blobs.objects.set(`${blobPrefix.undelivered}a.json`, Buffer.from('{"email":"ann@example.com'));
    blobs.objects.set(`${blobPrefix.undelivered}b.json`, Buffer.from('{"id":"b"}'));
    await expect(run()).rejects.toThrow('1 messages could not be brought back');
    expect(told).toEqual([
      ['requeue:brought_back', { queued: 1, archived: 0 }],
      ['requeue:stuck', { stuck: [{ key: `${blobPrefix.undelivered}a.json`, error: 'SyntaxError' }], count: 1 }],
    ]);
  });
});

describe('the pixel', () => {
  const key = parseKeyring(EDGE_SECRET).minting(0);
  const clickId = mintClickId({ time: 1, linkNo: 2, subscriberNo: 3, nonce: 4 }, key);

  it('is off until its source enables it', async () => {
    postback.addSource('site', { profile: 'generic' });
    expect((await postback.call('GET', `/pixel/site.gif?click_id=${clickId}`)).statusCode).toBe(404);
    expect(postback.queue.messages).toEqual([]);
  });

  it('takes a signed click id and nothing else, and always is a picture', async () => {
    postback.addSource('site', { profile: 'generic', pixel: true });
    const forged = await postback.call('GET', `/pixel/site.gif?click_id=${clickId.replace(/.$/, 'x')}`);
    const good = await postback.call('GET', `/pixel/site.gif?click_id=${clickId}&event=lead`);
    expect([forged.statusCode, good.statusCode]).toEqual([403, 200]);
    for (const { headers, body = '' } of [forged, good]) {
      expect(headers).toMatchObject({ 'content-type': 'image/gif', 'cache-control': 'no-store' });
      expect(Buffer.from(body, 'base64').toString('latin1')).toMatch(/^GIF89a/);
    }
    expect(postback.queue.messages).toMatchObject([
      { source_id: 'site', query: `click_id=${clickId}&event=lead`, pixel: true },
    ]);
    expect(postback.streams.rows.postbacks.at(-1)).toMatchObject({ is_pixel: true, body_signed: false });
  });
});
