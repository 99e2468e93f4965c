import type { Readable, Writable } from 'node:stream';

/** What the command has of the outside: its streams, variables and network, handed in so that tests can. */
export interface Terminal {
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof fetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Waits, ms. */
  readonly sleep: (ms: number) => Promise<void>;
}
