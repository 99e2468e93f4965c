import { availableParallelism, platform } from 'node:os';
import type { Stored } from './processes/local-system.ts';
import type { Benchmark, Outcome } from './support/benchmark.ts';
import { Child } from './support/child.ts';
import { CONNECTIONS, type LoadFigures, loaded, warmUp } from './support/load.ts';
import { mean, rounded } from './support/statistics.ts';

const BARE_SERVER = new URL('./processes/bare-server.ts', import.meta.url);
const LOCAL_SYSTEM = new URL('./processes/local-system.ts', import.meta.url);

/** Threads of the local system that answer taps; several share a port on Linux only. */
const THREADS = platform() === 'linux' ? availableParallelism() : 1;

type Sink = 'in-process' | 'protocol';

async function bareServer(): Promise<LoadFigures> {
  const server = await Child.start<number>(BARE_SERVER, []);
  try {
    return await loaded(server.ready, await warmUp(server.ready));
  } finally {
    await server.close();
  }
}

interface SystemFigures extends LoadFigures, Stored {
  /** CPU time of the system's process from tap to Parquet, all its threads. */
  readonly cpuMs: number;
}

/** Loads the local system, then has everything delivered and counts the rows. */
async function localSystem(sink: Sink): Promise<SystemFigures> {
  const system = await Child.start<number>(LOCAL_SYSTEM, [sink, String(THREADS)]);
  try {
    const warmPerSecond = await warmUp(system.ready);
    await system.ask('stored');
    const began = await system.ask<number>('cpuMs');
    const figures = await loaded(system.ready, warmPerSecond);
    const stored = await system.ask<Stored>('stored');
    return { ...figures, ...stored, cpuMs: (await system.ask<number>('cpuMs')) - began };
  } finally {
    await system.close();
  }
}

function figuresOf(name: string, system: SystemFigures, bare: number) {
  return Object.fromEntries([
    [`${name}_per_second`, rounded(system.perSecond)],
    [`${name}_share_of_bare`, rounded(system.perSecond / bare)],
    [`${name}_p50_ms`, system.p50Ms],
    [`${name}_p99_ms`, system.p99Ms],
    [`${name}_cpu_per_request_ms`, rounded(system.cpuMs / system.sent)],
    [`${name}_requests`, system.sent],
    [`${name}_answered`, system.answered],
    [`${name}_rows_stored`, system.rows],
    [`${name}_logged_instead`, system.logged],
    [`${name}_rows_per_request`, system.rows / system.sent],
  ]);
}

async function run(): Promise<Outcome> {
  const before = await bareServer();
  const inProcess = await localSystem('in-process');
  const protocol = await localSystem('protocol');
  const after = await bareServer();
  const bare = mean([before.perSecond, after.perSecond]);
  return {
    figures: {
      bare_per_second: rounded(bare),
      bare_per_second_before: rounded(before.perSecond),
      bare_per_second_after: rounded(after.perSecond),
      bare_p50_ms: before.p50Ms,
      bare_p99_ms: before.p99Ms,
      ...figuresOf('in_process', inProcess, bare),
      ...figuresOf('protocol', protocol, bare),
    },
    targets: [
      { figure: 'in_process_share_of_bare', must: 'be at least', limit: 0.3 },
      { figure: 'protocol_share_of_bare', must: 'be at least', limit: 0.1 },
      { figure: 'in_process_rows_per_request', must: 'equal', limit: 1 },
      { figure: 'protocol_rows_per_request', must: 'equal', limit: 1 },
    ],
    notes: [
      `autocannon, ${CONNECTIONS} connections, about ten seconds each after a warm-up, one agent and one code; every server in a process of its own.`,
      'Bare: a node:http server that answers 302 and nothing else, before and after; its mean is the measure.',
      `The local system answers with as many threads as there are cores (here ${THREADS}); the bare server has one.`,
      'In-process sink: the built bundle in the simulator, clicks written to the write-ahead log by plain calls. Protocol: signed PutRecord over HTTP to the local Firehose.',
      'CPU per request: of the whole local system, from the tap to the row in Parquet, access log included.',
      'Rows: distinct click ids in the Parquet files after a flush, divided by requests made (all of them awaited).',
      'The load generator, the simulator and the delivery to Parquet share the cores of one machine.',
    ],
  };
}

/** Redirects per second on one machine against a server that only redirects, and whether every one is a row. */
export const throughput: Benchmark = {
  name: 'throughput',
  title: 'Local redirect throughput against a bare server, and rows per request',
  run,
};
