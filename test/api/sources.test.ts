import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SecretUnreadableError, SourceStore } from '../../lambdas/adapters/source-store.ts';
import { ledgerKey } from '../../lambdas/contract/keys.ts';
import { startApi } from '../support/api.ts';

type Api = Awaited<ReturnType<typeof startApi>>;

let api: Api;
let sources: SourceStore;

beforeAll(async () => {
  api = await startApi();
  const { ledgerTable, keys, now, randomBytes } = api.services;
  sources = new SourceStore({ ledgerTable, homeKeys: keys.home, now, randomBytes });
});
afterAll(() => api.close());

const SECRET = 'auth-token-of-the-account';
const put = (id: string, body: object, options = {}) => api.call('PUT', `/v1/sources/${id}`, { body, ...options });

describe('sources', () => {
  it('show the URL to call and what to do, and never their secret', async () => {
    const made = await put('twilio-1', { profile: 'twilio', secret: SECRET });
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: 'twilio-1',
        kind: 'own',
        profile: 'twilio',
        postback_url: 'https://api.brand.com/webhooks/twilio-1',
        subid_param: null,
        secret_set_at: new Date(api.clock.now).toISOString(),
        status: 'active',
      },
    });
    expect(made.body.setup.join('\n')).toContain('https://api.brand.com/webhooks/twilio-1?code=');
    for (const path of ['/v1/sources/twilio-1', '/v1/sources', '/v1/sources/twilio-1/history']) {
      const { status, body } = await api.call('GET', path);
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain(SECRET);
    }
    expect(JSON.stringify(await api.services.ledgerTable.get(ledgerKey.source('twilio-1')))).not.toContain(SECRET);
    expect(JSON.stringify(api.log)).not.toContain(SECRET);
    expect((await sources.find('twilio-1'))?.secret).toBe(SECRET);
  });

  it('need no URL where their sender puts into a stream', async () => {
    const { body } = await put('aws', { profile: 'aws-sms' });
    expect(body).toMatchObject({ postback_url: null, secret_set_at: null });
    expect(body.setup.join('\n')).toContain('create-event-destination');
  });

  it('keep the secret of whoever sends back what they saw; null takes it away', async () => {
    const { body } = await api.call('GET', '/v1/sources/twilio-1');
    api.clock.now += 1_000;
    expect(await put('twilio-1', { ...body, name: 'ours' })).toMatchObject({
      status: 200,
      body: { name: 'ours', secret_set_at: body.secret_set_at },
    });
    expect((await sources.find('twilio-1'))?.secret).toBe(SECRET);
    await api.call('PATCH', '/v1/sources/twilio-1', { body: { secret: 'another-secret' } });
    expect((await sources.find('twilio-1'))?.secret).toBe('another-secret');
    const cleared = await api.call('PATCH', '/v1/sources/twilio-1', { body: { secret: null, name: null } });
    expect(cleared.body).toMatchObject({ secret_set_at: null, name: null });
    expect((await sources.find('twilio-1'))?.secret).toBeNull();
  });

  it('cannot be opened under the name of another source', async () => {
    const { ledgerTable } = api.services;
    await put('a', { profile: 'twilio', secret: SECRET });
    await put('b', { profile: 'twilio' });
    await ledgerTable.update(ledgerKey.source('b'), { set: { secret: (await ledgerTable.get('source#a'))?.secret } });
    expect((await sources.find('a'))?.secret).toBe(SECRET);
    // A source that would pass for one without a secret would take messages that nobody signed.
    await expect(sources.find('b')).rejects.toThrow(SecretUnreadableError);
  });

  it('keep what others write beside the document', async () => {
    await put('beside', { profile: 'twilio' });
    await api.services.ledgerTable.update(ledgerKey.source('beside'), {
      set: { tokens: [{ id: 't', hash: 'hash', created_at: '' }] },
    });
    await api.call('PATCH', '/v1/sources/beside', { body: { name: 'x', secret: SECRET } });
    expect(await sources.find('beside')).toMatchObject({
      tokenHashes: ['hash'],
      secret: SECRET,
      source: { name: 'x' },
    });
  });

  it('are listed, archived, and changed under a precondition', async () => {
    const { body } = await api.call('GET', '/v1/sources?limit=2');
    expect(body.sources.map(({ id }: { id: string }) => id)).toEqual(['a', 'aws']);
    const next = await api.call('GET', `/v1/sources?limit=500&cursor=${body.next_cursor}`);
    expect(next.body.sources.map(({ id }: { id: string }) => id)).toEqual(['b', 'beside', 'twilio-1']);
    expect((await api.call('DELETE', '/v1/sources/aws')).body.status).toBe('archived');
    const stale = await api.call('PATCH', '/v1/sources/aws', { body: {}, headers: { 'if-match': '"1"' } });
    expect(stale.status).toBe(412);
    const { history } = (await api.call('GET', '/v1/sources/aws/history')).body;
    expect(history.map(({ action }: { action: string }) => action)).toEqual(['archived', 'created']);
  });

  it('are put away whatever rules they were stored under, and changed once they obey those of today', async () => {
    await put('old', { profile: 'generic' });
    const stored = await sources.get('old');
    if (stored) await sources.save({ ...stored.document, currency: 'USX' }, undefined, stored);
    const rule = { path: 'currency', message: 'must be the code of a currency in ISO 4217, in capitals, such as USD' };
    const renamed = await api.call('PATCH', '/v1/sources/old', { body: { name: 'Old' } });
    expect(renamed).toMatchObject({ status: 422, body: { errors: [rule] } });
    expect((await api.call('DELETE', '/v1/sources/old')).body).toMatchObject({ status: 'archived', currency: 'USX' });
    const mended = await api.call('PATCH', '/v1/sources/old', { body: { name: 'Old', currency: 'USD' } });
    expect(mended.body).toMatchObject({ name: 'Old', currency: 'USD', status: 'archived' });
  });

  it('name the shop they stand for where they are a Shopify shop, and no other host', async () => {
    const { body } = await put('shop', { profile: 'shopify', shop_domain: 'My-Shop.myshopify.com' });
    expect(body.shop_domain).toBe('my-shop.myshopify.com');
    for (const shop_domain of ['evil.example', 'x.myshopify.com.evil.example', 'https://x.myshopify.com'])
      expect((await put('shop', { profile: 'shopify', shop_domain })).body.errors).toMatchObject([
        { path: 'shop_domain' },
      ]);
    const other = await put('net', { profile: 'everflow', shop_domain: 'my-shop.myshopify.com' });
    expect(other.body.errors).toMatchObject([{ path: 'shop_domain', message: expect.stringContaining('everflow') }]);
  });

  it('are for admins, and every fault is named', async () => {
    expect((await put('x', { profile: 'twilio' }, { token: await api.newToken('manage') })).status).toBe(403);
    expect((await api.call('GET', '/v1/sources/none')).status).toBe(404);
    expect((await put('no good', { profile: 'twilio' })).status).toBe(422);
    const { body } = await put('x', { profile: 'nobody', secret: 'short', extra: 1 });
    expect(body.errors.map(({ path }: { path: string }) => path).sort()).toEqual(['extra', 'profile', 'secret']);
  });
});
