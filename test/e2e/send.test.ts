import { Agent, request } from 'node:http';
import process from 'node:process';
import { expect, it } from 'vitest';
import { runOnehop } from '../cli/run.ts';
import { callApi, type TestSystem, withSystem } from '../local/testing.ts';
import { type Minted, mint, peopleCsv, SEGMENTS } from './send-list.ts';
import { seededRandom } from './traffic.ts';

const RECIPIENTS = 50_000;
const PARTS = 10;
const TAPPED = 5_000;
const AT_ONCE = 40;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

const PERSON =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const BOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

interface Tap {
  readonly person: Minted;
  readonly isBot: boolean;
}

interface Tapped extends Tap {
  readonly status: number;
  readonly location: string;
}

function send(port: number, { person, isBot }: Tap): Promise<Tapped> {
  return new Promise((resolve, reject) => {
    const headers = { host: 'go.localhost', 'user-agent': isBot ? BOT : PERSON };
    const sent = request({ host: '127.0.0.1', port, path: `/${person.code}`, headers, agent }, (response) => {
      const { statusCode = 0, headers: answered } = response;
      response
        .resume()
        .on('end', () => resolve({ person, isBot, status: statusCode, location: answered.location ?? '' }));
    });
    sent.on('error', reject).end();
  });
}

async function setUp(system: TestSystem): Promise<number> {
  const ok = async (method: string, path: string, body: object) => {
    const answer = await callApi(system, method, path, body);
    expect([200, 201], JSON.stringify(answer.body)).toContain(answer.status);
    return answer.body;
  };
  await ok('PUT', '/v1/experiments/autumn', {
    scope: 'campaign',
    arms: [
      { name: 'holdout', share: 0.2 },
      { name: 'bold', share: 0.4 },
      { name: 'plain', share: 0.4 },
    ],
  });
  await ok('PUT', '/v1/campaigns/autumn', {
    name: 'Autumn',
    experiment: 'autumn',
    fallback_url: 'https://shop.example/over',
    promo: { prefix: 'AUTUMN', type: 'percentage', value: '10' },
  });
  const link = await ok('POST', '/v1/links', {
    personal: true,
    campaign_id: 'autumn',
    message_id: 'autumn-1',
    destination: 'https://shop.example/sale?who={subscriber_no}&code={promo_code}',
  });
  return Number(link.link_no);
}

/** A new key by the real command; it mints some minutes later, and all keys go on reading. */
async function rotateKeys({ apiOrigin, dataDir }: TestSystem): Promise<void> {
  const env = { ...process.env, ONEHOP_API: apiOrigin, ONEHOP_DATA: dataDir, ONEHOP_TOKEN: undefined };
  const ended = await runOnehop(['keys', 'rotate'], env);
  expect(ended.code, ended.err).toBe(0);
}

/** What happens while which part of the taps arrives. */
async function between(system: TestSystem, links: readonly number[], chapter: number): Promise<void> {
  const setStatus = async (status: string) => {
    for (const linkNo of links) await callApi(system, 'PATCH', `/v1/links/${linkNo}`, { status });
  };
  if (chapter === 1) await rotateKeys(system);
  if (chapter === 2) await setStatus('paused');
  if (chapter === 3) await setStatus('active');
  // What the edge remembers grows old, its keys too.
  system.clock.set({ advance_ms: 11 * 60_000 });
}

async function play(system: TestSystem, taps: readonly Tap[], links: readonly number[]): Promise<Tapped[][]> {
  const chapters: Tapped[][] = [];
  const size = Math.ceil(taps.length / 5);
  for (let chapter = 0; chapter < 5; chapter++) {
    await between(system, links, chapter);
    const waiting = taps.slice(chapter * size, (chapter + 1) * size);
    const answers: Tapped[] = [];
    const worker = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) answers.push(await send(system.port, next));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    chapters.push(answers);
  }
  return chapters;
}

/** Figures of a group of taps, counted from what was sent. */
function figures(taps: readonly Tap[]) {
  const human = taps.filter(({ isBot }) => !isBot);
  return {
    clicks_total: taps.length,
    clicks_human: human.length,
    clicks_bot: taps.length - human.length,
    clicks_unique: new Set(human.map(({ person }) => person.subscriber_id)).size,
  };
}

it(
  'mints fifty thousand people in parallel parts and counts every tap of five thousand of them',
  () =>
    withSystem({ instances: 3, flushMs: 500 }, async (system) => {
      const linkNo = await setUp(system);
      const size = RECIPIENTS / PARTS;
      // Parts overlap, as those of a run that was interrupted and begun again do.
      const lists = Array.from({ length: PARTS }, (_, part) =>
        peopleCsv(part * size, size + (part < PARTS - 1 ? 50 : 0)),
      );
      const minted = await Promise.all(lists.map((csv) => mint(system, linkNo, csv)));
      const people = new Map<string, Minted>();
      for (const row of minted.flat()) {
        expect(row.error ?? '').toBe('');
        expect(people.get(row.subscriber_id) ?? row).toEqual(row);
        people.set(row.subscriber_id, row);
      }
      expect(people.size).toBe(RECIPIENTS);
      const everybody = [...people.values()];
      expect(new Set(everybody.map(({ subscriber_no }) => subscriber_no)).size).toBe(RECIPIENTS);
      const messaged = everybody.filter(({ code }) => code !== '');
      expect(new Set(messaged.map(({ code }) => code)).size).toBe(messaged.length);
      expect(new Set(messaged.map(({ arm }) => arm))).toEqual(new Set(['bold', 'plain']));
      expect(everybody.filter(({ arm }) => arm === 'holdout').every(({ code }) => code === '')).toBe(true);

      const random = seededRandom(20_261_125);
      const chosen = messaged.toSorted((a, b) => (a.code < b.code ? -1 : 1)).slice(0, TAPPED);
      const taps = chosen.flatMap((person) =>
        Array.from({ length: 1 + Math.floor(random() * 2) }, () => ({ person, isBot: random() < 0.15 })),
      );
      const shuffled = taps.map((tap) => ({ tap, at: random() })).toSorted((a, b) => a.at - b.at);
      const links = [...new Set(messaged.map((row) => Number(row.link_no)))];
      expect(links).toHaveLength(SEGMENTS.length);
      const chapters = await play(
        system,
        shuffled.map(({ tap }) => tap),
        links,
      );

      for (const [chapter, answers] of chapters.entries())
        for (const { status, location, person } of answers) {
          expect(status).toBe(302);
          if (chapter === 2) expect(location).toBe('https://shop.example/over');
          else {
            const query = new URL(location).searchParams;
            expect([query.get('who'), query.get('code')]).toEqual([person.subscriber_no, person.promo_code]);
          }
        }
      // Minted after the rotation, the same people have the same codes.
      const again = await mint(system, linkNo, peopleCsv(0, 500));
      for (const row of again) expect(row).toEqual(people.get(row.subscriber_id));

      await system.flush();
      const to = new Date(system.clock.now() + 86_400_000).toISOString();
      const report = await callApi(
        system,
        'GET',
        `/v1/reports/clicks?by=segment,arm&from=2020-01-01&to=${to}&limit=500`,
      );
      expect(report.status, JSON.stringify(report.body)).toBe(200);
      const rows = report.body.rows as Record<string, unknown>[];
      const groups = Map.groupBy(shuffled, ({ tap }) => `${tap.person.segment}/${tap.person.arm}`);
      const expected = [...groups].map(([group, list]) => [group, figures(list.map(({ tap }) => tap))]);
      const found = rows.map(({ segment, arm, clicks_total, clicks_human, clicks_bot, clicks_unique }) => [
        `${segment}/${arm}`,
        { clicks_total, clicks_human, clicks_bot, clicks_unique },
      ]);
      expect(found.toSorted()).toEqual(expected.toSorted());
    }),
  400_000,
);
