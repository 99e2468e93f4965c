import { rmSync } from 'node:fs';
import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { smsEventStreamName } from '../../lambdas/contract/lake.ts';
import { twilioSignature } from '../../lambdas/core/sends/twilio.ts';
import { localCredentials, localNames } from '../../local/names.ts';
import { type System, startSystem } from '../../local/system.ts';
import { temporaryFolder } from '../local/testing.ts';

const dataDir = temporaryFolder();
const HOUR = 3_600_000;
let system: System;

beforeAll(async () => {
  system = await startSystem({ dataDir, flushMs: 60_000, write: () => undefined });
});
afterAll(async () => {
  await system.close();
  rmSync(dataDir, { recursive: true });
});

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape are looked into
async function call(method: string, path: string, body?: unknown): Promise<any> {
  const headers = { authorization: `Bearer ${system.token}`, 'content-type': 'application/json' };
  const answer = await fetch(system.apiOrigin + path, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
  return answer.json();
}

async function twilioSays(query: string, form: Record<string, string>) {
  const url = `${system.apiOrigin}/webhooks/tw${query && `?${query}`}`;
  const signature = twilioSignature(url, Object.entries(form), 'auth-token');
  const headers = { 'x-twilio-signature': signature };
  return (await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) })).status;
}

async function awsSays(event: object) {
  const { firehoseEndpoint: endpoint } = system;
  const client = new FirehoseClient({ endpoint, region: localNames.region, credentials: localCredentials });
  const Data = Buffer.from(JSON.stringify(event));
  await client.send(
    new PutRecordCommand({ DeliveryStreamName: smsEventStreamName(localNames.eventStreamBase), Record: { Data } }),
  );
  client.destroy();
}

it('what every inlet tells of messages is one report', async () => {
  const day = '2026-11-02';
  system.clock.set({ now: `${day}T12:00:00Z` });
  await call('PUT', '/v1/campaigns/welcome', { price: { per_part: '0.01', currency: 'EUR' } });
  await call('PUT', '/v1/sources/tw', { profile: 'twilio', secret: 'auth-token' });
  const link = { personal: true, destination: 'https://a.example/', campaign_id: 'welcome', message_id: 'w-1' };
  const { link_no } = await call('POST', '/v1/links', link);

  const ts = new Date(system.clock.now() - 1_000).toISOString();
  const of = { ts, link_no, subscriber_id: 'ann' };
  const { results } = await call('POST', '/v1/sends', [
    { ...of, id: 'a-1', type: 'delivered' },
    { ...of, id: 'a-1', type: 'sent', price: '0.0079', currency: 'USD' },
    { ...of, id: 'a-2', type: 'failed' },
    { ...of, id: 'a-2', type: 'opt_out' },
    { ...of, id: 'a-3', type: 'lost' },
  ]);
  expect(results.map(({ status }: { status: string }) => status)).toEqual([...Array(4).fill('accepted'), 'rejected']);
  await call('PUT', `/v1/sends/totals/welcome/w-1/${day}`, { sent: 1_000 });
  await call('PUT', `/v1/sends/totals/welcome/w-2/${day}`, { sent: 10, delivered: 9, failed: 1 });
  expect(
    await twilioSays(`link_no=${link_no}&subscriber_id=bob&parts=2`, { MessageSid: 'SM1', MessageStatus: 'sent' }),
  ).toBe(204);
  expect(await twilioSays('', { MessageSid: 'SM1', MessageStatus: 'delivered' })).toBe(204);
  const event = {
    messageId: 'e-1',
    eventTimestamp: system.clock.now(),
    context: { onehop: `campaign_id=welcome&message_id=w-1` },
  };
  await awsSays({
    ...event,
    eventType: 'TEXT_SUCCESSFUL',
    isFinal: true,
    messageStatus: 'SUCCESSFUL',
    isoCountryCode: 'US',
    totalMessagePrice: 0.002,
  });
  await system.flush();

  const { rows, meta } = await call('GET', '/v1/reports/sends?by=message,provider');
  const shown = rows.map((row: Record<string, unknown>) => [
    ...[row.message, row.provider, row.sent, row.delivered, row.failed, row.opt_outs, row.cost, row.currency],
  ]);
  expect(shown.sort()).toEqual(
    [
      ['w-1', 'api', 2, 1, 1, 1, '0.0079', 'USD'],
      ['w-1', 'aws-sms', 1, 1, 0, 0, '0.002', 'USD'],
      ['w-1', 'tw', 1, 1, 0, 0, '0.02', 'EUR'],
      // Totals of w-1 give way to its messages; those of w-2 are all there is, at the price of the list.
      ['w-2', null, 10, 9, 1, 0, '0.10', 'EUR'],
    ].sort(),
  );
  expect(meta.total).toMatchObject({ sent: 14, delivered: 12, failed: 2, opt_outs: 1, cost: null, immature: false });
  expect(meta.total.money).toEqual([
    { currency: 'EUR', cost: '0.12', cost_estimated: '0.12' },
    { currency: 'USD', cost: '0.0099', cost_estimated: '0.00' },
  ]);

  // A receipt that contradicts comes two days later, and the report of the day of sending follows it.
  system.clock.set({ advance_ms: 48 * HOUR });
  await call('POST', '/v1/sends', [
    { ...of, id: 'a-2', type: 'delivered', ts: new Date(system.clock.now()).toISOString() },
  ]);
  await system.flush();
  const later = await call('GET', `/v1/reports/sends?from=${day}&to=${day}&filter.provider=api`);
  expect(later.rows).toMatchObject([{ sent: 2, delivered: 2, failed: 0, delivery_rate: 1 }]);
});
