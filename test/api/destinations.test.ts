import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DestinationReport, isTrouble } from '../../lambdas/core/destination/report.ts';
import { startApi } from '../support/api.ts';

const looked: string[] = [];
const report = async (url: string): Promise<DestinationReport> => {
  looked.push(url);
  if (url.includes('gone')) return { outcome: 'error_status', message: 'answers with 404', hops: [] };
  if (url.includes('guarded')) return { outcome: 'guarded', message: 'answers with 403', hops: [] };
  return { outcome: 'ok', message: 'answers with 200', hops: [{ url, status: 200 }] };
};

let api: Awaited<ReturnType<typeof startApi>>;
beforeAll(async () => {
  api = await startApi({ destinations: { check: report, glance: report } });
});
afterAll(() => api.close());

const GONE = 'https://gone.example/';
const warning = (path: string) => ({ path, code: 'error_status', message: 'answers with 404' });

describe('a link whose destination does not answer', () => {
  it('is saved with a warning for each field, which is not stored', async () => {
    const made = await api.call('POST', '/v1/links', {
      body: {
        destination: 'https://fine.example/',
        rules: [{ when: { os: ['ios'] }, destination: GONE }],
        split: [{ destination: 'https://guarded.example/', weight: 1 }],
        fallback_url: GONE,
      },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { warnings: [warning('rules.0.destination'), warning('fallback_url')] },
    });
    const shown = await api.call('GET', `/v1/links/${made.body.link_no}`);
    expect(shown.body).not.toHaveProperty('warnings');
    // What was shown may be sent back as it is.
    expect((await api.call('PUT', `/v1/links/${made.body.link_no}`, { body: made.body })).status).toBe(200);
  });

  it('is looked at when the destination is new, and once where it stands twice', async () => {
    const { link_no } = (await api.call('POST', '/v1/links', { body: { destination: GONE } })).body;
    looked.length = 0;
    expect((await api.call('PATCH', `/v1/links/${link_no}`, { body: { status: 'paused' } })).body).not.toHaveProperty(
      'warnings',
    );
    expect(looked).toEqual([]);
    const twice = { destination: `${GONE}2`, fallback_url: `${GONE}2` };
    expect((await api.call('PATCH', `/v1/links/${link_no}`, { body: twice })).body.warnings).toEqual([
      warning('destination'),
      warning('fallback_url'),
    ]);
    expect(looked).toEqual([`${GONE}2`]);
  });

  it('is not looked at where the caller says so', async () => {
    looked.length = 0;
    const quiet = await api.call('POST', '/v1/links?check=false', { body: { destination: GONE } });
    expect([quiet.status, quiet.body.warnings, looked]).toEqual([201, undefined, []]);
  });

  it('is warned of by external id and by clone too', async () => {
    const put = await api.call('PUT', '/v1/links/by-external-id/gone-1', { body: { destination: GONE } });
    expect(put).toMatchObject({ status: 201, body: { warnings: [warning('destination')] } });
    const cloned = await api.call('POST', `/v1/links/${put.body.link_no}/clone`, { body: {} });
    expect(cloned.body.warnings).toEqual([warning('destination')]);
  });
});

describe('an offer whose destination does not answer', () => {
  it('is saved with a warning', async () => {
    const made = await api.call('PUT', '/v1/offers/gone', { body: { destination: GONE } });
    expect(made).toMatchObject({ status: 201, body: { warnings: [warning('destination')] } });
    expect((await api.call('PUT', '/v1/offers/gone', { body: made.body })).body).not.toHaveProperty('warnings');
    expect((await api.call('GET', '/v1/offers/gone')).body).not.toHaveProperty('warnings');
  });
});

describe('a check on demand', () => {
  const check = (body: object, token?: string) =>
    api.call('POST', '/v1/links/check', { body, ...(token && { token }) });

  it('tells what was found, on every hop', async () => {
    expect(await check({ url: 'https://fine.example/?c={click_id}' })).toMatchObject({
      status: 200,
      body: { url: 'https://fine.example/?c={click_id}', outcome: 'ok', hops: [{ status: 200 }] },
    });
  });

  it('takes one URL that could be saved, and a token that may save', async () => {
    expect((await check({ url: 'ftp://x', more: 1 })).body.errors).toHaveLength(2);
    expect((await check({ url: GONE }, await api.newToken('read'))).status).toBe(403);
  });
});

it('tells trouble from what says nothing', () => {
  const outcomes = ['ok', 'guarded', 'unchecked', 'slow', 'no_such_host', 'not_public'] as const;
  expect(outcomes.map((outcome) => isTrouble({ outcome, message: '', hops: [] }))).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
});
