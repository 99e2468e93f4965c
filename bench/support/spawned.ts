import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const POLL_MS = 50;

/** The most memory a process has held so far, MB; null where the system does not tell (it does on Linux). */
export function peakMemoryMb(pid: number | undefined): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes ? Number(kilobytes) / 1_024 : null;
  } catch {
    return null;
  }
}

/** A program of this project in a process of its own. */
export function start(script: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const node = [`--disable-warning=ExperimentalWarning`, script, ...args];
  return spawn(process.execPath, node, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The first line of JSON a program prints. @throws Error where it ends before */
export async function firstJson<T>(child: ChildProcess): Promise<T> {
  if (!child.stdout) throw new Error('the program has no standard output');
  for await (const line of createInterface({ input: child.stdout }))
    if (line.startsWith('{')) return JSON.parse(line) as T;
  throw new Error('the program ended before it was ready');
}

export interface Ended {
  readonly code: number | null;
  readonly seconds: number;
  /** The most memory it held, MB. */
  readonly peakMb: number | null;
  readonly errors: string;
}

/** Runs a program to its end, and watches its memory. */
export async function run(script: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const began = performance.now();
  const child = start(script, args, env);
  let errors = '';
  let peakMb: number | null = null;
  child.stdout?.resume();
  child.stderr?.on('data', (chunk) => (errors += chunk));
  const timer = setInterval(() => {
    peakMb = peakMemoryMb(child.pid) ?? peakMb;
  }, POLL_MS);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(timer);
  return { code, seconds: (performance.now() - began) / 1_000, peakMb, errors };
}

const TICK_MS = 10;

/** CPU time a process has used so far with all its threads, ms, from Linux; fields 14 and 15 of proc(5) stat. NaN elsewhere. */
export function cpuMsOf(pid: number | undefined): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return Number.NaN;
  }
}
