import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SCOPES } from '../../lambdas/core/entities/token.ts';
import { localNames } from '../../local/names.ts';
import { startSystem } from '../../local/system.ts';
import { ask, callApi, query, type TestSystem, tap, temporaryFolder, withSystem } from './testing.ts';

const LINK = { slug: 'go', destination: 'https://example.com/landing' };

function control(system: TestSystem, path: string, body: unknown = {}, headers: Record<string, string> = {}) {
  const { port } = new URL(system.apiOrigin);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const all = { host: 'localhost', 'content-type': 'application/json', ...headers };
  return ask({ port: Number(port), path, method: 'POST', headers: all, body: text });
}

describe('a running system', () => {
  it('answers a tap and shows it in the lake after a flush', () =>
    withSystem({}, async (system) => {
      await callApi(system, 'POST', '/v1/links', LINK);
      const answer = await tap(system, '/go', {
        'sim-country': 'DE',
        'sim-viewer-ip': '203.0.113.77',
        'user-agent': 'x',
      });
      expect(answer.status).toBe(302);
      const { searchParams } = new URL(answer.headers.location ?? '');
      expect(JSON.parse((await control(system, '/local/flush')).body)).toEqual({ clicks: 1 });
      const rows = await query(system.lakeDir, 'select click_id, country, ip_prefix, domain, request_id from clicks');
      expect(rows).toMatchObject([
        { click_id: searchParams.get('click_id'), country: 'DE', ip_prefix: '203.0.113.0/24', domain: 'go.localhost' },
      ]);
      const logged = await query(system.lakeDir, 'select x_edge_request_id as id from access_logs_raw');
      expect(logged.map(({ id }) => id)).toContain(rows[0]?.request_id);
    }));

  it('delivers by itself within seconds', () =>
    withSystem({ flushMs: 200 }, async (system) => {
      await tap(system, '/nothing');
      await expect.poll(() => query(system.lakeDir, 'select outcome from clicks'), { timeout: 5_000 }).toHaveLength(1);
    }));

  it('serves a domain that was set up, and says 421 to others', () =>
    withSystem({}, async (system) => {
      await callApi(system, 'PUT', '/v1/domains/go.brand.com', {});
      await callApi(system, 'POST', '/v1/links', { ...LINK, domain: 'go.brand.com' });
      const get = (host: string) => ask({ port: system.port, path: '/go', headers: { host } });
      expect((await get('go.brand.com')).status).toBe(302);
      expect((await get('go.other.com')).status).toBe(421);
    }));

  it('takes clicks by plain calls too, each of them', () =>
    withSystem({ sink: 'in-process', instances: 2 }, async (system) => {
      await Promise.all(Array.from({ length: 100 }, () => tap(system, '/nothing')));
      expect(await system.flush()).toBe(100);
    }));
});

describe.runIf(process.platform === 'linux')('a system whose edge has several threads', () => {
  it('answers in all of them, with one clock, and loses nothing', () =>
    withSystem({ threads: 2, sink: 'in-process' }, async (system) => {
      await control(system, '/local/clock', { now: '2031-05-06T07:08:09.010Z' });
      await Promise.all(Array.from({ length: 200 }, () => tap(system, '/nothing')));
      expect(await system.flush()).toBe(200);
      const rows = await query(system.lakeDir, 'select count(distinct click_id) as n, max(dt) as dt from clicks_raw');
      expect(rows).toEqual([{ n: 200, dt: '2031-05-06' }]);
      expect(await query(system.lakeDir, 'select count(*) as n from access_logs_raw')).toEqual([{ n: 200 }]);
    }));

  it('meets faults in all of them, and passes their log lines on', () =>
    withSystem({ threads: 2 }, async (system) => {
      await control(system, '/local/fault', { target: 'firehose', mode: 'error' });
      await Promise.all(Array.from({ length: 50 }, () => tap(system, '/nothing')));
      await expect.poll(() => system.lines.length).toBe(50);
    }));

  it('does not share its port with a stranger', () =>
    withSystem({ threads: 2 }, async (system) => {
      const dataDir = temporaryFolder();
      const second = startSystem({ dataDir, threads: 2, port: system.port });
      await expect(second).rejects.toThrow(`port ${system.port} is taken`);
      rmSync(dataDir, { recursive: true, force: true });
    }));
});

describe('control calls', () => {
  it('tell health, endpoints and names', () =>
    withSystem({}, async (system) => {
      const response = await fetch(`${system.apiOrigin}/local/health`);
      expect(await response.json()).toMatchObject({
        status: 'ok',
        clock: { stands: false },
        faults: {},
        endpoints: { dynamodb: system.dynamodbEndpoint, firehose: system.firehoseEndpoint },
        names: { streams: [`${localNames.streamBase}-0`], links_table: localNames.linksTable },
      });
    }));

  it('want JSON, a known host and a known call, so that no web page can drive them', () =>
    withSystem({}, async (system) => {
      expect((await control(system, '/local/flush', '', { 'content-type': 'text/plain' })).status).toBe(415);
      expect((await control(system, '/local/flush', {}, { host: 'evil.example' })).status).toBe(421);
      expect((await control(system, '/local/nothing')).status).toBe(404);
      expect((await fetch(`${system.apiOrigin}/local/flush`)).status).toBe(405);
      expect((await control(system, '/local/clock', '{')).status).toBe(400);
    }));

  it('tell every fault of their input', () =>
    withSystem({}, async (system) => {
      const answer = await control(system, '/local/fault', { target: 'disk', mode: 'odd', rate: 2 });
      expect(answer.status).toBe(422);
      const paths = JSON.parse(answer.body).errors.map(({ path }: { path: string }) => path);
      expect(paths).toEqual(['target', 'mode', 'rate']);
      expect((await control(system, '/local/clock', { later: 1 })).status).toBe(422);
    }));

  it('set the clock of the edge, the stream and the API at once', () =>
    withSystem({}, async (system) => {
      const now = '2031-05-06T07:08:09.010Z';
      expect(JSON.parse((await control(system, '/local/clock', { now })).body)).toEqual({ now, stands: true });
      const made = await callApi(system, 'POST', '/v1/links', LINK);
      expect(made.body.created_at).toBe(now);
      await tap(system, '/go');
      await system.flush();
      const rows = await query(system.lakeDir, 'select ts, dt from clicks_raw');
      expect(rows).toEqual([{ ts: Date.parse(now), dt: '2031-05-06' }]);
      expect((await control(system, '/local/clock', { now: '2031-05-06T00:00:00Z' })).status).toBe(409);
      expect(JSON.parse((await control(system, '/local/clock', { advance_ms: 1_000 })).body).now).toBe(
        '2031-05-06T07:08:10.010Z',
      );
      expect(JSON.parse((await control(system, '/local/clock', { real: true })).body).stands).toBe(false);
    }));

  it('let a pause be obeyed by the clock, not by waiting', () =>
    withSystem({}, async (system) => {
      const { body } = await callApi(system, 'POST', '/v1/links', LINK);
      expect((await tap(system, '/go')).status).toBe(302);
      await callApi(system, 'PATCH', `/v1/links/${body.link_no}`, { status: 'paused' });
      expect((await tap(system, '/go')).status).toBe(302);
      await control(system, '/local/clock', { advance_ms: 30_000 });
      expect((await tap(system, '/go')).status).toBe(404);
    }));
});

describe('faults', () => {
  it('of the stream put the whole click into the log, and the redirect goes out', () =>
    withSystem({}, async (system) => {
      await callApi(system, 'POST', '/v1/links', LINK);
      for (const mode of ['error', 'throttle'] as const) {
        await control(system, '/local/fault', { target: 'firehose', mode });
        expect((await tap(system, '/go')).status).toBe(302);
      }
      await control(system, '/local/fault', { target: 'firehose', mode: 'off' });
      const logged = system.lines.map((line) => JSON.parse(line));
      expect(logged).toMatchObject([
        { log: 'click_not_stored', code: 'go', error: 'InternalServerError' },
        { log: 'click_not_stored', code: 'go', error: 'ServiceUnavailableException' },
      ]);
      expect(await system.flush()).toBe(0);
      await tap(system, '/go');
      expect(await system.flush()).toBe(1);
    }));

  it('that are slow leave a click in the log or in the lake, never in both', () =>
    withSystem({}, async (system) => {
      await callApi(system, 'POST', '/v1/links', LINK);
      await control(system, '/local/fault', { target: 'firehose', mode: 'slow' });
      expect((await tap(system, '/go')).status).toBe(302);
      await control(system, '/local/fault', { target: 'firehose', mode: 'off' });
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      expect([system.lines.length, await system.flush()]).toEqual([1, 0]);
    }));

  it('of the table are answered 503 where nothing was ever read, and by the cache where it was', () =>
    withSystem({}, async (system) => {
      await callApi(system, 'POST', '/v1/links', LINK);
      await control(system, '/local/fault', { target: 'dynamodb', mode: 'throttle' });
      expect((await tap(system, '/go')).status).toBe(503);
      await control(system, '/local/fault', { target: 'dynamodb', mode: 'off' });
      await control(system, '/local/clock', { advance_ms: 2_000 });
      expect((await tap(system, '/go')).status).toBe(302);
      await control(system, '/local/fault', { target: 'dynamodb', mode: 'error' });
      expect((await tap(system, '/go')).status).toBe(302);
    }));

  it('of the secrets leave a click unsigned, not lost', () =>
    withSystem({}, async (system) => {
      await control(system, '/local/fault', { target: 'secrets', mode: 'error' });
      await tap(system, '/nothing');
      await system.flush();
      expect(await query(system.lakeDir, 'select key_id from clicks_raw')).toEqual([{ key_id: 0 }]);
    }));
});

it('makes a token of every scope once, which still signs in after a restart', async () => {
  const dataDir = temporaryFolder();
  const tokens: string[] = [];
  for (let start = 0; start < 2; start++)
    await withSystem({ dataDir }, async (system) => {
      tokens.push(system.token);
      const { body } = await callApi(system, 'GET', '/v1/tokens');
      expect(body.tokens).toMatchObject([{ name: 'local', scopes: [...SCOPES] }]);
    });
  rmSync(dataDir, { recursive: true, force: true });
  expect(tokens[0]).toBe(tokens[1]);
});
