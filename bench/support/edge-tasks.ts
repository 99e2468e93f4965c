import http from 'node:http';
import { createRequire } from 'node:module';
import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import type { CloudFrontRequestEvent, CloudFrontResultResponse } from 'aws-lambda';
import { createAwsJson } from '../../lambdas/adapters/edge/aws-json.ts';
import { Connections } from '../../lambdas/adapters/edge/connections.ts';
import { signedHeaders } from '../../lambdas/adapters/edge/signature.ts';
import { inProcessHttp } from '../../local/edge/in-process-http.ts';
import { Faults } from '../../local/faults.ts';
import { awsService } from './aws-service.ts';
import { samples } from './documents.ts';
import { edgeConfig } from './edge-config.ts';
import { sampleRecord } from './record.ts';
import { tapEvents } from './taps.ts';

/** One piece of work, done once with each call. */
export type Task = () => unknown;

export interface TaskPlace {
  /** Origin of the local endpoint. */
  readonly endpoint: string;
  /** Path of the built bundle. */
  readonly bundle: string;
}

const EVENTS = 2_000;
const REGION = 'us-east-1';
const TARGET = 'Firehose_20150804.PutRecord';
const CONTENT_TYPE = 'application/x-amz-json-1.1';
/** As long as those that Lambda hands to a function; they are signed and sent with every call. */
export const credentials = {
  accessKeyId: 'ASIABENCHMARKBENCHMA',
  secretAccessKey: 's'.repeat(40),
  sessionToken: 't'.repeat(900),
};

type Handler = (event: CloudFrontRequestEvent) => Promise<CloudFrontResultResponse>;

/** The built bundle as Lambda runs it, one tap after the other. */
function handler({ endpoint, bundle }: TaskPlace): Task {
  const events = tapEvents(samples, EVENTS, edgeConfig(endpoint));
  const { handler: handle } = createRequire(import.meta.url)(bundle) as { handler: Handler };
  let turn = 0;
  return () => handle(events[turn++ % EVENTS] as CloudFrontRequestEvent);
}

/** The same with `node:http` replaced by plain calls: decision, JSON and signing remain. */
function handlerWithoutHttp(place: TaskPlace): Task {
  const service = { port: Number(new URL(place.endpoint).port), serve: awsService, faults: new Faults() };
  http.request = inProcessHttp(service).request;
  return handler(place);
}

const body = () => ({
  DeliveryStreamName: 'clicks-0',
  Record: { Data: Buffer.from(`${JSON.stringify(sampleRecord)}\n`).toString('base64') },
});

/** The lean client's PutRecord alone. */
function put({ endpoint }: TaskPlace): Task {
  const call = createAwsJson({
    connections: new Connections(),
    credentials: () => credentials,
    endpoints: { firehose: endpoint },
  });
  return () =>
    call({ service: 'firehose', region: REGION, target: TARGET, version: '1.1', timeoutMs: 1_000, body: body() });
}

/** The same PutRecord by the AWS SDK, as it comes. */
function putBySdk({ endpoint }: TaskPlace): Task {
  const client = new FirehoseClient({ region: REGION, endpoint, credentials, maxAttempts: 1 });
  return () => {
    const Data = Buffer.from(`${JSON.stringify(sampleRecord)}\n`);
    return client.send(new PutRecordCommand({ DeliveryStreamName: 'clicks-0', Record: { Data } }));
  };
}

function signed(host: string, body: string) {
  const post = { service: 'firehose', region: REGION, target: TARGET, contentType: CONTENT_TYPE, host, body };
  return signedHeaders(post, credentials, new Date());
}

/** Signing alone. */
function sign({ endpoint }: TaskPlace): Task {
  const { host } = new URL(endpoint);
  const text = JSON.stringify(body());
  return () => signed(host, text);
}

/** The record as JSON, as base64, in the call's JSON. */
const json = (): Task => () => JSON.stringify(body());

/** The signed request sent and its answer read, with nothing before and after. */
function exchange({ endpoint }: TaskPlace): Task {
  const { host, hostname, port } = new URL(endpoint);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64, scheduling: 'lifo' });
  const text = JSON.stringify(body());
  const headers = { ...signed(host, text), 'content-length': String(Buffer.byteLength(text)) };
  return () =>
    new Promise((resolve, reject) => {
      const request = http.request({ agent, host: hostname, port, path: '/', method: 'POST', headers });
      request.on('response', (response) => response.on('data', () => undefined).on('end', resolve));
      request.on('error', reject).end(text);
    });
}

export const tasks = { handler, handlerWithoutHttp, put, putBySdk, exchange, sign, json } as const;
export type TaskName = keyof typeof tasks;

/** What Lambda sets, for a process that runs a task. */
export const lambdaEnvironment = {
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
} as const;
