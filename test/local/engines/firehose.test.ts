import { readFileSync, rmSync } from 'node:fs';
import { FirehoseClient, PutRecordBatchCommand, PutRecordCommand } from '@aws-sdk/client-firehose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awsJsonListener, type Listening, listenWith } from '../../../local/engines/aws-json.ts';
import { Firehose } from '../../../local/engines/firehose.ts';
import { readySegments, Spool } from '../../../local/engines/spool.ts';
import { temporaryFolder } from '../testing.ts';

let folder: string;
let listening: Listening;
let client: FirehoseClient;
let spool: Spool;

beforeEach(async () => {
  folder = temporaryFolder();
  spool = new Spool(folder);
  const stream = new Firehose({ spoolOf: (name) => (/^clicks-\d$/.test(name) ? spool : undefined), now: () => 42 });
  listening = await listenWith(awsJsonListener(stream.serve));
  client = new FirehoseClient({
    endpoint: listening.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  client.destroy();
  await listening.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (text: string | Uint8Array, stream = 'clicks-0') =>
  client.send(new PutRecordCommand({ DeliveryStreamName: stream, Record: { Data: Buffer.from(text) } }));

function stored(): string[] {
  spool.rotate();
  const lines = readySegments(folder).flatMap(({ file }) => readFileSync(file, 'utf8').split('\n').slice(0, -1));
  return lines.map((line) => {
    const [time, data = ''] = line.split(' ');
    return `${time} ${Buffer.from(data, 'base64')}`;
  });
}

describe('the Firehose protocol, as the SDK speaks it', () => {
  it('acknowledges a record that is in the log, with its time of arrival', async () => {
    expect((await put('a')).RecordId).toBeTruthy();
    expect(stored()).toEqual(['42 a']);
  });

  it('takes a batch', async () => {
    const records = ['a', 'b', 'c'].map((text) => ({ Data: Buffer.from(text) }));
    const answer = await client.send(new PutRecordBatchCommand({ DeliveryStreamName: 'clicks-3', Records: records }));
    expect([answer.FailedPutCount, answer.RequestResponses?.length]).toEqual([0, 3]);
    expect(stored()).toEqual(['42 a', '42 b', '42 c']);
  });

  it('stores every one of many at the same time', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, index) => put(String(index))));
    expect(new Set(stored()).size).toBe(200);
  });

  it('keeps bytes as they come', async () => {
    await put('line\nbreak {"not json"');
    expect(stored().join('\n')).toContain('{"not json"');
  });

  it('refuses a stream that is not there, and stores nothing', async () => {
    await expect(put('a', 'other-0')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(stored()).toEqual([]);
  });

  it('refuses records over 1,000 KiB and batches over 500 records', async () => {
    await expect(put('x'.repeat(1_024_001))).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    const records = Array.from({ length: 501 }, () => ({ Data: Buffer.from('a') }));
    const batch = new PutRecordBatchCommand({ DeliveryStreamName: 'clicks-0', Records: records });
    await expect(client.send(batch)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    expect(stored()).toEqual([]);
  });

  it('tells a disk that takes no more as 500, which a caller may try again', async () => {
    spool.append = () => {
      throw new Error('ENOSPC');
    };
    await expect(put('a')).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
  });

  it('refuses what is no JSON, no base64 or no known call', async () => {
    const send = async (body: string, target = 'Firehose_20150804.PutRecord') => {
      const response = await fetch(listening.endpoint, { method: 'POST', body, headers: { 'x-amz-target': target } });
      return [response.status, ((await response.json()) as { __type: string }).__type];
    };
    expect(await send('{')).toEqual([400, 'SerializationException']);
    expect(await send('{"DeliveryStreamName":"clicks-0","Record":{"Data":"%"}}')).toEqual([
      400,
      'InvalidArgumentException',
    ]);
    expect(await send('{"DeliveryStreamName":"clicks-0"}', 'Firehose_20150804.Nope')).toEqual([
      400,
      'UnknownOperationException',
    ]);
  });
});
