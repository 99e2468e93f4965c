import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AwsJsonCall, createAwsJson } from '../../../lambdas/adapters/edge/aws-json.ts';
import { Connections } from '../../../lambdas/adapters/edge/connections.ts';
import { type FakeAws, startFakeAws } from './fake-aws.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example-secret', sessionToken: 'session' };
const put: AwsJsonCall = {
  service: 'firehose',
  region: 'eu-west-1',
  target: 'Firehose_20150804.PutRecord',
  version: '1.1',
  timeoutMs: 2_000,
  body: { DeliveryStreamName: 's-0', Record: { Data: Buffer.from('{"a":"ü"}\n').toString('base64') } },
};

let aws: FakeAws;
beforeEach(async () => (aws = await startFakeAws()));
afterEach(() => aws.close());

const caller = (connections = new Connections()) =>
  createAwsJson({ connections, credentials: () => credentials, endpoints: { firehose: aws.origin } });

describe('signed call', () => {
  it('carries the very signature the AWS SDK makes for the same call', async () => {
    const sdk = new FirehoseClient({ region: 'eu-west-1', endpoint: aws.origin, credentials });
    await sdk.send(new PutRecordCommand({ DeliveryStreamName: 's-0', Record: { Data: Buffer.from('{"a":"ü"}\n') } }));
    await caller()(put);
    const [theirs, ours] = aws.calls;
    expect(ours?.body).toEqual(theirs?.body);
    expect(ours?.target).toBe(theirs?.target);
    expect(ours?.headers['x-amz-security-token']).toBe('session');
    expect(await verifies(ours?.headers ?? {}, put)).toBe(true);
    expect(await verifies({ ...ours?.headers, 'x-amz-date': '20200101T000000Z' }, put)).toBe(false);
  });

  it('keeps one connection for many calls', async () => {
    const call = caller();
    for (let turn = 0; turn < 5; turn++) await call(put);
    expect([aws.calls.length, aws.connections()]).toEqual([5, 1]);
  });

  it('opens another connection where a kept one was closed meanwhile', async () => {
    const call = caller();
    await call(put);
    aws.reply = () => (aws.calls.length === 2 ? { hangUp: true } : {});
    await expect(call(put)).resolves.toEqual({});
    expect([aws.calls.length, aws.connections()]).toEqual([3, 2]);
  });

  it('uses a connection opened ahead', async () => {
    const connections = new Connections();
    connections.warm(aws.origin);
    await expect.poll(() => aws.connections()).toBe(1);
    await caller(connections)(put);
    expect([aws.calls.length, aws.connections()]).toEqual([1, 1]);
  });

  it('survives a connection ahead that was refused', async () => {
    const connections = new Connections();
    connections.warm('http://127.0.0.1:1');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(caller(connections)(put)).resolves.toEqual({});
  });

  it.each([
    [
      'a throttle',
      { status: 400, body: { __type: 'com.amazonaws.dynamodb#ProvisionedThroughputExceededException' } },
      'ProvisionedThroughputExceededException',
      true,
    ],
    ['a server error', { status: 500, body: { __type: 'InternalFailure' } }, 'InternalFailure', true],
    ['unavailable without JSON', { status: 503, text: '<html>busy' }, 'http_503', true],
    ['a cut connection', { hangUp: true as const }, 'ECONNRESET', true],
    ['silence', { delayMs: 500 }, 'timeout', true],
    ['a refusal', { status: 400, body: { __type: 'AccessDeniedException' } }, 'AccessDeniedException', false],
    ['200 without JSON', { text: 'not json' }, 'http_200', false],
  ])('tells %s', async (_, reply, code, retryable) => {
    aws.reply = () => reply;
    await expect(caller()({ ...put, timeoutMs: 200 })).rejects.toMatchObject({ name: 'AwsCallError', code, retryable });
  });
});

/** SHA-256 and its HMAC in the form the SDK's signer takes. */
class Sha256 {
  readonly #hash: Hash | Hmac;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as NodeJS.ArrayBufferView);
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

/** Recomputes a signature from the headers received, with the SDK's signer. */
async function verifies(headers: Record<string, unknown>, call: AwsJsonCall): Promise<boolean> {
  const [, signedHeaders = '', signature = ''] =
    /SignedHeaders=([^,]+), Signature=(\w+)/.exec(String(headers.authorization)) ?? [];
  const date = String(headers['x-amz-date']).replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z');
  const signer = new SignatureV4({
    service: call.service,
    region: call.region,
    credentials,
    sha256: Sha256,
    applyChecksum: false,
  });
  const names = signedHeaders.split(';');
  const request = {
    method: 'POST',
    protocol: 'http:',
    hostname: '127.0.0.1',
    path: '/',
    headers: Object.fromEntries(
      names.filter((name) => !/^x-amz-(date|security-token)$/.test(name)).map((name) => [name, String(headers[name])]),
    ),
    body: JSON.stringify(call.body),
  };
  const signed = await signer.sign(request, { signingDate: new Date(date), signableHeaders: new Set(names) });
  return String(signed.headers.authorization).endsWith(`Signature=${signature}`);
}
