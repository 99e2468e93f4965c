import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAwsJson } from '../../../lambdas/adapters/edge/aws-json.ts';
import { ClickDelivery, type ClickDeliveryOptions } from '../../../lambdas/adapters/edge/click-delivery.ts';
import { Connections } from '../../../lambdas/adapters/edge/connections.ts';
import type { TapRecord } from '../../../lambdas/contract/clicks.ts';
import { type FakeAws, type Reply, startFakeAws } from './fake-aws.ts';

const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
const record = (nonce: number) => ({ click_id: `click-${nonce}`, nonce, city: 'Zürich' }) as TapRecord;

let aws: FakeAws;
let log: string[];
beforeEach(async () => {
  aws = await startFakeAws();
  log = [];
});
afterEach(() => aws.close());

function delivery(options: Partial<ClickDeliveryOptions> = {}): ClickDelivery {
  const call = createAwsJson({
    connections: new Connections(),
    credentials: () => credentials,
    endpoints: { firehose: aws.origin },
  });
  return new ClickDelivery({
    call,
    streamBase: 'clicks',
    streamShards: { 'us-east-1': 2, 'eu-west-1': 1 },
    region: 'us-east-1',
    homeRegion: 'us-east-1',
    putMs: 150,
    firstPutMs: 600,
    monotonic: () => performance.now(),
    log: (line) => log.push(line),
    ...options,
  });
}

/** Region and stream of every call so far, from the credential scope that was signed. */
const asked = () =>
  aws.calls.map(
    ({ headers, body }) =>
      `${/Credential=a\/\d+\/([\w-]+)/.exec(String(headers.authorization))?.[1]}/${body.DeliveryStreamName}`,
  );
const busy: Reply = { status: 503, body: { __type: 'ServiceUnavailableException' } };
const firstIs = (reply: Reply) => () => (aws.calls.length === 1 ? reply : {});

describe('click delivery', () => {
  it('puts the record as one JSON line to the shard its nonce names', async () => {
    expect(await delivery().deliver(record(5))).toBe(true);
    expect(asked()).toEqual(['us-east-1/clicks-1']);
    const data = (aws.calls[0]?.body.Record as { Data: string } | undefined)?.Data ?? '';
    expect(Buffer.from(data, 'base64').toString()).toBe(`${JSON.stringify(record(5))}\n`);
    expect(log).toEqual([]);
  });

  it('tries the next shard where one is busy', async () => {
    aws.reply = firstIs(busy);
    expect(await delivery().deliver(record(5))).toBe(true);
    expect(asked()).toEqual(['us-east-1/clicks-1', 'us-east-1/clicks-0']);
  });

  it('tries the home region where a regional stream of one shard is busy', async () => {
    aws.reply = firstIs(busy);
    expect(await delivery({ region: 'eu-west-1' }).deliver(record(5))).toBe(true);
    expect(asked()).toEqual(['eu-west-1/clicks-0', 'us-east-1/clicks-1']);
  });

  it('gives a stream that is slow, such as one far away, the whole deadline', async () => {
    const far = delivery({ putMs: 300 });
    expect(await far.deliver(record(1))).toBe(true);
    aws.reply = () => ({ delayMs: 220 });
    for (let turn = 0; turn < 3; turn++) expect(await far.deliver(record(1))).toBe(true);
    expect([aws.calls.length, log]).toEqual([4, []]);
  });

  it('has more time again after a failure, whose connection is gone', async () => {
    const stream = delivery();
    expect(await stream.deliver(record(1))).toBe(true);
    aws.reply = () => ({ delayMs: 250 });
    expect(await stream.deliver(record(2))).toBe(false);
    expect(await stream.deliver(record(3))).toBe(true);
  });

  it.each([
    ['both attempts fail', busy, 'ServiceUnavailableException', 2],
    ['nothing answers before the deadline', { delayMs: 5_000 }, 'timeout', 1],
    [
      'both refuse the call for good',
      { status: 400, body: { __type: 'ResourceNotFoundException' } },
      'ResourceNotFoundException',
      2,
    ],
  ])('logs the whole record on one line where %s', async (_, reply, error, attempts) => {
    aws.reply = () => reply;
    expect(await delivery({ firstPutMs: 200 }).deliver(record(5))).toBe(false);
    expect(log.map((line) => JSON.parse(line))).toEqual([{ ...record(5), log: 'click_not_stored', error }]);
    expect(log[0]).not.toContain('\n');
    expect(aws.calls).toHaveLength(attempts);
  });

  it('gives the first delivery more time than those on a connection that lately carried one', async () => {
    const slow = delivery();
    aws.reply = () => ({ delayMs: 250 });
    expect(await slow.deliver(record(1))).toBe(true);
    expect(await slow.deliver(record(2))).toBe(false);
  });
});
