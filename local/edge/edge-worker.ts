import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { answerRequests } from '../threads.ts';
import { Edge, type EdgeSettings } from './edge.ts';
import type { EdgeRequest } from './edges.ts';

const port = parentPort as MessagePort;
const edge = await Edge.start(workerData as EdgeSettings, (text) => port.postMessage(text));

answerRequests<EdgeRequest>(port, edge.port, (request) => {
  if (request.call === 'fault') return edge.setFault(request.target, request.fault);
  if (request.call === 'passOn') return edge.passOn();
  return edge.close();
});
