import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.ts';

type Api = Awaited<ReturnType<typeof startApi>>;
let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('sign-in', () => {
  it('needs a valid token with a fitting scope', async () => {
    const reader = await api.newToken('read');
    expect((await api.call('GET', '/v1/campaigns', { token: null })).status).toBe(401);
    expect(
      (await api.call('GET', '/v1/campaigns', { token: `${reader.slice(0, -1)}${reader.endsWith('A') ? 'B' : 'A'}` }))
        .status,
    ).toBe(401);
    expect((await api.call('GET', '/v1/campaigns', { token: reader })).status).toBe(200);
    const refused = await api.call('PUT', '/v1/campaigns/c', { token: reader, body: {} });
    expect(refused).toMatchObject({ status: 403, body: { code: 'missing_scope', required_scope: 'manage' } });
    expect(refused.headers['content-type']).toContain('application/problem+json');
  });

  it('ends when the token is revoked, and a list never shows what signs in', async () => {
    const made = await api.call('POST', '/v1/tokens', { body: { name: 'robot', scopes: ['read'] } });
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'robot', scopes: ['read'], token: expect.stringMatching(/^oh_/) },
    });
    const token = made.body.token as string;
    expect((await api.call('GET', '/v1/settings', { token })).status).toBe(200);
    const listed = JSON.stringify((await api.call('GET', '/v1/tokens')).body);
    expect(listed).toContain(made.body.id);
    expect(listed).not.toContain(token.slice('oh_'.length + 13));
    expect((await api.call('DELETE', `/v1/tokens/${made.body.id}`)).body.status).toBe('revoked');
    expect((await api.call('GET', '/v1/settings', { token })).status).toBe(401);
  });

  it('leaves no token, body or query in the log', async () => {
    await api.call('PUT', '/v1/campaigns/secret-name', { body: { name: 'very-private' } });
    await api.call('GET', '/v1/links?q=needle');
    const log = JSON.stringify(api.log);
    expect(log).toContain('PUT /v1/campaigns/{id}');
    for (const private_ of ['very-private', 'secret-name', 'needle', api.token]) expect(log).not.toContain(private_);
  });
});
