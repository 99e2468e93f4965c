import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { EdgeConfig } from '../../lambdas/contract/edge-config.ts';
import { type HostList, hostOf, misdirected } from '../hosts.ts';
import { type AccessLogRow, accessLogRow } from './access-log.ts';
import { type Answer, executionError, refusal, toAnswer } from './answer.ts';
import { ErrorCache } from './error-cache.ts';
import { originWith, toEvent } from './event.ts';
import type { EdgeHandler } from './instance.ts';
import { PARSER_BYTES, refusalOf } from './limits.ts';
import { newRequestId } from './request-id.ts';
import { type Viewer, viewerOf } from './viewer.ts';

export interface EdgeSimulatorOptions {
  /** Instances of the edge function; requests go to one after the other. */
  readonly instances: readonly EdgeHandler[];
  /** Settings of the distribution that answers a host. */
  readonly configOf: (host: string) => EdgeConfig;
  readonly hosts: HostList;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Takes the access log, row by row. */
  readonly logAccess: (row: AccessLogRow) => void;
  /** Seconds for which errors are kept, as the distributions set it. @default 0 */
  readonly errorCachingMinTtlS?: number;
}

/** CloudFront in front of the edge function, as far as one machine can play it. Not listening yet. */
export function createEdgeSimulator(options: EdgeSimulatorOptions): Server {
  const simulator = new EdgeSimulator(options);
  return createServer({ maxHeaderSize: PARSER_BYTES, keepAliveTimeout: 30_000 }, (request, response) =>
    simulator.answer(request, response),
  );
}

class EdgeSimulator {
  readonly #options: EdgeSimulatorOptions;
  readonly #errors: ErrorCache;
  readonly #origins = new Map<EdgeConfig, ReturnType<typeof originWith>>();
  #turn = 0;

  constructor(options: EdgeSimulatorOptions) {
    this.#options = options;
    this.#errors = new ErrorCache(options.errorCachingMinTtlS ?? 0, options.now);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = hostOf(request.headers.host);
    const allowed = this.#options.hosts.allows(host);
    if (allowed !== true && !(await allowed)) {
      response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' }).end(misdirected(host));
      return;
    }
    const began = performance.now();
    const requestId = newRequestId();
    const viewer = viewerOf(request);
    const answer = await this.#answerOf(request, viewer, host, requestId);
    send(request, response, answer, requestId);
    this.#log(request, viewer, answer, requestId, performance.now() - began);
  }

  async #answerOf(request: IncomingMessage, viewer: Viewer, host: string, requestId: string): Promise<Answer> {
    const refused = refusalOf(request);
    if (refused) return refusal(refused);
    const key = `${host}${request.url?.split('?', 1)[0]}`;
    const kept = this.#errors.get(key);
    if (kept) return kept;
    const answer = await this.#invoke(request, viewer, host, requestId);
    this.#errors.put(key, answer);
    return answer;
  }

  async #invoke(request: IncomingMessage, viewer: Viewer, host: string, requestId: string): Promise<Answer> {
    const { instances, configOf } = this.#options;
    const handler = instances[this.#turn++ % instances.length] as EdgeHandler;
    try {
      return toAnswer(await handler(toEvent(request, viewer, this.#originOf(configOf(host)), requestId)));
    } catch {
      return executionError();
    }
  }

  #originOf(config: EdgeConfig): ReturnType<typeof originWith> {
    const known = this.#origins.get(config) ?? originWith(config);
    this.#origins.set(config, known);
    return known;
  }

  #log(request: IncomingMessage, viewer: Viewer, answer: Answer, requestId: string, tookMs: number): void {
    const { now, configOf, logAccess } = this.#options;
    const withAddress = configOf(hostOf(request.headers.host)).ipPolicy === 'full';
    logAccess(accessLogRow({ request, viewer, answer, requestId, at: now(), tookMs, withAddress }));
  }
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer, requestId: string): void {
  const headers: string[] = [];
  for (const [key, value] of answer.headers) headers.push(key, value);
  headers.push('Content-Length', String(Buffer.byteLength(answer.body)));
  headers.push('X-Cache', `${answer.resultType} from cloudfront`, 'X-Amz-Cf-Id', requestId);
  if (answer.resultType === 'Error') {
    headers.push('Connection', 'close');
    request.resume();
  }
  if (answer.statusText) response.writeHead(answer.status, answer.statusText, headers);
  else response.writeHead(answer.status, headers);
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}
