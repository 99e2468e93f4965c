import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Fault, FaultTarget } from '../faults.ts';
import { Engines, type EnginesOptions } from './engines.ts';

/** What the main thread asks of the engines, each with a number that its answer repeats. */
export type EngineRequest =
  | { readonly id: number; readonly call: 'flush' }
  | { readonly id: number; readonly call: 'fault'; readonly target: FaultTarget; readonly fault: Fault }
  | { readonly id: number; readonly call: 'close' };

export interface EngineAnswer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

const port = parentPort as MessagePort;
const engines = await Engines.start({
  ...(workerData as Omit<EnginesOptions, 'onError'>),
  onError: (error) => process.stderr.write(`onehop: delivery to the lake failed, it is tried again: ${error}\n`),
});

async function answer(request: EngineRequest): Promise<unknown> {
  if (request.call === 'flush') return engines.flush();
  if (request.call === 'fault') return engines.setFault(request.target, request.fault);
  return engines.close();
}

port.on('message', async (request: EngineRequest) => {
  try {
    port.postMessage({ id: request.id, value: await answer(request) } satisfies EngineAnswer);
  } catch (error) {
    port.postMessage({ id: request.id, error: String(error) } satisfies EngineAnswer);
  }
  if (request.call === 'close') port.close();
});
port.postMessage({ id: 0, value: engines.endpoints } satisfies EngineAnswer);
