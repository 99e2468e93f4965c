import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Fault, FaultTarget } from '../faults.ts';
import type { Endpoints, EnginesOptions } from './engines.ts';
import type { EngineAnswer, EngineRequest } from './worker.ts';

type Pending = { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void };
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** The engines in a thread of their own, so that writing Parquet never holds up a redirect. */
export class EngineThread {
  readonly endpoints: Endpoints;
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #count = 0;

  private constructor(worker: Worker, endpoints: Endpoints) {
    this.#worker = worker;
    this.endpoints = endpoints;
    worker.on('message', (answer: EngineAnswer) => this.#settle(answer));
    worker.on('exit', () => this.#fail(new Error('the engines have stopped')));
  }

  /** Starts them. @throws the error that kept them from starting */
  static async start(options: Omit<EnginesOptions, 'onError'>): Promise<EngineThread> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: options, stdout: false });
    const [{ value }] = (await once(worker, 'message')) as [EngineAnswer];
    return new EngineThread(worker, value as Endpoints);
  }

  /** Delivers everything acknowledged so far. @returns how many records it took */
  async flush(): Promise<number> {
    return Number(await this.#call({ call: 'flush' }));
  }

  async setFault(target: FaultTarget, fault: Fault): Promise<void> {
    await this.#call({ call: 'fault', target, fault });
  }

  /** Delivers what is left and ends the thread. */
  async close(): Promise<void> {
    const gone = once(this.#worker, 'exit');
    await this.#call({ call: 'close' });
    await gone;
  }

  #call(request: WithoutId<EngineRequest>): Promise<unknown> {
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ ...request, id });
    });
  }

  #settle({ id, value, error }: EngineAnswer): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) pending?.resolve(value);
    else pending?.reject(new Error(error));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
