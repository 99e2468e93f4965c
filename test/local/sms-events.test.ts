import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { smsEventStreamName } from '../../lambdas/contract/lake.ts';
import { localCredentials, localNames } from '../../local/names.ts';
import { type System, startSystem } from '../../local/system.ts';
import { openLake } from '../../sql/duckdb.ts';
import { temporaryFolder } from './testing.ts';

const dataDir = temporaryFolder();
let system: System;
let client: FirehoseClient;

beforeAll(async () => {
  system = await startSystem({ dataDir, write: () => undefined });
  client = new FirehoseClient({
    endpoint: system.firehoseEndpoint,
    region: localNames.region,
    credentials: localCredentials,
  });
});
afterAll(async () => {
  client.destroy();
  await system.close();
  rmSync(dataDir, { recursive: true });
});

const put = (data: string) =>
  client.send(
    new PutRecordCommand({
      DeliveryStreamName: smsEventStreamName(localNames.eventStreamBase),
      Record: { Data: Buffer.from(data) },
    }),
  );

it('takes delivery events as AWS puts them, and has them as states of messages', async () => {
  const event = { messageId: 'm-1', eventTimestamp: Date.now(), isFinal: true, context: { campaign_id: 'welcome' } };
  await put(JSON.stringify({ ...event, eventType: 'TEXT_DELIVERED', messageStatus: 'DELIVERED' }));
  await put(JSON.stringify({ ...event, eventType: 'TEXT_QUEUED', isFinal: false, totalMessagePrice: 0.5 }));
  await put(JSON.stringify({ ...event, eventType: 'VOICE_RINGING' }));
  await put('not an event');
  await system.flush();
  const lake = await openLake({ lakeDir: system.lakeDir });
  const sql = 'select id, state, campaign_id, provider, price_micros, currency from send_states';
  expect(await lake.run({ sql, parameters: [] })).toEqual([
    {
      id: 'm-1',
      state: 'delivered',
      campaign_id: 'welcome',
      provider: 'aws-sms',
      price_micros: 500_000,
      currency: 'USD',
    },
  ]);
  lake.close();
  const folder = join(dataDir, 'errors', 'sends', 'processing-failed');
  const kept = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).rawData);
  expect(kept.map((data: string) => Buffer.from(data, 'base64').toString())).toEqual(['not an event']);
});
