import { expect, it } from 'vitest';
import { callApi, query, type TestSystem, tap, withSystem } from './testing.ts';

const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

async function clickOn(system: TestSystem): Promise<string> {
  await callApi(system, 'PUT', '/v1/campaigns/autumn', {});
  const link = { slug: 'offer', destination: 'https://offer.example/', campaign_id: 'autumn', message_id: 'a-1' };
  expect((await callApi(system, 'POST', '/v1/links', link)).status).toBe(201);
  const { headers } = await tap(system, '/offer', { 'user-agent': PHONE });
  return new URL(headers.location ?? '').searchParams.get('click_id') ?? '';
}

const entries = (system: TestSystem) =>
  query(
    system.lakeDir,
    'select distinct entry_id, entry, match, campaign_id, payout_minor, currency from conversions_raw',
  );

it('turns a postback into an entry of the ledger and a row of the lake, once, however often it comes', () =>
  withSystem({}, async (system) => {
    const clickId = await clickOn(system);
    const { body: source } = await callApi(system, 'PUT', '/v1/sources/net', { profile: 'everflow', currency: 'USD' });
    const base = String(source.postback_url).replace(/\?.*/, '');
    const url = `${base}?sub1=${clickId}&payout=12.50&transaction_id=t-1&status=approved`;
    for (let turn = 0; turn < 3; turn++) {
      const answer = await fetch(url);
      expect(answer.status).toBe(200);
    }
    await system.flush();
    expect(await entries(system)).toMatchObject([
      { entry: 'sale', match: 'click_id', campaign_id: 'autumn', payout_minor: 1_250, currency: 'USD' },
    ]);
    expect(await query(system.lakeDir, 'select count(distinct id) as n from postbacks_raw')).toEqual([{ n: 3 }]);
    expect((await fetch(url.replace(/postbacks\/net\/[^?]+/, 'postbacks/net/wrong'))).status).toBe(403);
  }));

it('loses nothing while the queue is away', () =>
  withSystem({}, async (system) => {
    const clickId = await clickOn(system);
    const { body: source } = await callApi(system, 'PUT', '/v1/sources/net', { profile: 'everflow', currency: 'USD' });
    const base = String(source.postback_url).replace(/\?.*/, '');
    await system.setFault('queue', { mode: 'error', rate: 1 });
    expect((await fetch(`${base}?sub1=${clickId}&payout=3&transaction_id=t-2`)).status).toBe(200);
    await system.flush();
    expect(await entries(system)).toEqual([]);
    await system.setFault('queue', { mode: 'off', rate: 1 });
    await system.flush();
    expect(await entries(system)).toMatchObject([{ entry: 'sale', payout_minor: 300 }]);
  }));

/** A source of a network, and the URL its conversions are told to, without what they say. */
async function networkSource(system: TestSystem): Promise<string> {
  const { body } = await callApi(system, 'PUT', '/v1/sources/net', { profile: 'everflow', currency: 'USD' });
  return String(body.postback_url).replace(/\?.*/, '');
}

const outcomes = async (system: TestSystem) => {
  const { body } = await callApi(system, 'GET', '/v1/sources/net/events');
  return (body.events as { outcome: string }[]).map(({ outcome }) => outcome).sort();
};

it('works on what is sent while the clock is ahead, and on what is sent once it was set back', () =>
  withSystem({}, async (system) => {
    const clickId = await clickOn(system);
    const url = `${await networkSource(system)}?sub1=${clickId}&payout=3`;
    system.clock.set({ advance_ms: 7_200_000 });
    await fetch(`${url}&transaction_id=t-1`);
    await system.flush();
    expect(await outcomes(system)).toEqual(['accepted']);
    system.clock.set({ now: system.clock.now() + 86_400_000 });
    await fetch(`${url}&transaction_id=t-2`);
    system.clock.set({ real: true });
    await fetch(`${url}&transaction_id=t-3`);
    await system.flush();
    expect(await entries(system)).toHaveLength(3);
  }));

it('reads by a mended source as soon as the clock was moved on by ten seconds, however little time that took', () =>
  withSystem({}, async (system) => {
    const clickId = await clickOn(system);
    system.clock.set({ now: Date.now() });
    const url = `${await networkSource(system)}?sub1=${clickId}&payout=3&event_id=12`;
    await fetch(`${url}&transaction_id=t-1`);
    await system.flush();
    expect(await outcomes(system)).toEqual(['quarantined']);
    const mended = await callApi(system, 'PATCH', '/v1/sources/net', { events: { 12: 'lead' } });
    expect(mended.status).toBe(200);
    system.clock.set({ advance_ms: 10_000 });
    await fetch(`${url}&transaction_id=t-2`);
    await system.flush();
    expect(await outcomes(system)).toEqual(['accepted', 'quarantined']);
  }));
