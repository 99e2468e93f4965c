import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { decodeCode } from '../../lambdas/core/personal-code.ts';
import { EDGE_SECRET, startApi } from '../support/api.ts';

type Api = Awaited<ReturnType<typeof startApi>>;
let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function newLink(fields: object = {}): Promise<number> {
  const body = { personal: true, destination: 'https://shop.example/', ...fields };
  const made = await api.call('POST', '/v1/links', { body });
  expect(made.status).toBe(201);
  return made.body.link_no;
}

const mintCsv = (linkNo: number, csv: string, query = '') =>
  api.call('POST', `/v1/links/${linkNo}/recipients${query}`, { raw: csv, headers: { 'content-type': 'text/csv' } });

/** A CSV answer as objects; its cells hold no delimiters. */
function table(csv: string): Record<string, string>[] {
  const [header = '', ...lines] = csv.trimEnd().split(/\r\n|\n|\r/);
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, at) => [names[at] ?? '', cell])));
}

describe('a CSV list', () => {
  it('comes back with a code for each subscriber', async () => {
    const linkNo = await newLink();
    const answer = await mintCsv(linkNo, 'subscriber_id,city\nanna,Berlin\nbob,\n');
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/csv; charset=utf-8' } });
    expect(answer.body.split('\n')[0]).toBe('subscriber_id,city,link_no,subscriber_no,code,url,promo_code,arm,error');
    const [anna, bob] = table(answer.body);
    expect(anna).toMatchObject({
      subscriber_id: 'anna',
      city: 'Berlin',
      link_no: String(linkNo),
      promo_code: '',
      error: '',
    });
    expect(anna?.url).toBe(`https://go.brand.com/${anna?.code}`);
    const decoded = decodeCode(anna?.code ?? '', parseKeyring(EDGE_SECRET));
    expect(decoded).toContainEqual({ keyId: 1, linkNo, subscriberNo: Number(anna?.subscriber_no) });
    expect(bob?.code).not.toBe(anna?.code);
    expect(api.streams.rows.recipients.slice(-2)).toMatchObject([
      { link_no: linkNo, subscriber_id: 'anna', code: anna?.code, attributes: '{"city":"Berlin"}', arm: null },
      { subscriber_id: 'bob', attributes: null },
    ]);
  });

  it('gives the same codes again', async () => {
    const linkNo = await newLink();
    const first = await mintCsv(linkNo, 'subscriber_id\nx1\nx2\n');
    const again = await mintCsv(linkNo, 'subscriber_id\nx2\nx1\nx1\n');
    const codes = (csv: string) => new Map(table(csv).map((row) => [row.subscriber_id, row.code]));
    expect(codes(again.body)).toEqual(codes(first.body));
    expect(table(again.body)).toHaveLength(3);
  });
});
