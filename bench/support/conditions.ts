import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { setTimeout } from 'node:timers/promises';

/** The machine, as far as figures depend on it. */
export function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memory_gb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
  };
}

const PACKAGES = ['@aws-sdk/client-firehose', '@duckdb/node-api', 'autocannon', 'dynalite', 'esbuild'];

/** Versions of the packages the figures depend on. */
export function packageVersions(): Record<string, string> {
  const { version, dependencies, devDependencies } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as Record<'dependencies' | 'devDependencies', Record<string, string>> & { version: string };
  const all = { ...dependencies, ...devDependencies };
  return { onehop: version, ...Object.fromEntries(PACKAGES.map((name) => [name, all[name] ?? 'not installed'])) };
}

/** How quiet the machine was; a run among others' work tells more about them than about us. */
export interface Conditions {
  /** Runnable processes on average over the minute before. */
  readonly load_before: number;
  /** Share of all cores that other programs used in the second before, 0 to 1. */
  readonly others_before: number;
  /** The same during the run, too low where we used all of it; null where the system does not tell our own share. */
  readonly others_during: number | null;
  /** The same in the second after. */
  readonly others_after: number;
}

interface Usage {
  readonly busyMs: number;
  readonly totalMs: number;
  readonly ownMs: number | null;
}

/** Runs something and tells under which conditions. */
export async function underConditions<T>(run: () => Promise<T>): Promise<{ result: T; conditions: Conditions }> {
  const load = loadavg()[0] ?? 0;
  const before = await othersNow();
  const began = usage();
  const result = await run();
  const ended = usage();
  const conditions = {
    load_before: round(load),
    others_before: before,
    others_during: ended.ownMs === null ? null : round(othersBetween(began, ended)),
    others_after: await othersNow(),
  };
  return { result, conditions };
}

/** The largest share others had before, during or after a run. */
export function disturbance({ others_before, others_during, others_after }: Conditions): number {
  return Math.max(others_before, others_during ?? 0, others_after);
}

/** Share of the machine that is used while we wait a second. */
async function othersNow(): Promise<number> {
  const began = usage();
  await setTimeout(1_000);
  return round(othersBetween(began, usage()));
}

function othersBetween(from: Usage, to: Usage): number {
  const own = (to.ownMs ?? 0) - (from.ownMs ?? 0);
  const share = (to.busyMs - from.busyMs - own) / (to.totalMs - from.totalMs);
  return Number.isFinite(share) ? Math.max(0, share) : 0;
}

function usage(): Usage {
  let busyMs = 0;
  let totalMs = 0;
  for (const { times } of cpus()) {
    const total = times.user + times.nice + times.sys + times.irq + times.idle;
    totalMs += total;
    busyMs += total - times.idle;
  }
  return { busyMs, totalMs, ownMs: ownCpuMs() };
}

const TICK_MS = 10;

/** CPU time of this process and of the children that have ended, from Linux; fields 14 to 17 of proc(5) stat. */
function ownCpuMs(): number | null {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * TICK_MS, 0);
  } catch {
    return null;
  }
}

const round = (value: number) => Math.round(value * 1_000) / 1_000;
