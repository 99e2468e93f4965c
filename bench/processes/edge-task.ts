import process from 'node:process';
import { serveParent } from '../support/child.ts';
import { type TaskName, tasks } from '../support/edge-tasks.ts';

/** CPU time and elapsed time of one piece of work on average, microseconds. */
export interface TaskFigures {
  readonly cpuUs: number;
  readonly wallUs: number;
}

const [name, endpoint = '', bundle = '', times = ''] = process.argv.slice(2);
const WARM_UP_SHARE = 0.3;

async function measure(): Promise<TaskFigures> {
  const task = tasks[name as TaskName]({ endpoint, bundle });
  const count = Number(times);
  for (let done = 0; done < count * WARM_UP_SHARE; done++) await task();
  const cpu = process.cpuUsage();
  const began = performance.now();
  for (let done = 0; done < count; done++) await task();
  const wallMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return { cpuUs: (user + system) / count, wallUs: (wallMs * 1_000) / count };
}

serveParent(null, { measure, close: () => undefined });
