import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { answerRequests } from '../threads.ts';
import type { EngineRequest } from './engine-thread.ts';
import { Engines, type EnginesOptions } from './engines.ts';

const engines = await Engines.start({
  ...(workerData as Omit<EnginesOptions, 'onError'>),
  onError: (error) => process.stderr.write(`onehop: delivery to the lake failed, it is tried again: ${error}\n`),
});

answerRequests<EngineRequest>(parentPort as MessagePort, engines.endpoints, (request) => {
  if (request.call === 'flush') return engines.flush();
  if (request.call === 'fault') return engines.setFault(request.target, request.fault);
  return engines.close();
});
