import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import type { Benchmark, Outcome } from './support/benchmark.ts';
import { median, rounded } from './support/statistics.ts';
import { type TemporaryBundle, withTemporaryBundle } from './support/temporary-bundle.ts';

const PROCESSES = 25;
const MAX_BYTES = 350 * 1024;

/** What the edge would carry if it called its three services by the SDK. */
const SDK = `
export { DynamoDBClient, BatchGetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
export { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
export { SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
`;

function buildSdk(folder: string): string {
  const outfile = join(folder, 'sdk.js');
  buildSync({
    stdin: { contents: SDK, resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
  });
  return outfile;
}

interface LoadTimes {
  readonly process: number[];
  readonly require: number[];
}

/** Times, in ms, of fresh processes that load a file and end: of the whole process, and of the loading alone. */
function loadOnce(file: string | null, times: LoadTimes): void {
  const load = file ? `require(${JSON.stringify(file)})` : '';
  const script = `const began = performance.now(); ${load}; process.stdout.write(String(performance.now() - began));`;
  const began = performance.now();
  const { stdout, status } = spawnSync(process.execPath, ['--eval', script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`loading ${file} failed`);
  times.process.push(performance.now() - began);
  times.require.push(Number(stdout));
}

/** One after the other in turn, so that a busy moment falls on all alike; the first round warms the file cache. */
function loadTimes(files: readonly (string | null)[]): LoadTimes[] {
  const times = files.map((): LoadTimes => ({ process: [], require: [] }));
  const first = files.map((): LoadTimes => ({ process: [], require: [] }));
  for (const [index, file] of files.entries()) loadOnce(file, first[index] as LoadTimes);
  for (let round = 0; round < PROCESSES; round++)
    for (const [index, file] of files.entries()) loadOnce(file, times[index] as LoadTimes);
  return times;
}

function measure({ folder, file }: TemporaryBundle): Outcome {
  const sdk = buildSdk(folder);
  const [empty, bundle, withSdk] = loadTimes([null, file, sdk]) as [LoadTimes, LoadTimes, LoadTimes];
  const beyondEmpty = (times: LoadTimes) => rounded(median(times.process) - median(empty.process));
  const text = readFileSync(file);
  const sdkText = readFileSync(sdk);
  return {
    figures: {
      bundle_bytes: text.length,
      bundle_gzip_bytes: gzipSync(text, { level: 9 }).length,
      load_ms: beyondEmpty(bundle),
      load_inside_ms: rounded(median(bundle.require)),
      empty_process_ms: rounded(median(empty.process)),
      processes: PROCESSES,
      sdk_clients_bytes: sdkText.length,
      sdk_clients_gzip_bytes: gzipSync(sdkText, { level: 9 }).length,
      sdk_clients_load_ms: beyondEmpty(withSdk),
    },
    targets: [
      { figure: 'bundle_bytes', must: 'be at most', limit: MAX_BYTES },
      { figure: 'load_ms', must: 'be at most', limit: 80 },
    ],
    notes: [
      'load_ms: median time of a fresh process that loads the bundle and ends, minus that of an empty one; load_inside_ms is told by the process itself.',
      'sdk_clients: the three SDK clients alone, bundled in the same way, for comparison: the bundle uses none of them.',
    ],
  };
}

/** Size and load time of the bundle that runs at the edge. */
export const bundle: Benchmark = {
  name: 'bundle',
  title: 'Size and load time of the built edge bundle',
  run: () => withTemporaryBundle(measure),
};
