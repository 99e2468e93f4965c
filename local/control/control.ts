import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { smsEventStreamName } from '../../lambdas/contract/lake.ts';
import { Problem, parseInput } from '../../lambdas/core/api/problem.ts';
import { type Clock, ClockError } from '../clock.ts';
import type { Endpoints } from '../engines/engines.ts';
import type { Fault, FaultTarget } from '../faults.ts';
import { localNames } from '../names.ts';
import { clockInput, faultInput, flushInput } from './input.ts';

type Result = APIGatewayProxyStructuredResultV2;

/** What the control calls drive. */
export interface Controlled {
  readonly clock: Clock;
  /** @returns how many clicks went to the lake */
  readonly flush: () => Promise<number>;
  readonly setFault: (target: FaultTarget, fault: Fault) => Promise<void>;
  readonly faults: () => Readonly<Partial<Record<FaultTarget, Fault>>>;
  readonly endpoints: Endpoints;
  readonly dataDir: string;
}

const JSON_TYPE = /^application\/json\s*(;|$)/i;
const ROUTES: Readonly<Record<string, string>> = {
  '/local/flush': 'POST',
  '/local/clock': 'POST',
  '/local/fault': 'POST',
  '/local/health': 'GET',
};

/** The calls that drive a local system: flush, clock, faults and health. */
export class Control {
  readonly #controlled: Controlled;

  constructor(controlled: Controlled) {
    this.#controlled = controlled;
  }

  /** Answers one call; every fault of the input as a problem document. */
  async answer(request: IncomingMessage, path: string, body: Buffer): Promise<Result> {
    try {
      checkRoute(request, path);
      return json(200, await this.#run(path, body));
    } catch (error) {
      const problem = error instanceof ClockError ? new Problem(409, 'clock', error.message) : error;
      if (!(problem instanceof Problem)) return json(500, { code: 'internal', detail: String(error) });
      return json(problem.status, problem.toDocument('local'), 'application/problem+json');
    }
  }

  async #run(path: string, body: Buffer): Promise<object> {
    if (path === '/local/health') return this.#health();
    const input = parse(body);
    if (path === '/local/clock') return this.#clock(parseInput(clockInput, input));
    if (path === '/local/fault') return this.#fault(parseInput(faultInput, input));
    parseInput(flushInput, input);
    return { clicks: await this.#controlled.flush() };
  }

  #clock(command: Parameters<Clock['set']>[0]): object {
    const { clock } = this.#controlled;
    clock.set(command);
    return clockState(clock);
  }

  async #fault({ target, ...fault }: Fault & { target: FaultTarget }): Promise<object> {
    await this.#controlled.setFault(target, fault);
    return { faults: this.#controlled.faults() };
  }

  #health(): object {
    const { clock, faults, endpoints, dataDir } = this.#controlled;
    return { status: 'ok', clock: clockState(clock), faults: faults(), data: dataDir, endpoints, names: NAMES };
  }
}

const NAMES = {
  links_table: localNames.linksTable,
  ledger_table: localNames.ledgerTable,
  stream_base: localNames.streamBase,
  streams: [`${localNames.streamBase}-0`],
  sms_event_stream: smsEventStreamName(localNames.eventStreamBase),
  edge_secret: localNames.edgeSecret,
  region: localNames.region,
};

const clockState = (clock: Clock) => ({ now: new Date(clock.now()).toISOString(), stands: clock.stands });

/** A web page can send forms and plain text to another origin, but no JSON without asking first: so we want JSON. */
function checkRoute(request: IncomingMessage, path: string): void {
  const method = ROUTES[path];
  if (!method) throw new Problem(404, 'no_such_route', `there is no ${path}: ${Object.keys(ROUTES).join(', ')}`);
  if (request.method !== method) throw new Problem(405, 'method_not_allowed', `${path} takes ${method}`);
  if (method === 'POST' && !JSON_TYPE.test(request.headers['content-type'] ?? ''))
    throw new Problem(415, 'unsupported_type', 'send content-type: application/json');
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new Problem(400, 'malformed_json', 'the body is not JSON');
  }
}

function json(statusCode: number, body: object, type = 'application/json'): Result {
  return {
    statusCode,
    headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
