import { once } from 'node:events';
import { type MessagePort, Worker } from 'node:worker_threads';

/** A request to a thread, with a number that its answer repeats. */
interface Numbered {
  readonly id: number;
  readonly request: unknown;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The number of the answer that says a thread has started. */
const STARTED = 0;

/** A thread that answers requests one by one. What it throws outside of a request ends the process: nothing goes on half alive. */
export class Thread<Request, Started> {
  readonly #worker: Worker;
  /** What it told when it had started. */
  readonly started: Started;
  readonly #pending = new Map<number, Pending>();
  #count = STARTED;

  private constructor(worker: Worker, started: Started, write: (text: string) => void) {
    this.#worker = worker;
    this.started = started;
    worker.on('message', (message: Answer | string) => {
      if (typeof message === 'string') write(message);
      else this.#settle(message);
    });
    worker.on('exit', () => this.#fail(new Error('the thread has ended')));
  }

  /**
   * Starts a thread.
   * @param write takes text that the thread sends without being asked
   * @throws what kept it from starting
   */
  static async start<Request, Started>(
    entry: URL,
    workerData: unknown,
    write: (text: string) => void = () => undefined,
  ): Promise<Thread<Request, Started>> {
    const worker = new Worker(entry, { workerData });
    const [{ value }] = (await once(worker, 'message')) as [Answer];
    return new Thread<Request, Started>(worker, value as Started, write);
  }

  /** Asks for something and waits until it is done. */
  call(request: Request): Promise<unknown> {
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request } satisfies Numbered);
    });
  }

  /**
   * Asks for the last thing. The thread then idles until the process ends, which it does not hold up: taking a thread
   * down that has loaded DuckDB ends the whole process now and then.
   */
  async end(request: Request): Promise<void> {
    await this.call(request);
    this.#worker.unref();
  }

  #settle({ id, value, error }: Answer): void {
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

/** The other side: tells that the thread has started, and answers its requests. */
export function answerRequests<Request>(
  port: MessagePort,
  started: unknown,
  answer: (request: Request) => unknown,
): void {
  port.on('message', async (message: Numbered) => {
    try {
      port.postMessage({ id: message.id, value: await answer(message.request as Request) } satisfies Answer);
    } catch (error) {
      port.postMessage({ id: message.id, error: String(error) } satisfies Answer);
    }
  });
  port.postMessage({ id: STARTED, value: started } satisfies Answer);
}
