declare module 'autocannon' {
  interface Options {
    readonly url: string;
    readonly connections: number;
    /** Requests to make in all; it ends when the last is answered. */
    readonly amount: number;
    readonly headers?: Readonly<Record<string, string>>;
    /** Seconds after which an unanswered request counts as failed. @default 10 */
    readonly timeout?: number;
  }
  interface Result {
    /** Seconds. */
    readonly duration: number;
    readonly '3xx': number;
    /** Failed requests, timeouts among them. */
    readonly errors: number;
    readonly requests: { readonly total: number; readonly sent: number };
    /** Milliseconds. */
    readonly latency: { readonly p50: number; readonly p99: number };
  }
  export default function autocannon(options: Options): Promise<Result>;
}
