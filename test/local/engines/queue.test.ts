import { rmSync } from 'node:fs';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awsJsonListener, type Listening, listenWith } from '../../../local/engines/aws-json.ts';
import { Queue } from '../../../local/engines/queue.ts';
import { temporaryFolder } from '../testing.ts';

let folder: string;
let now: number;
let queue: Queue;
const open = () => new Queue({ folder, now: () => now, visibilityMs: 30_000, maxReceives: 3 });

beforeEach(() => {
  folder = temporaryFolder();
  now = 1_000;
  queue = open();
});
afterEach(() => {
  queue.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the queue', () => {
  it('takes messages as the SDK sends them', async () => {
    const listening: Listening = await listenWith(awsJsonListener(queue.serve));
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const client = new SQSClient({ endpoint: listening.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    const send = (text: string) =>
      client.send(new SendMessageCommand({ QueueUrl: `${listening.endpoint}/0/q`, MessageBody: text }));
    const { MessageId } = await send('schön');
    expect(queue.receive(10)).toMatchObject([{ id: MessageId, body: 'schön', receiveCount: 1, sentAt: 1_000 }]);
    await expect(send('x'.repeat(1_048_577))).rejects.toThrow('messages of 1 to');
    client.destroy();
    await listening.close();
  });

  it('takes a batch whole or not at all', () => {
    const batch = (texts: readonly string[]) => {
      const Entries = texts.map((MessageBody, at) => ({ Id: `m${at}`, MessageBody }));
      return queue.serve({ operation: 'SendMessageBatch', body: JSON.stringify({ Entries }) });
    };
    const half = 'x'.repeat(600_000);
    expect(() => batch([half, half])).toThrow('messages of 1 to');
    expect(() => batch(['a', ''])).toThrow('messages of 1 to');
    expect(() => batch([])).toThrow('a batch has 1 to 10');
    expect(() => batch(Array.from({ length: 11 }, () => 'a'))).toThrow('a batch has 1 to 10');
    expect(queue.count()).toEqual({ waiting: 0, dead: 0 });
    expect(batch(['a', 'b'])).toMatchObject({ Successful: [{ Id: 'm0' }, { Id: 'm1' }], Failed: [] });
    expect(queue.receive(10).map(({ body }) => body)).toEqual(['a', 'b']);
  });

  it('hands a message out to one at a time, the oldest first, until it is deleted', () => {
    const ids = ['a', 'b', 'c'].map((text) => queue.send(text));
    expect(queue.receive(2).map(({ body }) => body)).toEqual(['a', 'b']);
    expect(queue.receive(2).map(({ body }) => body)).toEqual(['c']);
    queue.delete(ids.slice(0, 1));
    now += 30_000;
    expect(queue.receive(10).map(({ body, receiveCount }) => [body, receiveCount])).toEqual([
      ['b', 2],
      ['c', 2],
    ]);
  });

  it('lets a message go sooner where its consumer says so, and buries it after too many attempts', () => {
    const id = queue.send('a');
    for (let turn = 1; turn <= 3; turn++) {
      expect(queue.receive(1)).toMatchObject([{ receiveCount: turn }]);
      queue.release([id], now + 10);
      now += 10;
    }
    expect(queue.receive(1)).toEqual([]);
    expect(queue.count()).toEqual({ waiting: 0, dead: 1 });
    expect(queue.redrive()).toBe(1);
    expect(queue.receive(1)).toMatchObject([{ body: 'a', receiveCount: 1 }]);
  });

  it('keeps what it took when its process dies', () => {
    queue.send('a');
    const another = open();
    expect(another.receive(1)).toMatchObject([{ body: 'a' }]);
    another.close();
  });
});
