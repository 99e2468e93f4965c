import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { answerRequests } from '../threads.ts';
import { Edge, type EdgeSettings } from './edge.ts';
import type { EdgeRequest, EdgeWorkerData } from './edges.ts';

const { settings, output } = workerData as EdgeWorkerData;
const edge = await Edge.start(settings as EdgeSettings, (text) => output.postMessage(text));

answerRequests<EdgeRequest>(parentPort as MessagePort, edge.port, async (request) => {
  if (request.call === 'fault') return edge.setFault(request.target, request.fault);
  if (request.call === 'passOn') return edge.passOn();
  await edge.close();
  output.close();
});
