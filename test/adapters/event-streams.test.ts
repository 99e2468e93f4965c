import { FirehoseClient } from '@aws-sdk/client-firehose';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EventStreams, StreamBusyError } from '../../lambdas/adapters/event-streams.ts';
import type { EventRecord } from '../../lambdas/contract/lake.ts';
import { type AwsCall, awsJsonListener, type Listening, listenWith } from '../../local/engines/aws-json.ts';

type SendTotalRecord = EventRecord<'send_totals'>;

const row = (at: number, filler = ''): SendTotalRecord => ({
  campaign_id: `c${at}`,
  message_id: filler,
  date: '2026-06-01',
  creative: null,
  segment: null,
  ts: 0,
  recorded_at: at,
  sent: null,
  delivered: null,
  failed: null,
  opt_outs: null,
  cost_micros: null,
  price_kind: null,
  currency: null,
});

let listening: Listening;
let client: FirehoseClient;
let calls: { stream: string; rows: SendTotalRecord[]; bytes: number }[];
/** How often each row is refused before it is taken. */
let refusals: (row: SendTotalRecord) => number;
const refused = new Map<string, number>();

function serve({ body }: AwsCall): object {
  const { DeliveryStreamName, Records } = JSON.parse(body) as {
    DeliveryStreamName: string;
    Records: { Data: string }[];
  };
  const texts = Records.map(({ Data }) => Buffer.from(Data, 'base64').toString());
  const rows = texts.map((text) => JSON.parse(text) as SendTotalRecord);
  const answers = rows.map((each) => {
    const count = refused.get(each.campaign_id) ?? 0;
    refused.set(each.campaign_id, count + 1);
    return count < refusals(each) ? { ErrorCode: 'ServiceUnavailableException' } : { RecordId: 'r' };
  });
  const taken = rows.filter((_, at) => !('ErrorCode' in (answers[at] ?? {})));
  calls.push({ stream: DeliveryStreamName, rows: taken, bytes: texts.join('').length });
  return { FailedPutCount: rows.length - taken.length, RequestResponses: answers };
}

beforeEach(async () => {
  calls = [];
  refused.clear();
  refusals = () => 0;
  listening = await listenWith(awsJsonListener(serve));
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  client = new FirehoseClient({ endpoint: listening.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await listening.close();
});

const streams = () => new EventStreams({ client, base: 'onehop-x', sleep: async () => {} });
const arrived = () => calls.flatMap(({ rows }) => rows.map(({ recorded_at }) => recorded_at)).sort((a, b) => a - b);

it('puts every row once, in calls that Firehose takes', async () => {
  const rows = [
    ...Array.from({ length: 1_203 }, (_, at) => row(at)),
    ...[1_203, 1_204, 1_205].map((at) => row(at, 'x'.repeat(1_500_000))),
  ];
  // Biggest records make calls of their own.
  await streams().put('send_totals', rows);
  expect(arrived()).toEqual(rows.map(({ recorded_at }) => recorded_at));
  expect(new Set(calls.map(({ stream }) => stream))).toEqual(new Set(['onehop-x-send-totals']));
  for (const call of calls) {
    expect(call.rows.length).toBeLessThanOrEqual(500);
    expect(call.bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
  }
});

it('sends again only what was not taken', async () => {
  refusals = ({ recorded_at }) => (recorded_at % 3 === 0 ? 2 : 0);
  const rows = Array.from({ length: 700 }, (_, at) => row(at));
  await streams().put('send_totals', rows);
  expect(arrived()).toEqual(rows.map(({ recorded_at }) => recorded_at));
});

it('says so where the stream goes on refusing', async () => {
  refusals = ({ recorded_at }) => (recorded_at === 5 ? 99 : 0);
  const put = streams().put('send_totals', [row(4), row(5)]);
  await expect(put).rejects.toThrow(StreamBusyError);
  await expect(put).rejects.toThrow('the stream of send_totals did not take 1 rows');
});

it('puts rows of one moment together, each table in its own stream, where one may fail alone', async () => {
  refusals = ({ recorded_at }) => (recorded_at === 5 ? 99 : 0);
  const all = streams();
  const rate = { currency: 'EUR', recorded_at: 9 } as EventRecord<'rates'>;
  const put = await Promise.allSettled([
    all.put('send_totals', [row(1), row(2)]),
    all.put('rates', [rate]),
    all.put('send_totals', [row(5)]),
  ]);
  // Rows of a table share its fate: whoever sends them again has them twice, which their keys tell.
  expect(put.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
  expect(arrived()).toEqual([1, 2, 9]);
  expect(new Set(calls.map(({ stream }) => stream))).toEqual(new Set(['onehop-x-send-totals', 'onehop-x-rates']));
});
