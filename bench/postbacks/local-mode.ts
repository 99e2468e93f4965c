import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { cpuMsOf, firstJson, start } from '../support/spawned.ts';

const POLL_MS = 20;

/** The local mode as `npm start` runs it, in a process of its own. */
export class LocalMode {
  readonly dataDir: string;
  readonly #process: ChildProcess;
  readonly #api: string;
  readonly #token: string;

  private constructor(dataDir: string, child: ChildProcess, { api, token }: { api: string; token: string }) {
    this.dataDir = dataDir;
    this.#process = child;
    this.#api = api;
    this.#token = token;
  }

  /** @throws Error where it ends before it is ready */
  static async start(folder: string): Promise<LocalMode> {
    const dataDir = join(folder, 'data');
    const child = start('local/main.ts', [], { ONEHOP_DATA: dataDir, ONEHOP_PORT: '0', ONEHOP_API_PORT: '0' });
    const ready = await firstJson<{ api: string; token: string }>(child);
    child.stdout?.resume();
    child.stderr?.resume();
    return new LocalMode(dataDir, child, ready);
  }

  /** A call of the API. @throws Error with its answer where it refuses */
  async call<T>(method: string, path: string, body: object): Promise<T> {
    const response = await fetch(`${this.#api}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Waits until the queue holds no message that somebody can still work on. @returns how many are dead */
  async queueEmpty(): Promise<number> {
    const database = new DatabaseSync(join(this.dataDir, 'queue', 'queue.sqlite'), { readOnly: true });
    const counted = database.prepare('select count(*) filter (where dead = 0) as alive, count(*) as n from messages');
    try {
      for (;;) {
        const { alive, n } = counted.get() as { alive: number; n: number };
        if (alive === 0) return n;
        await setTimeout(POLL_MS);
      }
    } finally {
      database.close();
    }
  }

  /** Has all rows that are under way written to the lake. */
  async flush(): Promise<void> {
    await this.call('POST', '/local/flush', {});
  }

  /** CPU time of the whole system so far, ms. */
  cpuMs(): number {
    return cpuMsOf(this.#process.pid);
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGINT');
    await ended;
  }
}
