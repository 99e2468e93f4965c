import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Connections, Endpoint } from './connections.ts';
import { type Credentials, signedHeaders } from './signature.ts';

export type EdgeService = 'dynamodb' | 'firehose' | 'secretsmanager';

/** Origin of a service in a region on AWS. */
export const awsOrigin = (service: EdgeService, region: string) => `https://${service}.${region}.amazonaws.com`;

/**
 * One signed call of an AWS JSON service over a kept-alive connection. The SDK does this too, at several times the load
 * time, size and CPU per call; all of these are felt or billed at the edge (see docs/adr).
 */
export interface AwsJsonCall {
  readonly service: EdgeService;
  readonly region: string;
  /** Value of `X-Amz-Target`, e.g. `Firehose_20150804.PutRecord`. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
  readonly body: object;
  /** The call is given up after this many milliseconds. */
  readonly timeoutMs: number;
}

/** A call that did not succeed. `code` is the service's error type, or `timeout`, or that of the connection error. */
export class AwsCallError extends Error {
  override readonly name: string = 'AwsCallError';
  readonly code: string;
  /** True where the same call may succeed elsewhere or later. */
  readonly retryable: boolean;

  constructor(code: string, retryable: boolean) {
    super(`AWS call failed: ${code}`);
    this.code = code;
    this.retryable = retryable;
  }
}

const RETRYABLE =
  /Throttling|ServiceUnavailable|ProvisionedThroughput|RequestLimit|InternalFailure|InternalServer|LimitExceeded|SlowDown/;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export type CallAws = (call: AwsJsonCall) => Promise<Record<string, unknown>>;

export interface AwsJsonOptions {
  readonly connections: Connections;
  /** Asked on each call, because Lambda may renew them. */
  readonly credentials: () => Credentials;
  /** Origins by service instead of AWS's own. @default AWS */
  readonly endpoints?: Readonly<Partial<Record<EdgeService, string>>>;
}

/** Makes the function that calls AWS. */
export function createAwsJson({ connections, credentials, endpoints = {} }: AwsJsonOptions): CallAws {
  return async (call) => {
    const endpoint = connections.endpoint(endpoints[call.service] ?? awsOrigin(call.service, call.region));
    try {
      return await callOnce(call, endpoint, credentials());
    } catch (error) {
      // A connection kept from an earlier tap may have been closed while the instance was frozen; that says nothing of the service.
      if (!(error instanceof StaleConnectionError)) throw error;
      return callOnce(call, endpoint, credentials());
    }
  };
}

/** A kept-alive connection turned out to be closed by the other side. */
class StaleConnectionError extends AwsCallError {}

const CLOSED = new Set(['ECONNRESET', 'EPIPE']);

function callOnce(call: AwsJsonCall, endpoint: Endpoint, credentials: Credentials): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const request = send(call, endpoint, credentials);
    request.on('response', (response) => readAnswer(response, resolve, reject));
    const timer = setTimeout(() => request.destroy(new AwsCallError('timeout', true)), call.timeoutMs);
    request.on('error', (error: NodeJS.ErrnoException) => reject(connectionError(error, request.reusedSocket)));
    request.on('close', () => clearTimeout(timer));
  });
}

function connectionError(error: NodeJS.ErrnoException, isReused: boolean): AwsCallError {
  if (error instanceof AwsCallError) return error;
  const code = error.code ?? 'connection';
  return isReused && CLOSED.has(code) ? new StaleConnectionError(code, true) : new AwsCallError(code, true);
}

function send(call: AwsJsonCall, endpoint: Endpoint, credentials: Credentials): ClientRequest {
  const body = JSON.stringify(call.body);
  const { service, region, target } = call;
  const contentType = `application/x-amz-json-${call.version}`;
  const post = { service, region, target, host: endpoint.host, contentType, body };
  const transport = endpoint.protocol === 'http:' ? http : https;
  const request = transport.request({
    agent: endpoint.agent,
    host: endpoint.hostname,
    port: endpoint.port,
    path: '/',
    method: 'POST',
    headers: { ...signedHeaders(post, credentials, new Date()), 'content-length': String(Buffer.byteLength(body)) },
  });
  request.end(body);
  return request;
}

function readAnswer(
  response: IncomingMessage,
  resolve: (answer: Record<string, unknown>) => void,
  reject: (error: Error) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) response.destroy(new AwsCallError('answer_too_large', false));
    else chunks.push(chunk);
  });
  response.on('error', (error) => reject(error instanceof AwsCallError ? error : new AwsCallError('connection', true)));
  response.on('end', () => {
    const answer = parse(Buffer.concat(chunks).toString());
    const status = response.statusCode ?? 500;
    if (status === 200 && answer) resolve(answer);
    else reject(toError(status, answer));
  });
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function toError(status: number, answer: Record<string, unknown> | null): AwsCallError {
  const type = String(answer?.__type ?? `http_${status}`);
  const code = type.slice(type.lastIndexOf('#') + 1);
  return new AwsCallError(code, status >= 500 || status === 429 || RETRYABLE.test(code));
}
