import crawlers from 'crawler-user-agents';
import UserAgent from 'user-agents';

/** One request of the made-up traffic. */
export interface TrafficRequest {
  readonly method: 'GET' | 'HEAD';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const people = UserAgent.top(400).map(({ userAgent }) => userAgent);
const bots = crawlers.flatMap(({ instances }) => instances.slice(0, 1));
const COUNTRIES = ['US', 'US', 'US', 'DE', 'GB', 'BR', 'IN'];
const LANGUAGES = ['en-US,en;q=0.9', 'de-DE,de;q=0.8', 'pt-BR', ''];
const QUERIES = [
  '',
  '',
  '',
  '?utm_source=sms',
  '?a=1&a=2&b=%C3%A4',
  '?x=%00%0d%0a&y=<script>',
  '?=&&==',
  '?q=%F0%9F%98%80',
];
const STRAYS = [
  '/',
  '/nothing-here',
  '/Abc123xyZ',
  '/wp-login.php',
  '/..%2f..%2fetc/passwd',
  '/%',
  '/a b'.replace(' ', '%20'),
  '/ü'.replace('ü', '%C3%BC'),
];

/** As much traffic as a send brings: mostly people on phones, some bots and probes, some who type a code wrongly. */
export function traffic(count: number, codes: readonly string[], random: () => number): TrafficRequest[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return Array.from({ length: count }, () => {
    const userAgent = random() < 0.8 ? pick(people) : pick(bots);
    const path = random() < 0.9 ? `/${random() < 0.1 ? pick(codes).toUpperCase() : pick(codes)}` : pick(STRAYS);
    return {
      method: random() < 0.04 ? 'HEAD' : 'GET',
      path: `${path}${pick(QUERIES)}`,
      headers: {
        host: 'go.localhost',
        // Header values are Latin-1 on the wire.
        'user-agent': userAgent.replace(/[^\x20-\x7e]/g, ''),
        'accept-language': pick(LANGUAGES),
        'sim-country': pick(COUNTRIES),
        'sim-viewer-ip': `203.0.113.${Math.floor(random() * 256)}`,
        ...(random() < 0.05 && { 'sec-purpose': 'prefetch' }),
      },
    };
  });
}
