import { createServer } from 'node:http';
import { listen } from '../engines/aws-json.ts';
import type { Fault, FaultTarget } from '../faults.ts';
import { Thread } from '../threads.ts';
import { Edge, type EdgeSettings } from './edge.ts';

/** What the main thread asks of a thread of the edge. */
export type EdgeRequest =
  | { readonly call: 'passOn' }
  | { readonly call: 'fault'; readonly target: FaultTarget; readonly fault: Fault }
  | { readonly call: 'close' };

/** The edge of the local system, in this thread or in several. */
export interface Edges {
  readonly port: number;
  setFault(target: FaultTarget, fault: Fault): Promise<void>;
  /** Makes everything that came so far ready for the lake. */
  passOn(): Promise<void>;
  close(): Promise<void>;
}

/** @param threads 1 is this thread; more are threads of their own, among which the system spreads connections (Linux only) */
export function startEdges(
  settings: Omit<EdgeSettings, 'sharesPort'>,
  threads: number,
  write: (text: string) => void,
): Promise<Edges> {
  return threads === 1 ? startHere(settings, write) : startThreads(settings, threads, write);
}

async function startHere(settings: Omit<EdgeSettings, 'sharesPort'>, write: (text: string) => void): Promise<Edges> {
  const edge = await Edge.start({ ...settings, sharesPort: false }, write);
  return {
    port: edge.port,
    setFault: async (target, fault) => edge.setFault(target, fault),
    passOn: async () => edge.passOn(),
    close: () => edge.close(),
  };
}

async function startThreads(
  settings: Omit<EdgeSettings, 'sharesPort'>,
  count: number,
  write: (text: string) => void,
): Promise<Edges> {
  const port = await freePort(settings.port);
  const entry = new URL('./edge-worker.ts', import.meta.url);
  const start = () => Thread.start<EdgeRequest, number>(entry, { ...settings, port, sharesPort: true }, write);
  const threads = await Promise.all(Array.from({ length: count }, start));
  const all = async (ask: (thread: Thread<EdgeRequest, number>) => Promise<unknown>) => {
    await Promise.all(threads.map(ask));
  };
  return {
    port,
    setFault: (target, fault) => all((thread) => thread.call({ call: 'fault', target, fault })),
    passOn: () => all((thread) => thread.call({ call: 'passOn' })),
    close: () => all((thread) => thread.end({ call: 'close' })),
  };
}

/** A port that nobody listens on: one that is shared could else be shared with a stranger. @throws where it is taken */
async function freePort(port: number): Promise<number> {
  const probe = await listen(createServer(), port);
  await probe.close();
  return probe.port;
}
