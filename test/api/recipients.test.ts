import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SubscriberLookup } from '../../lambdas/adapters/subscriber-lookup.ts';
import { linksKey } from '../../lambdas/contract/keys.ts';
import { hashIdentity, parseHomeKeys } from '../../lambdas/core/home-keys.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { decodeCode } from '../../lambdas/core/personal-code.ts';
import { readPromoCode } from '../../lambdas/core/promo-code.ts';
import { EDGE_SECRET, HOME_SECRET, startApi } from '../support/api.ts';
import { type Api, codesOf, listOf, mint, minted, newLink, put, rowsOf } from './mint.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const keyring = parseKeyring(EDGE_SECRET);
const latest = (count: number) => api.streams.rows.recipients.slice(-count);

describe('a list', () => {
  it('comes back with a code for each subscriber', async () => {
    const linkNo = await newLink(api, {
      campaign_id: 'c1',
      message_id: 'm1',
      creative: 'v2',
      segment: 's',
      partner: 'p',
    });
    const answer = await mint(api, linkNo, 'subscriber_id,city\nanna,Berlin\nbob,\n');
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/csv; charset=utf-8' } });
    expect(answer.headers['x-onehop-warnings']).toBeUndefined();
    expect(answer.body.split('\n')[0]).toBe('subscriber_id,city,link_no,subscriber_no,code,url,promo_code,arm,error');
    const [anna, bob] = rowsOf(answer.body);
    expect(anna).toMatchObject({ city: 'Berlin', link_no: String(linkNo), promo_code: '', arm: '', error: '' });
    expect(anna?.url).toBe(`https://go.brand.com/${anna?.code}`);
    const fields = { linkNo, subscriberNo: Number(anna?.subscriber_no) };
    expect(decodeCode(anna?.code ?? '', keyring)).toContainEqual({ keyId: 1, ...fields });
    expect(bob?.code).not.toBe(anna?.code);
    const attribution = {
      campaign_id: 'c1',
      message_id: 'm1',
      creative: 'v2',
      segment: 's',
      partner: 'p',
      offer_id: null,
    };
    expect(latest(2)).toEqual([
      {
        link_no: linkNo,
        subscriber_no: fields.subscriberNo,
        subscriber_id: 'anna',
        ...attribution,
        code: anna?.code,
        promo_code: null,
        experiment: null,
        arm: null,
        account_experiment: null,
        account_arm: null,
        minted_at: api.clock.now,
        attributes: '{"city":"Berlin"}',
        email_hash: null,
        phone_hash: null,
        customer_hash: null,
      },
      expect.objectContaining({ subscriber_id: 'bob', attributes: null }),
    ]);
  });

  it('may be JSON or JSON lines, with the same codes', async () => {
    const linkNo = await newLink(api, { domain: 'two.brand.com' });
    const rows = [{ subscriber_id: 'j1', n: 1.5 }, 'none', { subscriber_id: 'j2' }];
    const json = await mint(api, linkNo, JSON.stringify(rows), '', 'application/json');
    expect(json).toMatchObject({ status: 200, headers: { 'content-type': 'application/json; charset=utf-8' } });
    expect(json.body).toEqual([
      {
        subscriber_id: 'j1',
        n: 1.5,
        link_no: linkNo,
        subscriber_no: expect.any(Number),
        code: expect.stringMatching(/^[A-Za-z0-9]{9}$/),
        url: `https://two.brand.com/${json.body[0].code}`,
        promo_code: null,
        arm: null,
      },
      expect.objectContaining({ input: 'none', code: null, error: 'the row is not a JSON object' }),
      expect.objectContaining({ subscriber_id: 'j2' }),
    ]);
    const lines = rows.map((row) => JSON.stringify(row)).join('\n');
    const ndjson = await mint(api, linkNo, lines, '', 'application/x-ndjson; charset=utf-8');
    expect(ndjson.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(
      ndjson.body
        .trimEnd()
        .split('\n')
        .map((line: string) => JSON.parse(line)),
    ).toEqual(json.body);
  });

  it('gives the same codes again, to whoever asks, in any order and however often', async () => {
    const linkNo = await newLink(api);
    const first = codesOf(await minted(api, linkNo, listOf('again', 30)));
    const rows = await minted(api, linkNo, `${listOf('again', 30, 15)}again3\nagain3\n`);
    expect(rows).toHaveLength(32);
    const second = codesOf(rows);
    for (const [id, code] of first) expect(second.get(id) ?? code).toBe(code);
    const parts = await Promise.all([0, 10, 20, 5].map((from) => minted(api, linkNo, listOf('again', 10, from))));
    for (const part of parts) for (const [id, code] of codesOf(part)) expect(code).toBe(first.get(id));
  });

  it('has other codes on another link, for the same subscribers', async () => {
    const [a, b] = [await newLink(api), await newLink(api)];
    const [first, second] = [await minted(api, a, listOf('two', 2)), await minted(api, b, listOf('two', 2))];
    expect(second.map((row) => row.subscriber_no)).toEqual(first.map((row) => row.subscriber_no));
    expect(new Set([...codesOf(first).values(), ...codesOf(second).values()]).size).toBe(4);
  });

  it('tells how far codes of the link reach before it is answered, and never less afterwards', async () => {
    const linkNo = await newLink(api);
    const max = async () => (await api.services.linksTable.get(linksKey.link(linkNo)))?.minted;
    const rows = await minted(api, linkNo, listOf('reach', 40));
    const last = Math.max(...rows.map((row) => Number(row.subscriber_no)));
    expect(await max()).toEqual({ code_key: 1, subscriber_max: last });
    await minted(api, linkNo, listOf('reach', 5));
    expect(await max()).toEqual({ code_key: 1, subscriber_max: last });
    await Promise.all([0, 1, 2, 3, 4].map((part) => minted(api, linkNo, listOf('reach', 20, 40 + part * 20))));
    const all = await minted(api, linkNo, listOf('reach', 140));
    const largest = Math.max(...all.map((row) => Number(row.subscriber_no)));
    expect(await max()).toEqual({ code_key: 1, subscriber_max: largest });
  });

  it('keeps the key a link began with when keys rotate', async () => {
    const rotating = { secret: EDGE_SECRET };
    const other = await startApi({
      keys: {
        edge: async () => parseKeyring(rotating.secret),
        home: async () => parseHomeKeys(HOME_SECRET),
      },
    });
    const linkNo = await newLink(other);
    const before = await minted(other, linkNo, listOf('key', 2));
    rotating.secret = JSON.stringify({
      ...JSON.parse(EDGE_SECRET),
      key_2: 'f'.repeat(64),
      key_2_from: '2026-06-01T11:00:00Z',
    });
    expect(codesOf(await minted(other, linkNo, listOf('key', 2)))).toEqual(codesOf(before));
    const fresh = await newLink(other);
    const [row] = await minted(other, fresh, listOf('key', 1));
    expect(decodeCode(row?.code ?? '', parseKeyring(rotating.secret))[0]).toMatchObject({ keyId: 2, linkNo: fresh });
    await other.close();
  });

  it('keeps identities as keyed hashes only, and finds the subscriber by them', async () => {
    const linkNo = await newLink(api);
    const list = 'subscriber_id,email,phone,customer_id\nida, Ida@Example.COM ,0151 23456789,K-1\n';
    const [row] = await minted(api, linkNo, list, '?country=de');
    expect(row).toMatchObject({ email: ' Ida@Example.COM ', phone: '0151 23456789' });
    const keys = parseHomeKeys(HOME_SECRET);
    const email = hashIdentity('email', 'ida@example.com', keys);
    expect(latest(1)[0]).toMatchObject({
      email_hash: email,
      phone_hash: hashIdentity('phone', '+4915123456789', keys),
      customer_hash: hashIdentity('customer', 'K-1', keys),
      attributes: null,
    });
    expect(await new SubscriberLookup(api.services.ledgerTable).ownerOf('email', email)).toBe('ida');
    expect(JSON.stringify([api.log, api.streams.rows])).not.toMatch(/ida@example|23456789/i);
  });

  it('may be one that was minted before: its columns are written anew', async () => {
    const [a, b] = [await newLink(api), await newLink(api)];
    const first = await mint(api, a, listOf('twice', 2));
    const second = await mint(api, b, first.body);
    expect(second.body.split('\n')[0]).toBe(first.body.split('\n')[0]);
    expect(rowsOf(second.body)[0]).toMatchObject({ link_no: String(b) });
    expect(JSON.parse(second.headers['x-onehop-warnings'] ?? '[]')).toMatchObject([
      { code: 'columns_replaced', count: 7 },
    ]);
    expect(latest(1)[0]?.attributes).toBeNull();
  });

  it('may have no rows', async () => {
    const linkNo = await newLink(api);
    expect((await mint(api, linkNo, 'subscriber_id\n')).body).toMatch(/^subscriber_id,link_no,.*error\n$/);
    expect((await mint(api, linkNo, '[]', '', 'application/json')).body).toEqual([]);
  });
});

describe('promo codes', () => {
  it('are one for each subscriber and campaign, on all its links', async () => {
    await put(api, 'campaigns/promo-a', { promo: { prefix: 'WELCOME', type: 'percentage', value: '10' } });
    await put(api, 'campaigns/promo-b', { promo: { prefix: 'BYE', type: 'percentage', value: '10' } });
    const links = await Promise.all(
      ['promo-a', 'promo-a', 'promo-b'].map((campaign_id) => newLink(api, { campaign_id })),
    );
    const rows = await Promise.all(links.map((linkNo) => minted(api, linkNo, listOf('promo', 3))));
    const [first = [], second = [], other = []] = rows.map((list) => list.map((row) => row.promo_code ?? ''));
    expect(second).toEqual(first);
    expect(new Set([...first, ...other]).size).toBe(6);
    expect(first[0]).toMatch(/^WELCOME-[0-9A-Z]{9}$/);
    const read = readPromoCode(first[0] ?? '', keyring);
    expect(read).toMatchObject({ ok: true, subscriberNo: Number(rows[0]?.[0]?.subscriber_no) });
    expect(latest(3).map((row) => row.promo_code)).toHaveLength(3);
    const states = await Promise.all(
      ['promo-a', 'promo-b'].map(async (id) => (await api.services.linksTable.get(linksKey.campaign(id)))?.promo_state),
    );
    expect(new Set(states.map((state) => (state as { no: number }).no)).size).toBe(2);
  });

  it('are none where the campaign has none or does not exist', async () => {
    await put(api, 'campaigns/promo-none', {});
    for (const campaign_id of ['promo-none', 'no-such-campaign'])
      expect((await minted(api, await newLink(api, { campaign_id }), listOf('p', 1)))[0]?.promo_code).toBe('');
  });
});
