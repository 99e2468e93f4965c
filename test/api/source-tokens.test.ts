import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SourceStore } from '../../lambdas/adapters/source-store.ts';
import { tokenHash } from '../../lambdas/core/postback/secrets.ts';
import { startApi } from '../support/api.ts';

let api: Awaited<ReturnType<typeof startApi>>;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const hashes = async (id: string) =>
  (await new SourceStore({ ...api.services, homeKeys: api.services.keys.home }).find(id))?.tokenHashes;

describe('tokens of a source', () => {
  it('come with the source once, in its URL, and a second save neither shows nor changes them', async () => {
    const first = await api.call('PUT', '/v1/sources/net', { body: { profile: 'everflow' } });
    const [, token = ''] = /\/postbacks\/net\/([\w-]{43})\?/.exec(first.body.postback_url) ?? [];
    expect(await hashes('net')).toEqual([tokenHash(token)]);
    const second = await api.call('PUT', '/v1/sources/net', { body: { profile: 'everflow', name: 'Network' } });
    expect([second.status, second.body.postback_url]).toEqual([200, first.body.postback_url.replace(token, '{token}')]);
    expect(await hashes('net')).toEqual([tokenHash(token)]);
    const item = await api.services.ledgerTable.get('source#net');
    expect(JSON.stringify(item)).not.toContain(token);
  });

  it('are two at most: a third is refused and ends none, until one is taken away', async () => {
    const [first] = (await hashes('net')) ?? [];
    const made = await api.call('POST', '/v1/sources/net/tokens');
    expect(made.body.postback_url).toContain(`/postbacks/net/${made.body.token}?`);
    const third = await api.call('POST', '/v1/sources/net/tokens');
    expect([third.status, third.body.code]).toEqual([409, 'two_tokens_valid']);
    expect(third.body.detail).toContain('npx onehop source token revoke net <token_id>');
    expect(third.body.detail).toContain('npx onehop source token list net');
    expect(await hashes('net')).toEqual([tokenHash(made.body.token), first]);
    const { body } = await api.call('GET', '/v1/sources/net/tokens');
    const left = await api.call('DELETE', `/v1/sources/net/tokens/${body.tokens[1].id}`);
    expect(left.body.tokens).toEqual([{ id: made.body.id, created_at: expect.any(String) }]);
    expect(await hashes('net')).toEqual([tokenHash(made.body.token)]);
    expect((await api.call('POST', '/v1/sources/net/tokens')).status).toBe(201);
  });

  it('are refused where none has the id that is to be taken away, and named', async () => {
    const { body } = await api.call('GET', '/v1/sources/net/tokens');
    const typo = await api.call('DELETE', '/v1/sources/net/tokens/nosuch');
    expect(typo.status).toBe(404);
    for (const { id } of body.tokens) expect(typo.body.detail).toContain(id);
    expect((await api.call('DELETE', '/v1/sources/none/tokens/nosuch')).body.detail).toBe('there is no source none');
    expect(await hashes('net')).toHaveLength(2);
  });

  it('made twice with one idempotency key are one', async () => {
    await api.call('PUT', '/v1/sources/twice', { body: { profile: 'tune' } });
    const ask = () => api.call('POST', '/v1/sources/twice/tokens', { headers: { 'idempotency-key': 'k-1' } });
    expect([(await ask()).status, (await ask()).status]).toEqual([201, 201]);
    expect(await hashes('twice')).toHaveLength(2);
  });

  it('need a source, and an admin', async () => {
    expect((await api.call('POST', '/v1/sources/none/tokens')).status).toBe(404);
    const reader = await api.newToken('read');
    expect((await api.call('POST', '/v1/sources/net/tokens', { token: reader })).status).toBe(403);
  });
});
