import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';
import type { startApi } from '../support/api.ts';

export type Api = Awaited<ReturnType<typeof startApi>>;
export type Row = Record<string, string>;

/** A personal link, made over the API. */
export async function newLink(api: Api, fields: object = {}): Promise<number> {
  const made = await api.call('POST', '/v1/links', {
    body: { personal: true, destination: 'https://shop.example/', ...fields },
  });
  expect(made.status).toBe(201);
  return made.body.link_no;
}

/** Creates or replaces an entity. */
export async function put(api: Api, path: string, body: object): Promise<void> {
  expect((await api.call('PUT', `/v1/${path}`, { body })).status).toBeLessThan(300);
}

export const mint = (api: Api, linkNo: number, raw: string, query = '', type = 'text/csv', headers = {}) =>
  api.call('POST', `/v1/links/${linkNo}/recipients${query}`, { raw, headers: { 'content-type': type, ...headers } });

/** Rows of a CSV answer by column. */
export const rowsOf = (csv: string): Row[] => parse(csv, { columns: true, bom: true });

/** Mints a CSV list that must be taken. */
export async function minted(api: Api, linkNo: number, csv: string, query = ''): Promise<Row[]> {
  const answer = await mint(api, linkNo, csv, query);
  expect(answer.body, JSON.stringify(answer.body)).toEqual(expect.any(String));
  expect(answer.status).toBe(200);
  return rowsOf(answer.body);
}

/** A CSV list of subscribers `<prefix>0`, `<prefix>1`, … */
export const listOf = (prefix: string, count: number, from = 0) =>
  `subscriber_id\n${Array.from({ length: count }, (_, at) => `${prefix}${from + at}`).join('\n')}\n`;

export const codesOf = (rows: readonly Row[]) => new Map(rows.map((row) => [row.subscriber_id, row.code]));
