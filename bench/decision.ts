import { ClickDelivery } from '../lambdas/adapters/edge/click-delivery.ts';
import { DocumentCache } from '../lambdas/adapters/edge/document-cache.ts';
import { KeyStore } from '../lambdas/adapters/edge/key-store.ts';
import { parseKeyring } from '../lambdas/core/keyring.ts';
import { mintCodes } from '../lambdas/core/personal-code.ts';
import { CapCounter } from '../lambdas/redirect/cap-counter.ts';
import { prepareItem } from '../lambdas/redirect/prepare-item.ts';
import { answerTap, type RedirectServices } from '../lambdas/redirect/redirect.ts';
import { edgeConfigOf, toTapRequest } from '../lambdas/redirect/viewer.ts';
import type { Benchmark, Outcome } from './support/benchmark.ts';
import { cpuMsOf } from './support/cpu.ts';
import { documents, PERSONAL_LINK_NO, SECRET, samples } from './support/documents.ts';
import { edgeConfig } from './support/edge-config.ts';
import { mean, median, percentile, rounded } from './support/statistics.ts';
import { tapEvents } from './support/taps.ts';

const WARM_UP = 50_000;
const TAPS = 300_000;
const EVENTS = 4_000;
const ROUNDS = 25;

/** Delivers nothing: what remains of a tap is the decision. */
class NoDelivery extends ClickDelivery {
  override async deliver(): Promise<boolean> {
    return true;
  }
}

const noCall = () => Promise.resolve({ SecretString: SECRET });
const noCounter = { countTap: () => Promise.resolve(0) };

/** An instance with a warm cache, whose outside answers at once. */
function services(): RedirectServices {
  const now = () => Date.now();
  const monotonic = () => performance.now();
  const load = async () => new Map([...documents].map(([key, item]) => [key, prepareItem(key, item)]));
  const cache = new DocumentCache({ load, now, ttlMs: () => Number.POSITIVE_INFINITY });
  const region = 'us-east-1';
  const place = { call: noCall, region, homeRegion: region };
  return {
    cache,
    keys: new KeyStore({ ...place, secret: 'keys', readMs: 1_000, now, onError: () => undefined }),
    delivery: new NoDelivery({
      ...place,
      streamBase: '',
      streamShards: {},
      putMs: 1,
      firstPutMs: 1,
      monotonic,
      log: () => undefined,
    }),
    caps: new CapCounter(noCounter, cache, 1_000),
    now,
    monotonic,
    region,
  };
}

type Events = ReturnType<typeof tapEvents>;

async function answerAll(events: Events, instance: RedirectServices): Promise<void> {
  for (const event of events) await answerTap(toTapRequest(event), edgeConfigOf(event), instance);
}

/** CPU time of a tap on a slug and on a personal code of a link like it, µs; in turn, so that a busy moment falls on both. */
async function slugAndPersonal(instance: RedirectServices): Promise<{ slugUs: number; personalUs: number }> {
  const key = parseKeyring(SECRET).minting(0);
  const codes = mintCodes(
    PERSONAL_LINK_NO,
    Array.from({ length: EVENTS }, (_, at) => at + 1),
    key,
  );
  const slug = tapEvents([{ path: '/spring' }], EVENTS, edgeConfig());
  const personal = tapEvents(
    codes.map((code) => ({ path: `/${code}` })),
    EVENTS,
    edgeConfig(),
  );
  const times = { slug: [] as number[], personal: [] as number[] };
  for (let round = -3; round < ROUNDS; round++) {
    const slugMs = await cpuMsOf(() => answerAll(slug, instance));
    const personalMs = await cpuMsOf(() => answerAll(personal, instance));
    if (round < 0) continue;
    times.slug.push(slugMs);
    times.personal.push(personalMs);
  }
  const perTap = (ms: readonly number[]) => (median(ms) * 1_000) / EVENTS;
  return { slugUs: perTap(times.slug), personalUs: perTap(times.personal) };
}

async function run(): Promise<Outcome> {
  const events = tapEvents(samples, EVENTS, edgeConfig());
  const instance = services();
  const tookMs = new Float64Array(TAPS);
  for (let tap = -WARM_UP; tap < TAPS; tap++) {
    const event = events[(tap + WARM_UP) % EVENTS] as (typeof events)[number];
    const began = performance.now();
    await answerTap(toTapRequest(event), edgeConfigOf(event), instance);
    if (tap >= 0) tookMs[tap] = performance.now() - began;
  }
  const sorted = tookMs.toSorted();
  const { slugUs, personalUs } = await slugAndPersonal(instance);
  return {
    figures: {
      taps: TAPS,
      mean_ms: rounded(mean(sorted)),
      p50_ms: rounded(percentile(sorted, 0.5)),
      p99_ms: rounded(percentile(sorted, 0.99)),
      p999_ms: rounded(percentile(sorted, 0.999)),
      slug_cpu_us: rounded(slugUs),
      personal_cpu_us: rounded(personalUs),
      personal_over_slug_us: rounded(personalUs - slugUs),
    },
    targets: [
      { figure: 'p99_ms', must: 'be below', limit: 0.2 },
      { figure: 'personal_over_slug_us', must: 'be at most', limit: 20 },
    ],
    notes: [
      'From the event to the answer with a warm cache: resolve, gather, decide, click id, location, record, response; no delivery.',
      'A quarter each: plain link, offer, link with rules, split and forwarded query, unknown code.',
      'slug and personal: CPU time of the thread for a tap on a plain slug link and on a personal code of a link like it, one key.',
    ],
  };
}

/** How long the edge takes to decide where a tap goes. */
export const decision: Benchmark = {
  name: 'decision',
  title: 'Decision time at the edge, warm cache, no delivery',
  run,
};
