import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MessageQueue } from '../../lambdas/adapters/message-queue.ts';
import { type AwsCall, awsJsonListener, type Listening, listenWith } from '../../local/engines/aws-json.ts';
import { Queue } from '../../local/engines/queue.ts';
import { temporaryFolder } from '../local/testing.ts';

let listening: Listening;
let client: SQSClient;
let queue: MessageQueue;
let engine: Queue;
let calls: string[];
/** Messages that the service does not take, though it takes the others of their call. */
let isRefused: (body: string) => boolean;

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
}

function serve(call: AwsCall): object {
  calls.push(call.operation);
  if (call.operation === 'SendMessage') return engine.serve(call);
  const { Entries } = JSON.parse(call.body) as { Entries: Entry[] };
  const refused = Entries.filter(({ MessageBody }) => isRefused(MessageBody));
  const taken = { Entries: Entries.filter((entry) => !refused.includes(entry)) };
  const Failed = refused.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false }));
  return { ...engine.serve({ ...call, body: JSON.stringify(taken) }), Failed };
}

beforeEach(async () => {
  calls = [];
  isRefused = () => false;
  engine = new Queue({ folder: temporaryFolder(), now: () => 1, visibilityMs: 1_000, maxReceives: 3 });
  listening = await listenWith(awsJsonListener(serve));
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  client = new SQSClient({ endpoint: listening.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  queue = new MessageQueue({ client, url: `${listening.endpoint}/0/q` });
});
afterEach(async () => {
  client.destroy();
  await listening.close();
  engine.close();
});

const queued = () => engine.receive(1_000).map(({ body }) => JSON.parse(body) as unknown);
const byAt = (messages: unknown[]) => (messages as { at: number }[]).toSorted((a, b) => a.at - b.at);
const list = (count: number, filler = '') => Array.from({ length: count }, (_, at) => ({ at, filler }));

it('sends a message alone, and messages of one moment in calls of ten', async () => {
  await queue.send({ at: 0, filler: '' });
  expect(calls).toEqual(['SendMessage']);
  expect(queued()).toEqual(list(1));
  await Promise.all(list(25).map((message) => queue.send(message)));
  expect(calls.slice(1)).toEqual(['SendMessageBatch', 'SendMessageBatch', 'SendMessageBatch']);
  expect(byAt(queued())).toEqual(list(25));
});

it('keeps calls within the size that one takes', async () => {
  const large = list(10, 'ü'.repeat(100_000));
  await Promise.all(large.map((message) => queue.send(message)));
  expect(calls).toEqual(['SendMessageBatch', 'SendMessageBatch']);
  expect(byAt(queued())).toEqual(large);
});

it('tells whoever sent the message that was not taken, and nobody else', async () => {
  isRefused = (body) => JSON.parse(body).at % 4 === 1;
  const sent = await Promise.allSettled(list(8).map((message) => queue.send(message)));
  expect(sent.map(({ status }) => status)).toEqual(list(8).map(({ at }) => (at % 4 === 1 ? 'rejected' : 'fulfilled')));
  expect(sent[1]).toMatchObject({ reason: { name: 'MessageRefusedError', message: 'InternalError' } });
  expect(byAt(queued())).toEqual(list(8).filter(({ at }) => at % 4 !== 1));
});

it('tells everybody where the service takes none of a call', async () => {
  await listening.close();
  const sent = await Promise.allSettled(list(3).map((message) => queue.send(message)));
  expect(sent.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
});
