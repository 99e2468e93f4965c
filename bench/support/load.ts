import autocannon, { type Result } from 'autocannon';

/** Slugs of a system under load: one to warm up with, one whose clicks are counted. */
export const SLUGS = { warmUp: 'warm-up', counted: 'counted' } as const;

export const CONNECTIONS = 50;
const SECONDS = 10;
const FIRST_REQUESTS = 4_000;
const WARM_UP_SECONDS = 3;
const HEADERS = {
  host: 'go.localhost',
  'user-agent':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
};

/** What a server did under load. */
export interface LoadFigures {
  /** Requests answered with a redirect. */
  readonly answered: number;
  /** Requests made; each is awaited. */
  readonly sent: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Warms a server on this machine up. @returns how many requests a second it answered */
export async function warmUp(port: number): Promise<number> {
  const { perSecond } = await request(port, SLUGS.warmUp, FIRST_REQUESTS);
  return (await request(port, SLUGS.warmUp, perSecond * WARM_UP_SECONDS)).perSecond;
}

/**
 * Loads it with 50 connections for about ten seconds. The number of requests is fixed beforehand from the speed of the
 * warm-up, because a load that ends by the clock leaves requests that nobody can say were answered.
 */
export function loaded(port: number, warmPerSecond: number): Promise<LoadFigures> {
  return request(port, SLUGS.counted, warmPerSecond * SECONDS);
}

async function request(port: number, slug: string, count: number): Promise<LoadFigures> {
  const amount = Math.max(CONNECTIONS, Math.round(count));
  const url = `http://127.0.0.1:${port}/${slug}`;
  const pace = new Pace(amount);
  const result = await new Promise<Result>((resolve, reject) => {
    const options = { url, connections: CONNECTIONS, amount, headers: HEADERS };
    const load = autocannon(options, (error, done) => (error ? reject(error) : resolve(done)));
    load.on('response', () => pace.answered());
  });
  const { p50, p99 } = result.latency;
  return { answered: result['3xx'], sent: amount, perSecond: pace.perSecond(), p50Ms: p50, p99Ms: p99 };
}

/** Answers a second between the first and the last tenth, so that neither the beginning nor the last stragglers count. */
class Pace {
  readonly #from: number;
  readonly #to: number;
  #count = 0;
  #began = 0;
  #ended = 0;

  constructor(amount: number) {
    this.#from = Math.floor(amount * 0.1);
    this.#to = Math.floor(amount * 0.9);
  }

  answered(): void {
    this.#count++;
    if (this.#count === this.#from) this.#began = performance.now();
    if (this.#count === this.#to) this.#ended = performance.now();
  }

  perSecond(): number {
    return ((this.#to - this.#from) * 1_000) / (this.#ended - this.#began);
  }
}
