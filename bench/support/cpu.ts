import process from 'node:process';

/** CPU time this thread used for some work, ms: what others take from the machine is not in it. */
export function cpuMs(work: () => void): number {
  const began = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / 1_000;
}

/** The same for work that waits for nothing but promises that are settled. */
export async function cpuMsOf(work: () => Promise<void>): Promise<number> {
  const began = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / 1_000;
}
