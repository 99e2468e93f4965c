import type { Fault, FaultTarget } from '../faults.ts';
import { Thread } from '../threads.ts';
import type { Endpoints, EnginesOptions } from './engines.ts';

/** What the main thread asks of the engines. */
export type EngineRequest =
  | { readonly call: 'flush' }
  | { readonly call: 'fault'; readonly target: FaultTarget; readonly fault: Fault }
  | { readonly call: 'close' };

/** The engines in a thread of their own, so that writing Parquet never holds up a redirect. */
export class EngineThread {
  readonly #thread: Thread<EngineRequest, Endpoints>;

  private constructor(thread: Thread<EngineRequest, Endpoints>) {
    this.#thread = thread;
  }

  /** Starts them. @throws the error that kept them from starting */
  static async start(options: Omit<EnginesOptions, 'onError'>): Promise<EngineThread> {
    return new EngineThread(await Thread.start(new URL('./worker.ts', import.meta.url), options));
  }

  get endpoints(): Endpoints {
    return this.#thread.started;
  }

  /** Delivers everything acknowledged so far. @returns how many records it took */
  async flush(): Promise<number> {
    return Number(await this.#thread.call({ call: 'flush' }));
  }

  async setFault(target: FaultTarget, fault: Fault): Promise<void> {
    await this.#thread.call({ call: 'fault', target, fault });
  }

  /** Delivers what is left and ends the thread. */
  close(): Promise<void> {
    return this.#thread.end({ call: 'close' });
  }
}
