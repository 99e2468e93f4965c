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

  it('are two at most: a new one beside the newest, and either can be taken away', async () => {
    const made = [];
    for (let turn = 0; turn < 3; turn++) made.push((await api.call('POST', '/v1/sources/net/tokens')).body);
    expect(new Set(made.map(({ token }) => token)).size).toBe(3);
    expect(made[2].postback_url).toContain(`/postbacks/net/${made[2].token}?`);
    expect(await hashes('net')).toEqual([tokenHash(made[2].token), tokenHash(made[1].token)]);
    const left = await api.call('DELETE', `/v1/sources/net/tokens/${made[1].id}`);
    expect(left.body.tokens).toEqual([{ id: made[2].id, created_at: expect.any(String) }]);
    expect(await hashes('net')).toEqual([tokenHash(made[2].token)]);
  });

  it('need a source, and an admin', async () => {
    expect((await api.call('POST', '/v1/sources/none/tokens')).status).toBe(404);
    const reader = await api.newToken('read');
    expect((await api.call('POST', '/v1/sources/net/tokens', { token: reader })).status).toBe(403);
  });
});
