import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { storeDelivery } from '../../lambdas/adapters/delivery-inlet.ts';
import { StreamBusyError } from '../../lambdas/adapters/event-streams.ts';
import { SourceStore } from '../../lambdas/adapters/source-store.ts';
import { linksKey } from '../../lambdas/contract/keys.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { mintCode } from '../../lambdas/core/personal-code.ts';
import { twilioSignature } from '../../lambdas/core/sends/twilio.ts';
import { createPostback } from '../../lambdas/postback/handler.ts';
import { EDGE_SECRET, startApi } from '../support/api.ts';
import { MemoryBlobs, toEvent } from './harness.ts';

type Api = Awaited<ReturnType<typeof startApi>>;

let api: Api;
let isBusy = false;
let code = '';
const SECRET = 'the-auth-token';

beforeAll(async () => {
  api = await startApi();
  const put = api.streams.put.bind(api.streams);
  api.streams.put = async (table, rows) => {
    if (isBusy) throw new StreamBusyError('busy');
    await put(table, rows);
  };
  await api.call('PUT', '/v1/sources/tw', { body: { profile: 'twilio', secret: SECRET } });
  const price = { per_part: '0.01', currency: 'USD' };
  await api.call('PUT', '/v1/campaigns/welcome', { body: { price } });
  const link = { personal: true, destination: 'https://a.example/', campaign_id: 'welcome', message_id: 'w-1' };
  const { link_no } = (await api.call('POST', '/v1/links', { body: link })).body;
  await api.services.linksTable.update(linksKey.link(link_no), {
    set: { minted: { code_key: 1, subscriber_max: 9 } },
  });
  const [key] = parseKeyring(EDGE_SECRET).newestFirst;
  code = key ? mintCode({ linkNo: link_no, subscriberNo: 7 }, key) : '';
});
afterAll(() => api.close());
beforeEach(() => {
  api.streams.rows.sends.length = 0;
  isBusy = false;
});

const DELIVERED = { MessageSid: 'SM1', MessageStatus: 'delivered', To: '+14155550100', AccountSid: 'AC1' };

/** The receiving function over the API's tables and streams. */
async function receive(path: string, body: string, headers: Record<string, string>) {
  const { services } = api;
  const sources = new SourceStore({ ...services, homeKeys: services.keys.home });
  const { keys, streams, now } = services;
  const handler = createPostback({
    findSource: (id) => sources.find(id),
    deliver: (request, id) => storeDelivery(request, id, { ...services, keyring: keys.edge }),
    edgeKeys: keys.edge,
    streams,
    blobs: new MemoryBlobs(),
    queue: { send: async () => undefined },
    now,
    newId: () => 'id',
    log: () => undefined,
  });
  const { statusCode: status, body: text = '' } = await handler(toEvent('POST', path, { body, headers }));
  return { status, text };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** A call as Twilio makes it. */
function call(
  query: string,
  form: Record<string, string>,
  given: { secret?: string; origin?: string; source?: string } = {},
) {
  const { secret = SECRET, origin = 'https://api.brand.com', source = 'tw' } = given;
  const path = `/webhooks/${source}${query && `?${query}`}`;
  const signature = twilioSignature(origin + path, Object.entries(form), secret);
  return receive(path, new URLSearchParams(form).toString(), { ...FORM, 'x-twilio-signature': signature });
}

describe('POST /webhooks/{source} for Twilio', () => {
  it('stores a signed status, found by the code in its URL, and answers nothing to text on', async () => {
    const { status, text } = await call(`code=${code}&parts=2`, { ...DELIVERED, MessageStatus: 'sent' });
    expect([status, text.trim()]).toEqual([204, '']);
    expect(api.streams.rows.sends).toMatchObject([
      {
        id: 'SM1',
        type: 'sent',
        ts: api.clock.now,
        campaign_id: 'welcome',
        message_id: 'w-1',
        subscriber_no: 7,
        provider: 'tw',
        detail: 'sent',
        parts: 2,
        price_micros: 20_000,
        price_kind: 'list',
      },
    ]);
    expect(JSON.stringify(api.streams.rows.sends)).not.toContain('14155550100');
  });

  it('keeps the names of the URL where they lead nowhere', async () => {
    await call('campaign_id=gone&message_id=m%2D1&link_no=999999&subscriber_id=a%20b', DELIVERED);
    await call('code=AAAAAAAAA&campaign_id=gone', { ...DELIVERED, MessageSid: 'SM2' });
    expect(api.streams.rows.sends).toMatchObject([
      { campaign_id: 'gone', message_id: 'm-1', link_no: 999_999, subscriber_id: 'a b' },
      { campaign_id: 'gone', link_no: null, subscriber_no: null },
    ]);
  });

  it('refuses another secret, another URL and no signature, and stores nothing', async () => {
    expect((await call('', DELIVERED, { secret: 'another' })).status).toBe(403);
    expect((await call('', DELIVERED, { origin: 'https://evil.example' })).status).toBe(403);
    const unsigned = await receive('/webhooks/tw', 'MessageSid=SM1', { ...FORM, host: 'api.brand.com' });
    expect(unsigned.status).toBe(403);
    expect(unsigned.text).toContain('no signature');
    expect(api.streams.rows.sends).toEqual([]);
  });

  it('goes by the host that API Gateway served, whatever a header says', async () => {
    const form = new URLSearchParams(DELIVERED).toString();
    const signature = twilioSignature('https://evil.example/webhooks/tw', Object.entries(DELIVERED), SECRET);
    const headers = {
      ...FORM,
      'x-twilio-signature': signature,
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
    };
    expect((await receive('/webhooks/tw', form, headers)).status).toBe(403);
  });

  it('is there for sources of deliveries only, until they are archived', async () => {
    expect((await call('', DELIVERED, { source: 'nobody' })).status).toBe(404);
    await api.call('PUT', '/v1/sources/old', { body: { profile: 'twilio', secret: SECRET, status: 'archived' } });
    expect((await call('', DELIVERED, { source: 'old' })).status).toBe(404);
    await api.call('PUT', '/v1/sources/new', { body: { profile: 'twilio' } });
    expect((await call('', DELIVERED, { source: 'new' })).text).toContain('no signing secret');
  });

  it('answers 503 where the row could not be stored, and 204 where there is nothing to store', async () => {
    isBusy = true;
    expect((await call('', DELIVERED)).status).toBe(503);
    isBusy = false;
    expect((await call('', { MessageSid: 'SM3', SmsStatus: 'received', Body: 'hello' })).status).toBe(204);
    expect(api.streams.rows.sends).toEqual([]);
  });
});
