import type { TaskFigures } from './processes/edge-task.ts';
import type { Benchmark, Outcome } from './support/benchmark.ts';
import { Child } from './support/child.ts';
import { lambdaEnvironment, type TaskName } from './support/edge-tasks.ts';
import { rounded } from './support/statistics.ts';
import { withTemporaryBundle } from './support/temporary-bundle.ts';

const ENDPOINT = new URL('./processes/endpoint.ts', import.meta.url);
const EDGE_TASK = new URL('./processes/edge-task.ts', import.meta.url);

/** How often each piece of work is done after its warm-up. */
const TIMES = {
  handler: 20_000,
  handlerWithoutHttp: 20_000,
  put: 20_000,
  putBySdk: 10_000,
  exchange: 20_000,
  sign: 50_000,
  json: 50_000,
};

/** CPU milliseconds of each piece of work, and the time the handler took by the clock. */
async function measureAll(bundle: string): Promise<Record<TaskName, TaskFigures>> {
  const endpoint = await Child.start<string>(ENDPOINT, []);
  const figures: [string, TaskFigures][] = [];
  try {
    for (const [name, times] of Object.entries(TIMES)) {
      const task = await Child.start(EDGE_TASK, [name, endpoint.ready, bundle, String(times)], lambdaEnvironment);
      figures.push([name, await task.ask<TaskFigures>('measure')]);
      await task.close();
    }
  } finally {
    await endpoint.close();
  }
  return Object.fromEntries(figures) as Record<TaskName, TaskFigures>;
}

async function run(): Promise<Outcome> {
  const measured = await withTemporaryBundle(({ file }) => measureAll(file));
  const cpu = (name: TaskName) => rounded(measured[name].cpuUs / 1_000);
  return {
    figures: {
      clicks: TIMES.handler,
      cpu_per_click_ms: cpu('handler'),
      wall_per_click_ms: rounded(measured.handler.wallUs / 1_000),
      of_which_http_exchange_ms: cpu('exchange'),
      of_which_signing_ms: cpu('sign'),
      of_which_json_ms: cpu('json'),
      of_which_decision_and_rest_ms: rounded(Math.max(0, measured.handler.cpuUs - measured.put.cpuUs) / 1_000),
      without_http_ms: cpu('handlerWithoutHttp'),
      put_record_lean_client_ms: cpu('put'),
      put_record_aws_sdk_ms: cpu('putBySdk'),
      aws_sdk_to_lean_client_ratio: rounded(measured.putBySdk.cpuUs / measured.put.cpuUs),
    },
    targets: [{ figure: 'cpu_per_click_ms', must: 'be at most', limit: 0.6 }],
    notes: [
      'CPU time (user and system, garbage collection and compiler threads included) of a process that runs only the built bundle, one click after the other, as Lambda does.',
      'The signed PutRecord goes over kept-alive HTTP to an endpoint in another process; on AWS, TLS adds to it.',
      'Parts are measured alone, each in a process of its own, so they add up roughly. The SDK client is used as it comes, one attempt.',
    ],
  };
}

/** CPU per click of everything that runs at the edge. */
export const handler: Benchmark = {
  name: 'handler',
  title: 'CPU per click of the whole built handler, signed PutRecord included',
  run,
};
