import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

type Answer = { readonly value?: unknown; readonly error?: string };

/** A process of its own for a part of a benchmark, so that nobody else's work is in its figures. It does one thing at a time. */
export class Child<Ready> {
  readonly ready: Ready;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, ready: Ready) {
    this.#process = child;
    this.ready = ready;
  }

  /**
   * Starts a script that calls {@link serveParent} and waits until it is ready.
   * @throws Error where it ends or fails before
   */
  static async start<Ready>(
    script: URL,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Child<Ready>> {
    const child = fork(fileURLToPath(script), args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return new Child(child, (await answerOf(child)) as Ready);
  }

  /** Has the process do one of the things it offers. @throws Error with its message where it fails */
  async ask<T>(command: string): Promise<T> {
    const answer = answerOf(this.#process);
    this.#process.send(command);
    return (await answer) as T;
  }

  /** Lets the process end in order. */
  async close(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.send('close');
    await ended;
  }
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const stop = new AbortController();
  try {
    const [answer] = (await Promise.race([
      once(child, 'message', { signal: stop.signal }),
      once(child, 'exit', { signal: stop.signal }).then(([code]) => [{ error: `the process ended with ${code}` }]),
    ])) as [Answer];
    if (answer.error) throw new Error(answer.error);
    return answer.value;
  } finally {
    stop.abort();
  }
}

type Commands = Readonly<Record<string, () => unknown>>;

/** The child's side: says that it is ready, then does what it is asked; `close` ends it. */
export function serveParent(ready: unknown, commands: Commands): void {
  const reply = (answer: Answer) => process.send?.(answer);
  process.on('message', async (command: string) => {
    try {
      reply({ value: await commands[command]?.() });
    } catch (error) {
      reply({ error: String(error) });
    }
    if (command === 'close') process.disconnect();
  });
  reply({ value: ready });
}
