import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { processMessages } from '../../lambdas/adapters/attribution/process.ts';
import { replayMessages } from '../../lambdas/adapters/attribution/replay.ts';
import { canonicalQuery } from '../../lambdas/core/postback/signatures.ts';
import { startLedger, type TestLedger } from '../support/ledger.ts';
import { startPostback, TOKEN } from './harness.ts';

const SECRET = 'whsec_a-secret-of-the-site';
const hmac = (text: string) => createHmac('sha256', SECRET).update(text).digest('hex');

let account: TestLedger;
let postback: ReturnType<typeof startPostback>;
beforeAll(async () => {
  account = await startLedger();
});
afterAll(() => account.close());
beforeEach(() => {
  account.streams.rows.conversions.length = 0;
  postback = startPostback();
  postback.addSource('signing', { profile: 'generic' }, SECRET);
  postback.addSource('open', { profile: 'generic' });
});

const seconds = () => String(postback.clock.now / 1_000);
const headersOf = (body: string) => ({
  'content-type': 'application/json',
  'x-onehop-time': seconds(),
  'x-onehop-signature': hmac(`${seconds()}.${body}`),
});

/** What a source's conversions say once its messages are worked on. */
async function booked() {
  const outcomes = await processMessages(postback.queue.messages, account.ledger);
  for (const outcome of outcomes) expect(outcome).not.toHaveProperty('error');
  return account.rows().map(({ order_id, revenue_minor, entry, event }) => [order_id, revenue_minor, entry, event]);
}

describe('a POST whose body is signed', () => {
  const forged = 'amount=900&event=refund&refund_id=r&click_id=x&qty=7';

  it.each([
    ['JSON', '{"order_id":"JSON","amount":5}', {}],
    ['a form', 'order_id=a form&amount=5', { 'content-type': 'application/x-www-form-urlencoded' }],
  ])('of %s is read without the query that somebody put beside it', async (order, body, type) => {
    await account.addSource('signing', { profile: 'generic' });
    const headers = { ...headersOf(body), ...type };
    const answer = await postback.call('POST', `/postbacks/signing/${TOKEN}?${forged}`, { headers, body });
    expect(answer.statusCode).toBe(200);
    expect(await booked()).toEqual([[order, 500, 'sale', 'sale']]);
    expect(postback.streams.rows.postbacks).toMatchObject([{ query: forged, body_signed: true, is_pixel: false }]);
  });

  it('is read the same when it is replayed, also once its source has no secret any more', async () => {
    await account.addSource('signing', { profile: 'generic' });
    const body = '{"order_id":"later","amount":5,"event":"deposit"}';
    await postback.call('POST', `/postbacks/signing/${TOKEN}?${forged}`, { headers: headersOf(body), body });
    expect(await booked()).toEqual([]);
    const quarantined = await account.ledger.quarantine.get('message-1');
    expect(quarantined?.parts).toMatchObject([{ faults: [{ code: 'unknown_event' }] }]);
    await account.addSource('signing', { profile: 'generic', secret: null, events: { deposit: 'lead' } });
    expect(await replayMessages(quarantined ? [quarantined] : [], account.ledger)).toMatchObject([
      { status: 'replayed' },
    ]);
    expect(account.rows()).toMatchObject([{ order_id: 'later', revenue_minor: 500, entry: 'sale', event: 'lead' }]);
  });
});

describe('the query is read', () => {
  it('where it is what was signed', async () => {
    await account.addSource('signing', { profile: 'generic' });
    const query = `order_id=query&amount=5&sig_time=${seconds()}`;
    await postback.call('GET', `/postbacks/signing/${TOKEN}?${query}&sig=${hmac(canonicalQuery(query))}`);
    expect(await booked()).toEqual([['query', 500, 'sale', 'sale']]);
  });

  it('together with the body where the source has no secret', async () => {
    await account.addSource('open', { profile: 'generic' });
    const headers = { 'content-type': 'application/json' };
    await postback.call('POST', `/postbacks/open/${TOKEN}?order_id=both`, { headers, body: '{"amount":5}' });
    expect(await booked()).toEqual([['both', 500, 'sale', 'sale']]);
  });
});
