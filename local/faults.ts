import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

export const FAULT_TARGETS = ['firehose', 'dynamodb', 'queue', 'secrets'] as const;
export const FAULT_MODES = ['error', 'slow', 'throttle', 'off'] as const;
export type FaultTarget = (typeof FAULT_TARGETS)[number];
export type FaultMode = (typeof FAULT_MODES)[number];

export interface Fault {
  readonly mode: FaultMode;
  /** Share of the calls that meet it, 0 to 1. */
  readonly rate: number;
}

/** How long a slow call waits before it is looked at, ms: longer than any deadline of the edge function. */
export const SLOW_MS = 2_000;

/** Faults that were asked for, by what they hit. */
export class Faults {
  readonly #faults = new Map<FaultTarget, Fault>();
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  set(target: FaultTarget, fault: Fault): void {
    if (fault.mode === 'off') this.#faults.delete(target);
    else this.#faults.set(target, fault);
  }

  /** What is set now. */
  all(): Readonly<Partial<Record<FaultTarget, Fault>>> {
    return Object.fromEntries(this.#faults);
  }

  /** What this call meets: drawn anew for each. */
  strike(target: FaultTarget): Exclude<FaultMode, 'off'> | null {
    const fault = this.#faults.get(target);
    if (!fault || fault.mode === 'off') return null;
    return this.#random() < fault.rate ? fault.mode : null;
  }
}

const THROTTLED: Readonly<Record<FaultTarget, string>> = {
  firehose: 'ServiceUnavailableException',
  dynamodb: 'ProvisionedThroughputExceededException',
  queue: 'ThrottlingException',
  secrets: 'ThrottlingException',
};

/** The answer to a call that met a fault: always 5xx, and nothing was stored. */
export function faultAnswer(target: FaultTarget, mode: 'error' | 'throttle'): { status: number; body: object } {
  return mode === 'throttle'
    ? { status: 503, body: { __type: THROTTLED[target], message: 'injected fault: throttled' } }
    : { status: 500, body: { __type: 'InternalServerError', message: 'injected fault: error' } };
}

/** Puts faults before a service's listener. A slow call whose caller has gone meanwhile is dropped, so nothing is stored. */
export function withFaults(target: FaultTarget, faults: Faults, listener: RequestListener): RequestListener {
  return (request, response) => {
    const strike = faults.strike(target);
    if (strike === null) return void listener(request, response);
    if (strike !== 'slow') return refuse(request, response, faultAnswer(target, strike));
    setTimeout(() => {
      if (!response.closed) listener(request, response);
    }, SLOW_MS);
  };
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body }: ReturnType<typeof faultAnswer>,
): void {
  request.resume();
  request.once('end', () =>
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body)),
  );
}
