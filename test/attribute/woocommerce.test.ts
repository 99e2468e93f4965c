import { afterEach, beforeEach, expect, it } from 'vitest';
import { processMessages } from '../../lambdas/adapters/attribution/process.ts';
import { type Api, put } from '../api/mint.ts';
import { startApi } from '../support/api.ts';
import { latest, messageTo } from '../support/ledger.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
  await put(api, 'sources/woo', { profile: 'woocommerce', currency: 'USD' });
});
afterEach(() => api.close());

async function updated(changes: Record<string, unknown>) {
  const order = { id: 501, status: 'processing', total: '80.00', date_created_gmt: '2026-06-01T11:00:00', ...changes };
  const headers = { 'x-wc-webhook-topic': 'order.updated' };
  const message = messageTo('woo', { headers, json: order, received_at: api.clock.now });
  expect((await processMessages([message], api.services.ledger)).filter((outcome) => 'error' in outcome)).toEqual([]);
}
const net = () =>
  latest(api.streams.rows.conversions).reduce((sum, { revenue_minor }) => sum + (revenue_minor ?? 0), 0);

it('keeps a refund that the shop deleted until somebody says that it came to nothing', async () => {
  await updated({ refunds: [{ id: 9, total: '-30.00' }] });
  expect(net()).toBe(5_000);
  api.clock.now += 60_000;
  await updated({ refunds: [] });
  expect(net()).toBe(5_000);
  const undone = { source: 'woo', event: 'refund', txn_id: '501', refund_id: '9', amount: '0', currency: 'USD' };
  const { body } = await api.call('POST', '/v1/conversions', { body: [undone] });
  expect(body.results).toMatchObject([{ status: 'accepted' }]);
  expect(net()).toBe(8_000);
  api.clock.now += 60_000;
  await updated({ refunds: [] });
  expect(net()).toBe(8_000);
});
