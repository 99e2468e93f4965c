import type { Server } from 'node:http';
import type { CloudFrontRequestEvent, CloudFrontResultResponse } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessLogColumns } from '../../../lambdas/contract/access-logs.ts';
import { EDGE_CONFIG_HEADER, type EdgeConfig, viewerHeaders } from '../../../lambdas/contract/edge-config.ts';
import type { AccessLogRow } from '../../../local/edge/access-log.ts';
import { originWith } from '../../../local/edge/event.ts';
import { createEdgeSimulator } from '../../../local/edge/simulator.ts';
import { type Listening, listen } from '../../../local/engines/aws-json.ts';
import { HostList } from '../../../local/hosts.ts';
import { ask, type HttpAsk } from '../testing.ts';

const CONFIG: EdgeConfig = {
  domain: 'go.localhost',
  linksTable: 't',
  tableRegions: ['us-east-1'],
  edgeSecret: 's',
  streamBase: 'b',
  streamShards: {},
  ipPolicy: 'hash',
};
const OK: CloudFrontResultResponse = { status: '302', headers: { location: [{ key: 'Location', value: '/x' }] } };

let listening: Listening;
let events: CloudFrontRequestEvent[];
let rows: AccessLogRow[];
let result: () => CloudFrontResultResponse;
let now: number;

async function start(server: Partial<Parameters<typeof createEdgeSimulator>[0]> = {}): Promise<void> {
  const handler = async (event: CloudFrontRequestEvent) => {
    events.push(event);
    return result();
  };
  const simulator: Server = createEdgeSimulator({
    instances: [handler],
    configOf: () => CONFIG,
    hosts: new HostList(async (host) => host === 'go.brand.com'),
    now: () => now,
    logAccess: (row) => void rows.push(row),
    ...server,
  });
  listening = await listen(simulator);
}

const get = (path: string, more: Partial<HttpAsk> = {}) =>
  ask({ port: listening.port, path, ...more, headers: { host: 'go.localhost', ...more.headers } });
const cf = (index = 0) =>
  (events[index] as CloudFrontRequestEvent).Records[0]?.cf as CloudFrontRequestEvent['Records'][0]['cf'];

beforeEach(async () => {
  events = [];
  rows = [];
  result = () => OK;
  now = 1_000;
  await start();
});
afterEach(() => listening.close());

describe('what the function sees', () => {
  it('is method, path, query and the viewer’s headers, Host among them', async () => {
    await get('/Hello?a=1&b=%20', { headers: { 'User-Agent': 'me', 'X-Twice': ['1', '2'] } });
    const { request, config } = cf();
    expect(config.eventType).toBe('origin-request');
    expect([request.method, request.uri, request.querystring]).toEqual(['GET', '/Hello', 'a=1&b=%20']);
    expect(request.headers.host?.[0]?.value).toBe('go.localhost');
    expect(request.headers['user-agent']).toEqual([{ key: 'User-Agent', value: 'me' }]);
    expect(request.headers['x-twice']?.map(({ value }) => value)).toEqual(['1', '2']);
  });

  it('holds of CloudFront’s own headers only those the policy names', async () => {
    await get('/', {
      headers: { 'sim-country': 'DE', 'sim-region': 'BE', 'sim-city': 'Berlin', 'sim-asn': '3320', 'sim-ja4': 't13' },
    });
    const ours = Object.keys(cf().request.headers).filter((name) => name.startsWith('cloudfront-'));
    const named = viewerHeaders.map((name) => name.toLowerCase());
    expect(named).toEqual(expect.arrayContaining(ours));
    expect(ours).toHaveLength(7);
    expect(cf().request.headers['cloudfront-viewer-country']?.[0]?.value).toBe('DE');
    expect(cf().request.headers['cloudfront-viewer-ja4-fingerprint']?.[0]?.value).toBe('t13');
  });

  it('drops a viewer’s own CloudFront headers and those of the simulator', async () => {
    await get('/', {
      headers: { 'CloudFront-Viewer-Country': 'US', 'X-Amz-Cf-Id': 'x', 'sim-viewer-ip': '203.0.113.9' },
    });
    const { headers } = cf().request;
    expect(headers['cloudfront-viewer-country']).toBeUndefined();
    expect(headers['x-amz-cf-id']).toBeUndefined();
    expect(JSON.stringify(headers)).not.toContain('sim-');
  });

  it.each(['203.0.113.9', '2001:db8::1'])('takes the visitor’s address %s from the simulator’s header', async (ip) => {
    await get('/', { headers: { 'sim-viewer-ip': ip } });
    expect(cf().request.clientIp).toBe(ip);
    expect(cf().request.headers['cloudfront-viewer-address']?.[0]?.value).toMatch(new RegExp(`^${ip}:\\d+$`));
  });

  it('takes the visitor from the socket where nothing else is said, or nonsense', async () => {
    await get('/', { headers: { 'sim-viewer-ip': 'nonsense' } });
    expect(cf().request.clientIp).toBe('127.0.0.1');
  });

  it('gets the settings in the origin’s header, which must fit', async () => {
    await get('/');
    const text = cf().request.origin?.custom?.customHeaders[EDGE_CONFIG_HEADER]?.[0]?.value ?? '';
    expect(JSON.parse(text)).toEqual(CONFIG);
    expect(() => originWith({ ...CONFIG, streamBase: 'x'.repeat(1_783) })).toThrow('CloudFront takes 1783');
  });

  it('gets a request id of its own each time', async () => {
    await Promise.all(Array.from({ length: 300 }, () => get('/')));
    const ids = events.map((_, index) => cf(index).config.requestId);
    expect(new Set(ids).size).toBe(300);
    for (const id of ids) expect(id).toMatch(/^[\w-]{54}==$/);
  });
});

describe('what CloudFront refuses by itself', () => {
  it.each([
    ['a URL over 8,192 bytes', () => get(`/${'a'.repeat(8_192)}`), 413],
    ['headers over 20,480 bytes', () => get('/', { headers: { a: 'x'.repeat(21_000) } }), 413],
    ['POST', () => get('/', { method: 'POST', body: 'x' }), 403],
    ['DELETE', () => get('/', { method: 'DELETE' }), 403],
    ['GET with a body', () => get('/', { body: 'x', headers: { 'content-length': '1' } }), 403],
  ])('%s', async (_, send, status) => {
    expect((await send()).status).toBe(status);
    expect(events).toHaveLength(0);
    expect(rows).toMatchObject([{ sc_status: String(status), x_edge_result_type: 'Error' }]);
  });

  it('passes a URL of exactly 8,192 bytes', async () => {
    expect((await get(`/${'a'.repeat(8_191)}`)).status).toBe(302);
  });
});

describe('hosts', () => {
  it('answers only those on the list, and says so', async () => {
    const answer = await get('/', { headers: { host: 'evil.example' } });
    expect(answer.status).toBe(421);
    expect(answer.body).toContain('"evil.example" is not a host of this local system');
    expect(events).toHaveLength(0);
    expect((await get('/', { headers: { host: 'go.brand.com' } })).status).toBe(302);
  });
});

describe('what the function answers', () => {
  it('goes to the visitor', async () => {
    result = () => ({
      status: '404',
      statusDescription: 'Not Found',
      body: '<p>ä',
      headers: { 'content-type': [{ key: 'Content-Type', value: 'text/html' }] },
    });
    const answer = await get('/');
    expect([answer.status, answer.body, answer.headers['content-length']]).toEqual([404, '<p>ä', '5']);
    expect((await get('/', { method: 'HEAD' })).body).toBe('');
  });

  it.each(['connection', 'x-edge-foo', 'via', 'transfer-encoding', 'content-length', 'x-amzn-x', 'x-real-ip'])(
    'becomes 502 with forbidden header %s',
    async (name) => {
      result = () => ({ ...OK, headers: { [name]: [{ key: name, value: 'x' }] } });
      const answer = await get('/');
      expect([answer.status, answer.headers['x-cache']]).toEqual([502, 'LambdaValidationError from cloudfront']);
    },
  );

  it.each([
    ['a line break in a header', { ...OK, headers: { location: [{ key: 'Location', value: 'a\r\nb: c' }] } }],
    ['a header under another name', { ...OK, headers: { location: [{ key: 'X-Other', value: 'a' }] } }],
    ['no status', { status: '' }],
    ['more than 1 MB', { status: '200', body: 'x'.repeat(1_048_577) }],
    ['nothing', undefined as unknown as CloudFrontResultResponse],
  ])('becomes 502 with %s', async (_, given) => {
    result = () => given;
    expect((await get('/')).status).toBe(502);
  });

  it('becomes 502 where it throws', async () => {
    result = () => {
      throw new Error('secret');
    };
    const answer = await get('/');
    expect([answer.status, answer.headers['x-cache']]).toEqual([502, 'LambdaExecutionError from cloudfront']);
    expect(answer.body).not.toContain('secret');
  });
});

describe('error caching', () => {
  it('is off: every tap reaches the function', async () => {
    result = () => ({ status: '404' });
    await get('/a');
    await get('/a');
    expect(events).toHaveLength(2);
  });

  it('of 10 s, as AWS has it by default, would hide taps, whatever their query', async () => {
    await listening.close();
    await start({ errorCachingMinTtlS: 10 });
    result = () => ({ status: '404' });
    await get('/a?1');
    await get('/a?2');
    await get('/b');
    expect(events).toHaveLength(2);
    now += 10_000;
    await get('/a?3');
    expect(events).toHaveLength(3);
  });
});

describe('the access log', () => {
  it('has a row for every request, in the columns of the contract', async () => {
    await get('/sale?x=a%20b', {
      headers: { 'User-Agent': 'A "b" 100%', 'sim-country': 'US', 'sim-viewer-ip': '203.0.113.9' },
    });
    expect(Object.keys(rows[0] ?? {})).toEqual(accessLogColumns.map(({ name }) => name));
    expect(rows[0]).toMatchObject({
      timestamp_ms: '1000',
      x_edge_request_id: cf().config.requestId,
      cs_uri_stem: '/sale',
      cs_uri_query: 'x=a%20b',
      sc_status: '302',
      cs_user_agent: 'A%20%22b%22%20100%',
      cs_referer: '-',
      c_country: 'US',
      c_ip: null,
    });
  });

  it('has addresses under policy full only', async () => {
    await listening.close();
    await start({ configOf: () => ({ ...CONFIG, ipPolicy: 'full' }) });
    await get('/', { headers: { 'sim-viewer-ip': '203.0.113.9' } });
    expect(rows[0]?.c_ip).toBe('203.0.113.9');
  });
});

it('spreads requests over its instances', async () => {
  await listening.close();
  const seen: number[] = [];
  const instances = [0, 1, 2].map((number) => async () => {
    seen.push(number);
    return OK;
  });
  await start({ instances });
  for (let count = 0; count < 6; count++) await get('/');
  expect(seen).toEqual([0, 1, 2, 0, 1, 2]);
});
