import { EventEmitter } from 'node:events';
import http from 'node:http';
import { type AwsCall, type AwsReply, replyTo } from '../engines/aws-json.ts';
import { type Faults, faultAnswer } from '../faults.ts';

/** A service that the edge function reaches without a socket. */
export interface InProcessService {
  readonly port: number;
  readonly serve: (call: AwsCall) => object | Promise<object>;
  readonly faults: Faults;
}

/**
 * A stand-in for `node:http` whose requests to one service are plain calls; all others go out as they are. For
 * benchmarks: it shows what the redirect costs without the protocol of the stream.
 */
export function inProcessHttp(service: InProcessService): typeof http {
  const request = (options: http.RequestOptions) =>
    Number(options.port) === service.port ? new InProcessRequest(options, service) : http.request(options);
  return { ...http, request } as unknown as typeof http;
}

/** As much of a client request as the edge function uses. */
class InProcessRequest extends EventEmitter {
  readonly #operation: string;
  readonly #service: InProcessService;

  constructor({ headers }: http.RequestOptions, service: InProcessService) {
    super();
    const target = String(
      (headers as Record<string, unknown>)['X-Amz-Target'] ?? (headers as Record<string, unknown>)['x-amz-target'],
    );
    this.#operation = target.slice(target.lastIndexOf('.') + 1);
    this.#service = service;
  }

  end(body: string): void {
    void this.#reply(String(body)).then((reply) => this.#answer(reply));
  }

  destroy(error?: Error): void {
    if (error) this.emit('error', error);
    this.emit('close');
  }

  async #reply(body: string): Promise<AwsReply> {
    const { faults, serve } = this.#service;
    const strike = faults.strike('firehose');
    if (strike === null) return replyTo(serve, { operation: this.#operation, body });
    const { status, body: fault } = faultAnswer('firehose', strike === 'slow' ? 'error' : strike);
    return { status, text: JSON.stringify(fault) };
  }

  #answer({ status, text }: AwsReply): void {
    const response = Object.assign(new EventEmitter(), { statusCode: status, destroy: () => undefined });
    this.emit('response', response);
    response.emit('data', Buffer.from(text));
    response.emit('end');
    this.emit('close');
  }
}
