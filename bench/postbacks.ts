import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lakeTables } from '../lambdas/contract/lake.ts';
import { rawName } from '../sql/catalog.ts';
import { openLake } from '../sql/duckdb.ts';
import { type Sent, sendAll } from './postbacks/load.ts';
import { LocalMode } from './postbacks/local-mode.ts';
import { PAYOUT, postbackUrls } from './postbacks/postback-urls.ts';
import type { Benchmark, Outcome, Target } from './support/benchmark.ts';
import { rounded } from './support/statistics.ts';

const WARM_UP = 1_000;
const COUNTED = 6_000;
const REPEATED = 1_000;
const CONNECTIONS = 50;

const TARGETS: readonly Target[] = [
  { figure: 'accepted_per_second', must: 'be at least', limit: 1_000 },
  { figure: 'archived_per_accepted', must: 'equal', limit: 1 },
  { figure: 'entries_per_accepted', must: 'equal', limit: 1 },
  { figure: 'cents_per_cent_sent', must: 'equal', limit: 1 },
  { figure: 'repeats_counted', must: 'equal', limit: 0 },
  { figure: 'dead_letters', must: 'equal', limit: 0 },
];

const NOTES = [
  `The local mode as \`npm start\` runs it, in a process of its own; ${CONNECTIONS} kept connections, one source (profile everflow), a signed click id and a transaction of its own for each, after ${WARM_UP.toLocaleString('en-US')} to warm up.`,
  'Accepted: answered 200, which is after the message is in the archive’s stream and in the queue. Attributed: entries in the lake, over the time from the first request until the queue is empty.',
  'Entries, cents and archived messages are read from the Parquet files after a flush; repeats are the first of the same postbacks sent once more.',
  'The limit is CPU: one thread answers requests and works the queue (four batches of ten at a time), where each conversion is two conditional writes of DynamoDB over HTTP; reads, rows and messages of the same moment share calls (ADR 31). On AWS these are functions of their own that scale apart.',
  'CPU: of the whole local system, stand-ins of DynamoDB, Firehose and SQS and the writing of Parquet included. The load generator shares the cores.',
];

interface Worked extends Sent {
  /** Until the queue was empty, from the first request on. */
  readonly attributedSeconds: number;
  /** Of the whole local system, until all rows were in Parquet. */
  readonly cpuMs: number;
  readonly dead: number;
}

async function work(local: LocalMode, urls: readonly string[]): Promise<Worked> {
  const cpuBefore = local.cpuMs();
  const began = performance.now();
  const sent = await sendAll(urls, CONNECTIONS);
  const dead = await local.queueEmpty();
  const attributedSeconds = (performance.now() - began) / 1_000;
  await local.flush();
  return { ...sent, attributedSeconds, dead, cpuMs: local.cpuMs() - cpuBefore };
}

interface Held {
  readonly sales: number;
  readonly cents: number;
  readonly archived: number;
}

/** What the lake holds by now. */
async function held(local: LocalMode): Promise<Held> {
  const lake = await openLake({ lakeDir: join(local.dataDir, 'lake') });
  const one = async (sql: string) => (await lake.run({ sql, parameters: [] }))[0] ?? {};
  try {
    const entries = `select distinct entry_id, payout_minor from ${rawName(lakeTables.conversions)} where match = 'click_id'`;
    const { sales, cents } = await one(
      `select count(*) as sales, coalesce(sum(payout_minor), 0)::bigint as cents from (${entries})`,
    );
    const { archived } = await one(`select count(distinct id) as archived from ${rawName(lakeTables.postbacks)}`);
    return { sales: Number(sales), cents: Number(cents), archived: Number(archived) };
  } finally {
    lake.close();
  }
}

async function urlsOf(local: LocalMode) {
  const source = await local.call<{ postback_url: string }>('PUT', '/v1/sources/net', {
    profile: 'everflow',
    currency: 'USD',
  });
  const link = { slug: 'offer', destination: 'https://offer.example/', message_id: 'welcome-1' };
  const { link_no: linkNo } = await local.call<{ link_no: number }>('POST', '/v1/links', link);
  const keys = JSON.parse(readFileSync(join(local.dataDir, 'keys.json'), 'utf8')) as { edge: object };
  const base = source.postback_url.replace(/\?.*/, '');
  const common = { base, edgeKeys: JSON.stringify(keys.edge), linkNo, from: Date.now() - 3_600_000 };
  return (first: number, count: number) => postbackUrls({ ...common, first, count });
}

async function measured(local: LocalMode): Promise<Outcome> {
  const urls = await urlsOf(local);
  await work(local, urls(0, WARM_UP));
  const before = await held(local);
  const counted = urls(WARM_UP, COUNTED);
  const once = await work(local, counted);
  const after = await held(local);
  const twice = await work(local, counted.slice(0, REPEATED));
  const again = await held(local);
  const sales = after.sales - before.sales;
  return {
    figures: {
      postbacks: COUNTED,
      accepted: once.accepted,
      accepted_per_second: rounded(once.accepted / once.seconds),
      attributed_per_second: rounded(sales / once.attributedSeconds),
      archived_per_accepted: (after.archived - before.archived) / once.accepted,
      entries_per_accepted: sales / once.accepted,
      cents_per_cent_sent: (after.cents - before.cents) / (once.accepted * PAYOUT.cents),
      dead_letters: once.dead + twice.dead,
      repeats_accepted: twice.accepted,
      repeats_archived: again.archived - after.archived,
      repeats_counted: again.sales - after.sales + Math.abs(again.cents - after.cents),
      cpu_per_postback_ms: rounded(once.cpuMs / once.accepted),
    },
    targets: TARGETS,
    notes: NOTES,
  };
}

async function run(): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'onehop-bench-'));
  const local = await LocalMode.start(folder);
  try {
    return await measured(local);
  } finally {
    await local.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Postbacks a second from the network's request to the entry in the lake, and whether each counts exactly once. */
export const postbacks: Benchmark = {
  name: 'postbacks',
  title: 'Postbacks accepted and attributed by the local mode, each exactly once',
  run,
};
