import { rmSync } from 'node:fs';
import { setImmediate as soon } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lakeTables } from '../../lambdas/contract/lake.ts';
import { DuckDbEngine } from '../../local/reports.ts';
import { temporaryFolder, writeRows } from '../sql/lake-writer.ts';
import { startApi } from '../support/api.ts';

const MINTED = Date.parse('2026-06-01T12:00:00Z');
const row = (subscriber_no: number, promo_code: string | null, more: object = {}) => ({
  link_no: 1,
  subscriber_no,
  subscriber_id: `s${subscriber_no}`,
  campaign_id: 'welcome',
  promo_code,
  minted_at: MINTED,
  ...more,
});

let api: Awaited<ReturnType<typeof startApi>>;
let engine: DuckDbEngine;
const lakeDir = temporaryFolder('promo');
beforeAll(async () => {
  await writeRows(lakeDir, lakeTables.recipients, '2026-06-01', [
    ...Array.from({ length: 25 }, (_, at) => row(at + 1, `W-${at + 1}`)),
    row(2, 'W-2', { link_no: 2 }),
    row(30, null, { arm: 'holdout' }),
    row(31, 'OTHER-31', { campaign_id: 'other' }),
    row(7, 'W-7-of-a-newer-key'),
  ]);
  await writeRows(lakeDir, lakeTables.recipients, '2026-06-02', [row(3, 'W-3'), row(26, 'W-26')]);
  await writeRows(lakeDir, lakeTables.recipients, '2026-05-20', [row(99, 'W-of-an-older-campaign')]);
  engine = await DuckDbEngine.open(lakeDir);
  api = await startApi({ queryEngine: engine, sleep: async () => soon() });
  for (const id of ['welcome', 'quiet']) await api.call('PUT', `/v1/campaigns/${id}`, { body: {} });
});
afterAll(async () => {
  await api.close();
  engine.close();
  rmSync(lakeDir, { recursive: true });
});

const CODES = '/v1/campaigns/welcome/promo-codes';

describe('GET /v1/campaigns/{id}/promo-codes', () => {
  it('gives every code of the campaign once, with whose it is', async () => {
    const { status, body } = await api.call('GET', CODES);
    expect(status).toBe(200);
    expect(body.next_cursor).toBeNull();
    expect(body.promo_codes).toHaveLength(27);
    expect(body.promo_codes.slice(0, 2)).toEqual([
      { subscriber_no: 1, subscriber_id: 's1', promo_code: 'W-1' },
      { subscriber_no: 2, subscriber_id: 's2', promo_code: 'W-2' },
    ]);
    expect(body.promo_codes.filter(({ subscriber_no }: { subscriber_no: number }) => subscriber_no === 7)).toHaveLength(
      2,
    );
  });

  it('pages without loss or repeat, whatever the size', async () => {
    for (const limit of [1, 6, 7, 26, 27, 28]) {
      const codes: string[] = [];
      let cursor = '';
      do {
        const { body } = await api.call('GET', `${CODES}?limit=${limit}${cursor && `&cursor=${cursor}`}`);
        expect(body.promo_codes.length).toBeLessThanOrEqual(limit);
        codes.push(...body.promo_codes.map(({ promo_code }: { promo_code: string }) => promo_code));
        cursor = body.next_cursor ?? '';
      } while (cursor);
      expect([codes.length, new Set(codes).size]).toEqual([27, 27]);
    }
  });

  it('comes as CSV where that is asked for', async () => {
    const { body, headers } = await api.call('GET', `${CODES}?limit=2`, { headers: { accept: 'text/csv' } });
    expect(body).toBe('subscriber_no,subscriber_id,promo_code\r\n1,s1,W-1\r\n2,s2,W-2\r\n');
    const next = await api.call('GET', `${CODES}?limit=1&cursor=${headers['x-next-cursor']}`);
    expect(next.body.promo_codes[0].promo_code).toBe('W-3');
  });

  it('is empty for a campaign nobody was minted on, and refuses what is not there', async () => {
    expect((await api.call('GET', '/v1/campaigns/quiet/promo-codes')).body).toEqual({
      promo_codes: [],
      next_cursor: null,
    });
    expect((await api.call('GET', '/v1/campaigns/nothing/promo-codes')).status).toBe(404);
    expect((await api.call('GET', `${CODES}?limit=20001`)).status).toBe(422);
    expect((await api.call('GET', `${CODES}?cursor=abc`)).status).toBe(400);
    expect((await api.call('GET', `${CODES}?run=abc`)).status).toBe(404);
    const token = await api.newToken('send');
    expect((await api.call('GET', CODES, { token })).status).toBe(403);
    const other = (await api.call('GET', `${CODES}?limit=1`)).body.next_cursor;
    expect((await api.call('GET', `/v1/campaigns/quiet/promo-codes?cursor=${other}`)).status).toBe(400);
  });
});

describe('a list that takes long', () => {
  it('answers 202 with where to ask again', async () => {
    const slow = await startApi();
    await slow.call('PUT', '/v1/campaigns/welcome', { body: {} });
    await slow.call('PUT', '/v1/campaigns/quiet', { body: {} });
    slow.engine.slowness = 1_000;
    const { status, body, headers } = await slow.call('GET', `${CODES}?limit=1`);
    expect([status, headers.location]).toEqual([202, body.run.location]);
    expect((await slow.call('GET', body.run.location.replace('welcome', 'quiet'))).status).toBe(404);
    slow.engine.slowness = 0;
    slow.engine.rows = [
      { subscriber_no: 1, subscriber_id: 's1', promo_code: 'W-1' },
      { subscriber_no: 2, subscriber_id: 's2', promo_code: 'W-2' },
    ];
    const done = await slow.call('GET', body.run.location);
    expect(done.body.promo_codes).toHaveLength(1);
    expect(done.body.next_cursor).not.toBeNull();
    expect(slow.engine.asked).toHaveLength(1);
    expect(slow.engine.asked[0]?.parameters.slice(0, 3)).toEqual(['2026-05-31', '2026-06-02', 'welcome']);
    await slow.close();
  });
});
