declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  interface Options {
    readonly url: string;
    readonly connections: number;
    /** Requests to make in all; it ends when the last is answered. */
    readonly amount: number;
    readonly headers?: Readonly<Record<string, string>>;
  }
  export interface Result {
    readonly '3xx': number;
    /** Milliseconds. */
    readonly latency: { readonly p50: number; readonly p99: number };
  }
  /** Emits `response` for each answer. */
  export default function autocannon(
    options: Options,
    done: (error: Error | null, result: Result) => void,
  ): EventEmitter;
}
