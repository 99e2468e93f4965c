import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark, Outcome } from './support/benchmark.ts';
import { firstJson, peakMemoryMb, run as runProgram, start } from './support/spawned.ts';
import { rounded } from './support/statistics.ts';

const SMALL = 10_000;
const LARGE = 1_000_000;

interface Local {
  readonly process: ChildProcess;
  readonly env: NodeJS.ProcessEnv;
  readonly linkNo: number;
}

/** The local mode as `npm start` runs it, with a personal link. */
async function startLocal(folder: string): Promise<Local> {
  const env = { ONEHOP_DATA: join(folder, 'data'), ONEHOP_PORT: '0', ONEHOP_API_PORT: '0' };
  const local = start('local/main.ts', [], env);
  const { api, token } = await firstJson<{ api: string; token: string }>(local);
  local.stdout?.resume();
  local.stderr?.resume();
  const response = await fetch(`${api}/v1/links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ personal: true, destination: 'https://shop.example/' }),
  });
  const { link_no: linkNo } = (await response.json()) as { link_no: number };
  return { process: local, env: { ...env, ONEHOP_API: api }, linkNo };
}

/** A list as senders have them: an id, an address and two columns. */
async function writeList(file: string, from: number, count: number): Promise<void> {
  const out = createWriteStream(file);
  out.write('subscriber_id,email,city,plan\n');
  for (let start = 0; start < count; start += 10_000) {
    const rows = Array.from({ length: Math.min(10_000, count - start) }, (_, at) => {
      const n = from + start + at;
      return `member-${n},member${n}@people.example,Springfield,${n % 3 ? 'basic' : 'plus'}\n`;
    });
    if (!out.write(rows.join(''))) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

/** @throws Error with what the command said where it failed */
async function mint({ env, linkNo }: Local, folder: string, file: string) {
  const args = ['mint', '--link', String(linkNo), '--out', join(folder, 'out.csv'), file];
  const ended = await runProgram('cli/main.ts', args, env);
  if (ended.code !== 0) throw new Error(ended.errors);
  return ended;
}

async function measured(folder: string, local: Local): Promise<Outcome> {
  const files = { small: join(folder, 'small.csv'), large: join(folder, 'large.csv') };
  await writeList(files.small, LARGE, SMALL);
  await writeList(files.large, 0, LARGE);
  const small = await mint(local, folder, files.small);
  const serverBefore = peakMemoryMb(local.process.pid);
  const fresh = await mint(local, folder, files.large);
  const serverAfter = peakMemoryMb(local.process.pid);
  const known = await mint(local, folder, files.large);
  return {
    figures: {
      rows: LARGE,
      new_rows_per_second: rounded(LARGE / fresh.seconds),
      known_rows_per_second: rounded(LARGE / known.seconds),
      command_peak_mb_10_thousand: rounded(small.peakMb ?? Number.NaN),
      command_peak_mb_1_million: rounded(fresh.peakMb ?? Number.NaN),
      system_peak_mb_10_thousand: rounded(serverBefore ?? Number.NaN),
      system_peak_mb_1_million: rounded(serverAfter ?? Number.NaN),
      command_growth: rounded((fresh.peakMb ?? Number.NaN) / (small.peakMb ?? Number.NaN)),
    },
    targets: [
      { figure: 'new_rows_per_second', must: 'be at least', limit: 8_000 },
      { figure: 'known_rows_per_second', must: 'be at least', limit: 25_000 },
      { figure: 'command_growth', must: 'be at most', limit: 1.25 },
    ],
    notes: [
      'CSV to CSV: `onehop mint` in a process of its own against the local mode as `npm start` runs it, both on the same machine; the time of the whole command, its start included.',
      'New: nobody on the list has a number yet. Known: the same list once more. Four parts of 5,000 rows under way at a time.',
      'The time includes the rows of the lake being accepted by the local Firehose, and the delivery to Parquet running beside it.',
    ],
  };
}

async function run(): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'onehop-bench-'));
  const local = await startLocal(folder);
  try {
    return await measured(folder, local);
  } finally {
    local.process.kill('SIGINT');
    await once(local.process, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rows per second from list to list, for people who are new and for people who are known, and the memory it takes. */
export const mintLists: Benchmark = {
  name: 'mint',
  title: 'Minting a list through the command line against the local mode',
  run,
};
