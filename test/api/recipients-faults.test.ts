import { parse } from 'csv-parse/sync';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { KeptStreams, startApi } from '../support/api.ts';
import { type Api, codesOf, listOf, mint, minted, newLink, put } from './mint.ts';

let api: Api;
let linkNo: number;
/** Streams that can be told to fail. */
class FailingStreams extends KeptStreams {
  error: Error | null = null;

  override async put(...given: Parameters<KeptStreams['put']>): Promise<void> {
    if (this.error) throw this.error;
    return super.put(...given);
  }
}
const streams = new FailingStreams();
beforeAll(async () => {
  api = await startApi({ streams });
  linkNo = await newLink(api);
});
afterEach(() => {
  streams.error = null;
});
afterAll(() => api.close());

describe('bad rows', () => {
  it('come back in place with what is wrong, and keep no other row from its code', async () => {
    const list =
      'subscriber_id;email;note\r\na1;a@b.cd;x\r\n;a@b.cd;\r\na2;nonsense;"y;z"\r\n\r\na3;;;extra\r\na4;;\r\n';
    const answer = await mint(api, linkNo, list);
    expect(answer.status).toBe(200);
    const cells: string[][] = parse(answer.body, { delimiter: ';' });
    expect(cells.map((line) => line.at(-1))).toEqual([
      'error',
      '',
      'subscriber_id is missing',
      'email is not an e-mail address',
      'the row has 4 cells, the header 3',
      '',
    ]);
    expect(answer.body).toContain('a2;nonsense;"y;z";;;;;;;email is not');
  });

  it('refuse the whole list under strict, before anything is written', async () => {
    const before = [streams.rows.recipients.length, await api.services.ledgerTable.get('subscriber#s1')];
    const answer = await mint(api, linkNo, 'subscriber_id,email\ns1,\n,\ns2,x\n\n', '?strict=true');
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'rows.4', code: 'bad_row', message: 'email is not an e-mail address' }] },
    });
    expect([streams.rows.recipients.length, await api.services.ledgerTable.get('subscriber#s1')]).toEqual(before);
    expect((await mint(api, linkNo, 'subscriber_id,email\ns1,\n', '?strict=true')).status).toBe(200);
    const many = `subscriber_id,email\n${'a,x\n'.repeat(150)}`;
    const refused = await mint(api, linkNo, many, '?strict=true');
    expect(refused.body.errors).toHaveLength(100);
    expect(refused.body.detail).toContain('150 rows are bad, of which the first 100');
  });
});

describe('a request', () => {
  it.each([
    ['?by=colour', ['by']],
    ['?by=segment,segment', ['by']],
    ['?arms=none&strict=maybe&country=XX&colour=red', ['colour', 'arms', 'strict', 'country']],
  ])('tells every fault of its query: %s', async (query, paths) => {
    const answer = await mint(api, linkNo, listOf('q', 1), query);
    expect(answer).toMatchObject({ status: 422 });
    expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual(paths);
  });

  it('is limited to 20,000 rows and two megabytes, and says so', async () => {
    const rows = await mint(api, linkNo, listOf('r', 20_001));
    expect(rows).toMatchObject({ status: 413, body: { code: 'too_many_rows', limit_rows: 20_000 } });
    const bytes = await mint(api, linkNo, `subscriber_id,x\na,${'y'.repeat(2_000_000)}\n`);
    expect(bytes).toMatchObject({ status: 413, body: { code: 'too_large', limit_bytes: 2_000_000 } });
  });

  it('is refused where its answer would be too large, before anything is written', async () => {
    const row = JSON.stringify({ subscriber_id: 'large', x: 'y'.repeat(60) });
    const answer = await mint(api, linkNo, `${row}\n`.repeat(20_000), '', 'application/x-ndjson');
    expect(answer).toMatchObject({ status: 413, body: { code: 'answer_too_large' } });
    expect(answer.body.limit_rows).toBeGreaterThan(10_000);
    expect(await api.services.ledgerTable.get('subscriber#large')).toBeNull();
  });

  it('is answered by no more bytes than were counted on', async () => {
    await put(api, 'campaigns/long', {
      promo: { prefix: 'ABCDEFGHIJKLMNOPQRST', type: 'fixed', value: '1', currency: 'USD' },
    });
    const link = await newLink(api, { campaign_id: 'long' });
    const fixed = 'https://go.brand.com'.length + 'ABCDEFGHIJKLMNOPQRST'.length;
    const ndjson = Array.from({ length: 50 }, (_, at) => JSON.stringify({ subscriber_id: `w${at}` })).join('\n');
    for (const [list, type, most] of [
      [ndjson, 'application/x-ndjson', 150],
      [listOf('w', 50), 'text/csv', 80],
    ] as const) {
      const { body } = await mint(api, link, list, '', type);
      const growth = (Buffer.byteLength(body) - Buffer.byteLength(list)) / 50;
      // The numbers here have few digits; link and subscriber numbers may have 17 together, codes 11 characters.
      expect(growth + 17 + 2 * 2).toBeLessThan(most + fixed);
    }
  });

  it.each([
    ['a slug link', { personal: false, slug: 'plain' }, 422, 'not_personal'],
    ['an archived link', { status: 'archived' }, 409, 'archived'],
  ])('cannot mint on %s', async (_, fields, status, code) => {
    const other = await newLink(api, fields);
    expect(await mint(api, other, listOf('z', 1))).toMatchObject({ status, body: { code } });
  });

  it('needs a link, a token with scope mint and a list', async () => {
    expect((await mint(api, 4_000_000, listOf('z', 1))).status).toBe(404);
    const path = `/v1/links/${linkNo}/recipients`;
    const token = await api.newToken('manage', 'read');
    const headers = { 'content-type': 'text/csv' };
    expect((await api.call('POST', path, { raw: listOf('z', 1), headers, token })).status).toBe(403);
    expect((await api.call('POST', path, { raw: '<a/>', headers: { 'content-type': 'text/xml' } })).status).toBe(415);
    expect((await mint(api, linkNo, '')).status).toBe(422);
    expect(await mint(api, linkNo, 'id\n1\n')).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'missing_column' }] },
    });
    expect(await mint(api, linkNo, 'subscriber_id\n\uFFFD\n')).toMatchObject({
      status: 400,
      body: { code: 'wrong_encoding' },
    });
  });

  it('may carry an Idempotency-Key, which belongs to one list', async () => {
    const headers = { 'idempotency-key': 'once' };
    const first = await mint(api, linkNo, listOf('i', 2), '', 'text/csv', headers);
    expect((await mint(api, linkNo, listOf('i', 2), '', 'text/csv', headers)).body).toBe(first.body);
    const other = await mint(api, linkNo, listOf('i', 3), '', 'text/csv', headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'key_reused' } });
  });

  it('stands in the description with its three formats', async () => {
    const { body } = await api.call('GET', '/openapi.json');
    const operation = body.paths['/v1/links/{link_no}/recipients'].post;
    expect(Object.keys(operation.requestBody.content)).toEqual([
      'text/csv',
      'application/x-ndjson',
      'application/json',
    ]);
    expect(Object.keys(operation.responses)).toEqual(['200', 'default']);
  });
});

describe('a failure', () => {
  it('of the stream is told as one that passes; the same request then gives the same codes', async () => {
    const link = await newLink(api);
    streams.error = Object.assign(new Error('busy'), { name: 'ServiceUnavailableException' });
    expect(await mint(api, link, listOf('f', 20))).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    streams.error = null;
    const first = await minted(api, link, listOf('f', 20));
    expect(codesOf(await minted(api, link, listOf('f', 20)))).toEqual(codesOf(first));
    const numbers = first.map((row) => Number(row.subscriber_no));
    expect(new Set(numbers).size).toBe(20);
  });
});
