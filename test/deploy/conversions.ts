import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { callApi } from './api-calls.ts';
import type { Emulator } from './ministack.ts';
import type { Outputs } from './stack.ts';

const PATIENCE_MS = 60_000;

/** Mints a list and reports an order, with the rights that the deployed functions have. */
export async function mintAndConvert(emulator: Emulator, { ApiUrl }: Outputs, token: string): Promise<void> {
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await callApi(emulator, ApiUrl, { method, path, token, body });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as Record<string, unknown>;
  };
  const link = await call('POST', '/v1/links', { personal: true, destination: 'https://shop.example/' });
  const people = [{ subscriber_id: 'ann', email: 'ann@people.example' }, { subscriber_id: 'bob' }];
  const minted = await call('POST', `/v1/links/${link.link_no}/recipients`, people);
  const rows = minted as unknown as { code: string; subscriber_no: number }[];
  assert.deepEqual(
    rows.map(({ code, subscriber_no }) => [code.length, subscriber_no]),
    [
      [9, 1],
      [9, 2],
    ],
  );
  const source = await call('PUT', '/v1/sources/site', { profile: 'generic', currency: 'USD' });
  const [path = ''] = new URL(String(source.postback_url)).pathname.split('?');
  const order = `${path}?txn_id=order-1&amount=12.50&event=sale&email=ann%40people.example`;
  const answer = await callApi(emulator, ApiUrl, { method: 'GET', path: order, token: '' });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const [event] = await eventsOf(() => call('GET', '/v1/sources/site/events'));
  assert.equal(event?.outcome, 'accepted', JSON.stringify(event));
}

interface SourceEvent {
  readonly outcome: string;
}

/** The queue hands messages on in its own time. */
async function eventsOf(list: () => Promise<Record<string, unknown>>): Promise<readonly SourceEvent[]> {
  for (let waited = 0; ; waited += 1_000) {
    const events = (await list()).events as readonly SourceEvent[];
    if (events.length > 0 || waited >= PATIENCE_MS) return events;
    await sleep(1_000);
  }
}
