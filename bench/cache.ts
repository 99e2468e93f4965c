import { type Lookups, onePersonalLink, play, rowPerRecipient } from './cache/fleet.ts';
import { readsUsd, rowsUsd } from './cache/money.ts';
import { SEND, tapsOf } from './cache/send.ts';
import type { Benchmark, Outcome } from './support/benchmark.ts';
import { seededRandom } from './support/random.ts';
import { rounded } from './support/statistics.ts';

const TAPS = 1_000_000;
/** Recipients for each who taps. */
const RECIPIENTS_PER_TAP = 10;
const LIFETIME_MS = 45 * 60_000;
const FLEETS = [100, 1_000, 3_000, 10_000] as const;
const COMPARED = 3_000;

const hits = ({ taps, codeReads }: Lookups) => 1 - codeReads / taps;

async function run(): Promise<Outcome> {
  const taps = tapsOf({ ...SEND, taps: TAPS }, seededRandom(7));
  const through = (instances: number, codeKey: (subscriber: number) => string) =>
    play(taps, { instances, lifetimeMs: LIFETIME_MS }, codeKey, seededRandom(instances));
  const personal = new Map<number, Lookups>();
  for (const instances of FLEETS) personal.set(instances, await through(instances, onePersonalLink));
  const rows = await through(COMPARED, rowPerRecipient);
  const ours = personal.get(COMPARED) as Lookups;
  const hitShares = [...personal].map(([instances, each]) => [`hit_share_${instances}_instances`, rounded(hits(each))]);
  return {
    figures: {
      taps: TAPS,
      ...Object.fromEntries(hitShares),
      hit_share_rows: rounded(hits(rows)),
      instances_started: ours.instancesStarted,
      lookups_avoided_per_million_taps: rows.codeReads - ours.codeReads,
      items_read_per_million_taps: ours.itemReads,
      items_read_rows_per_million_taps: rows.itemReads,
      reads_usd_per_million_taps: rounded(readsUsd(ours.itemReads)),
      reads_usd_rows_per_million_taps: rounded(readsUsd(rows.itemReads)),
      writes_avoided_usd_per_million_recipients: rounded(rowsUsd(1_000_000)),
      saved_usd_per_send: rounded(readsUsd(rows.itemReads - ours.itemReads) + rowsUsd(TAPS * RECIPIENTS_PER_TAP)),
    },
    targets: [],
    notes: [
      'The edge’s own cache, 25 s to live, in instances that live 45 min on average and share all taps evenly: the worst case. Lambda@Edge starts as many as taps overlap, which at this send’s peak is tens, so real shares are those of 100 instances or better.',
      'A million taps of a list texted over two hours; delay log-normal with a median of 4 min (assumed); 15 % are the same person again.',
      `rows: a design with an item for each recipient, through ${COMPARED} instances. saved: its extra reads, and the writes of ${RECIPIENTS_PER_TAP} recipients for each who taps, at DynamoDB’s on-demand prices.`,
    ],
  };
}

/** What one cached item for a whole send saves. */
export const cache: Benchmark = {
  name: 'cache',
  title: 'Look-ups avoided in a send of a million taps (simulation)',
  run,
};
