import { Readable, Writable } from 'node:stream';
import { type Command, CommanderError } from 'commander';
import { CliError } from '../../cli/cli-error.ts';
import { createProgram } from '../../cli/program.ts';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  /** A text: a pipe that ends with it. A stream: whatever it is. */
  readonly stdin?: string | (Readable & { readonly isTTY?: boolean });
  readonly env?: Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

/** Runs the command line in this process, over streams of its own. */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const out = collector();
  const err = collector();
  const { stdin = '' } = options;
  const program = createProgram({
    stdout: out.stream,
    stderr: err.stream,
    stdin: typeof stdin === 'string' ? Readable.from([stdin]) : stdin,
    // A folder that does not exist: no token of a local system on this machine is found.
    env: { ONEHOP_DATA: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent', ...options.env },
    fetch: options.fetch ?? (() => Promise.reject(new Error('no network in this test'))),
    now: options.now ?? Date.now,
    sleep: options.sleep ?? (async () => {}),
  });
  try {
    throwInsteadOfExit(program);
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return { code: error.exitCode, out: out.text(), err: err.text() };
    if (!(error instanceof CliError)) throw error;
    return { code: 1, out: out.text(), err: err.text() + [error.message, ...error.details].join('\n') };
  }
  return { code: 0, out: out.text(), err: err.text() };
}

/** A `fetch` that ends in an API in this process. */
export function fetchOf(
  call: (
    method: string,
    url: string,
    options: object,
  ) => Promise<{ status: number; headers: Record<string, string>; body: unknown }>,
): typeof fetch {
  return async (input, init = {}) => {
    const headers = new Headers(init.headers);
    const { pathname, search } = new URL(String(input));
    const answer = await call(init.method ?? 'GET', pathname + search, {
      token: headers.get('authorization')?.replace('Bearer ', '') ?? null,
      headers: Object.fromEntries(headers),
      ...(typeof init.body === 'string' && { raw: init.body }),
    });
    const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    return new Response(body, { status: answer.status, headers: answer.headers });
  };
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  command.commands.forEach(throwInsteadOfExit);
}

function collector() {
  let text = '';
  const stream = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  return { stream, text: () => text };
}
