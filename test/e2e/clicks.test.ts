import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { expect, it } from 'vitest';
import type { Fault, FaultTarget } from '../../local/faults.ts';
import { callApi, query, type TestSystem, withSystem } from '../local/testing.ts';
import { replay } from './replay.ts';
import { seededRandom, type TrafficRequest, traffic } from './traffic.ts';

interface Answered {
  readonly asked: TrafficRequest;
  readonly status: number;
  /** The visitor's copy of CloudFront's request id; a column of the row. */
  readonly requestId: string;
  readonly clickId: string | null;
}

const REQUESTS = 3_000;
const AT_ONCE = 40;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

function send(port: number, asked: TrafficRequest): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const { method, path, headers } = asked;
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent }, (response) => {
      response.resume().on('end', () => resolve(answered(asked, response.statusCode ?? 0, response.headers)));
    });
    sent.on('error', reject).end();
  });
}

function answered(asked: TrafficRequest, status: number, headers: IncomingHttpHeaders): Answered {
  const clickId = headers.location ? new URL(headers.location).searchParams.get('click_id') : null;
  return { asked, status, requestId: String(headers['x-amz-cf-id']), clickId };
}

async function makeLinks(system: TestSystem): Promise<string[]> {
  const destination = 'https://shop.example/sale?ref=sms#top';
  const links = [
    { slug: 'plain', destination },
    {
      slug: 'campaign',
      destination,
      campaign_id: 'summer_sale',
      message_id: 'welcome-1',
      segment: 'vip',
      creative: 'a',
    },
    { slug: 'rules', destination, rules: [{ when: { os: ['ios'] }, destination: 'https://apps.example/ios' }] },
    {
      slug: 'split',
      destination,
      split: [
        { destination: 'https://a.example/', weight: 1 },
        { destination: 'https://b.example/', weight: 3 },
      ],
    },
    { slug: 'forwards', destination, forward_query: true },
    { slug: 'capped', destination, click_cap: 20, fallback_url: 'https://shop.example/too-late' },
    { slug: 'paused', destination, status: 'paused', fallback_url: 'https://shop.example/paused' },
    { slug: 'expired', destination, expires_at: '2020-01-01T00:00:00Z' },
  ];
  await callApi(system, 'PUT', '/v1/campaigns/summer_sale', { name: 'Summer sale' });
  for (const link of links) expect((await callApi(system, 'POST', '/v1/links', link)).status).toBe(201);
  return links.map(({ slug }) => slug);
}

type Trouble = readonly [FaultTarget, Fault['mode'], number];

/** What goes wrong while which part of the traffic arrives. */
const STORY: readonly (readonly Trouble[])[] = [
  [],
  [['firehose', 'error', 0.5]],
  [['firehose', 'throttle', 1]],
  [
    ['firehose', 'off', 1],
    ['dynamodb', 'throttle', 0.5],
  ],
  [
    ['dynamodb', 'throttle', 1],
    ['firehose', 'error', 0.2],
  ],
  [
    ['dynamodb', 'off', 1],
    ['firehose', 'off', 1],
  ],
];

async function play(system: TestSystem, requests: readonly TrafficRequest[]): Promise<Answered[]> {
  const part = Math.ceil(requests.length / STORY.length);
  const answers: Answered[] = [];
  for (const [index, troubles] of STORY.entries()) {
    for (const [target, mode, rate] of troubles) await system.setFault(target, { mode, rate });
    // What the edge remembers grows old, so that it has to read again in every part.
    system.clock.set({ advance_ms: 30_000 });
    const waiting = requests.slice(index * part, (index + 1) * part);
    const worker = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) answers.push(await send(system.port, next));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
  return answers;
}

const idsOf = (rows: readonly Record<string, unknown>[]) => rows.map((row) => String(row.request_id));

it(
  'accounts for every single request: stored, or in a log line and back after a replay',
  () =>
    withSystem({ instances: 3, flushMs: 500 }, async (system) => {
      const random = seededRandom(20_260_301);
      const answers = await play(system, traffic(REQUESTS, await makeLinks(system), random));
      await system.flush();

      const all = answers.map(({ requestId }) => requestId);
      expect(new Set(all).size).toBe(REQUESTS);
      expect(answers.filter(({ status }) => ![302, 404, 503].includes(status))).toEqual([]);

      const logged = system.lines.map((line) => JSON.parse(line)).filter((line) => line.log === 'click_not_stored');
      const stored = idsOf(await query(system.lakeDir, 'select request_id from clicks'));
      expect(logged.length).toBeGreaterThan(REQUESTS / 10);
      expect(stored.length).toBeGreaterThan(REQUESTS / 2);
      expect(new Set([...stored, ...idsOf(logged)])).toEqual(new Set(all));

      expect(await replay(system, system.lines)).toContain(`${logged.length} clicks put back`);
      // A person in doubt does it twice.
      await replay(system, system.lines);
      await system.flush();
      const rows = await query(
        system.lakeDir,
        'select request_id, click_id, status, method, code, actor, reasons from clicks',
      );
      const byRequest = new Map(rows.map((row) => [String(row.request_id), row]));
      expect([rows.length, byRequest.size]).toEqual([REQUESTS, REQUESTS]);
      for (const { asked, status, requestId, clickId } of answers) {
        const row = byRequest.get(requestId);
        expect(row).toMatchObject({ status, method: asked.method });
        if (clickId) expect(row?.click_id).toBe(clickId);
        if (asked.method === 'HEAD') expect(row?.actor).toBe('bot');
      }
      const accessLog = idsOf(await query(system.lakeDir, 'select request_id from access_logs'));
      expect(new Set(accessLog)).toEqual(new Set(all));
    }),
  90_000,
);
