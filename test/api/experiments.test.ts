import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { armOf } from '../../lambdas/core/experiments.ts';
import { parseHomeKeys } from '../../lambdas/core/home-keys.ts';
import { HOME_SECRET, startApi } from '../support/api.ts';
import { type Api, codesOf, listOf, mint, minted, newLink, put, type Row } from './mint.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const HALF = [
  { name: 'holdout', share: 0.5 },
  { name: 'treatment', share: 0.5 },
];
const { experimentKey } = parseHomeKeys(HOME_SECRET);
/** The arm a subscriber must have, worked out anew. */
const armIn = (id: string, subscriberId: string) =>
  armOf({ id, arms: HALF.map((arm) => ({ ...arm, control_link_no: null })) }, subscriberId, experimentKey).name;

/** A campaign with an experiment, and a link of it. */
async function newExperiment(id: string, fields: object = {}): Promise<number> {
  await put(api, `experiments/${id}`, { arms: HALF, ...fields });
  await put(api, `campaigns/of-${id}`, { experiment: id, promo: { prefix: 'EXP', type: 'percentage', value: '5' } });
  return newLink(api, { campaign_id: `of-${id}` });
}

const latest = (count: number) => api.streams.rows.recipients.slice(-count);
const isHoldout = (row: Row) => row.arm === 'holdout';

describe('a mint into an experiment', () => {
  it('draws everybody, and gives the holdout an arm and no code', async () => {
    const linkNo = await newExperiment('draw');
    const rows = await minted(api, linkNo, listOf('d', 60));
    for (const row of rows) {
      expect(row.arm).toBe(armIn('draw', row.subscriber_id ?? ''));
      expect([row.code, row.url, row.promo_code].every((value) => (value === '') === isHoldout(row))).toBe(true);
      expect(row.link_no).toBe(String(linkNo));
    }
    expect(rows.filter(isHoldout).length).toBeGreaterThan(15);
    for (const [at, row] of latest(60).entries())
      expect(row).toMatchObject({
        experiment: 'draw',
        arm: rows[at]?.arm,
        code: rows[at]?.code || null,
        promo_code: rows[at]?.promo_code || null,
        account_experiment: null,
      });
  });

  it('answers with the people to message only, where asked to, and keeps the rows of the others', async () => {
    const linkNo = await newExperiment('only');
    const all = await minted(api, linkNo, listOf('o', 40));
    const written = api.streams.rows.recipients.length;
    const treatment = await minted(api, linkNo, `${listOf('o', 40)},\n`, '?arms=treatment');
    expect(treatment).toEqual(all.filter((row) => !isHoldout(row)));
    expect(api.streams.rows.recipients.length - written).toBe(40);
  });

  it('is sticky over lists, sends and links of the campaign', async () => {
    const linkNo = await newExperiment('sticky');
    const arms = (rows: readonly Row[]) => new Map(rows.map((row) => [row.subscriber_id, row.arm]));
    const first = arms(await minted(api, linkNo, listOf('y', 50)));
    const other = await newLink(api, { campaign_id: 'of-sticky', message_id: 'second' });
    const second = arms(await minted(api, other, listOf('y', 80, 20)));
    for (const [id, arm] of first) expect(second.get(id) ?? arm).toBe(arm);
  });

  it('gives the holdout codes on its control link, where it has one', async () => {
    const control = await newLink(api, { campaign_id: 'neutral' });
    const linkNo = await newExperiment('control', {
      arms: [{ name: 'holdout', share: 0.5, control_link_no: control }, HALF[1]],
    });
    const rows = await minted(api, linkNo, listOf('k', 30));
    for (const row of rows) {
      expect(row.link_no).toBe(String(isHoldout(row) ? control : linkNo));
      expect(row.code).not.toBe('');
      expect(row.promo_code === '').toBe(isHoldout(row));
    }
    const holdouts = rows.filter(isHoldout);
    const written = latest(30 + holdouts.length);
    for (const { subscriber_id, code } of holdouts)
      expect(written.filter((row) => row.subscriber_id === subscriber_id)).toMatchObject([
        { link_no: linkNo, campaign_id: 'of-control', arm: 'holdout', code: null },
        { link_no: control, campaign_id: 'neutral', arm: 'holdout', code },
      ]);
    const direct = await minted(api, control, `subscriber_id\n${holdouts[0]?.subscriber_id}\n`);
    expect(direct[0]?.code).toBe(holdouts[0]?.code);
  });

  it('warns where people have no identity, since lift needs one', async () => {
    const linkNo = await newExperiment('warn');
    const list = 'subscriber_id,email,phone,customer_id\na,a@b.example,,\nb,,,\nc,,,7\nd,,+14155550123,\ne,,,\n';
    const warnings = async (link: number) =>
      JSON.parse((await mint(api, link, list)).headers['x-onehop-warnings'] ?? '[]');
    expect(await warnings(linkNo)).toMatchObject([{ code: 'rows_without_identity', count: 2 }]);
    expect(await warnings(await newLink(api))).toEqual([]);
  });

  it('is refused where the campaign names an experiment that is not there', async () => {
    await put(api, 'campaigns/lost', { experiment: 'nowhere' });
    const linkNo = await newLink(api, { campaign_id: 'lost' });
    expect(await mint(api, linkNo, listOf('l', 1))).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'no_such_experiment' }] },
    });
  });

  it('draws nobody before it starts, after it ends, and once archived', async () => {
    const arms = async (id: string, fields: object) =>
      (await minted(api, await newExperiment(id, fields), listOf('n', 20))).map((row) => row.arm);
    expect(await arms('later', { starts_at: '2026-06-01T12:00:01Z' })).toEqual(Array(20).fill(''));
    expect(await arms('over', { ends_at: '2026-06-01T12:00:00Z' })).toEqual(Array(20).fill(''));
    expect(await arms('gone', { status: 'archived' })).toEqual(Array(20).fill(''));
    expect(new Set(await arms('now', { starts_at: '2026-06-01T12:00:00Z' }))).toEqual(
      new Set(['holdout', 'treatment']),
    );
  });

  it('draws before the first rows are written, and by sibling links as well', async () => {
    const linkNo = await newExperiment('sib');
    const rows = await minted(api, linkNo, 'subscriber_id,segment\na,x\nb,y\nc,x\nd,y\ne,x\n', '?by=segment');
    for (const row of rows) expect(row.arm).toBe(armIn('sib', row.subscriber_id ?? ''));
  });
});

describe('an experiment', () => {
  it('is fixed from the first subscriber drawn, and only then', async () => {
    const linkNo = await newExperiment('fixed');
    const other = [
      { name: 'holdout', share: 0.2 },
      { name: 'treatment', share: 0.8 },
    ];
    const patch = (body: object) => api.call('PATCH', '/v1/experiments/fixed', { body });
    expect((await patch({ arms: other })).status).toBe(200);
    expect((await patch({ arms: HALF })).body).not.toHaveProperty('assigned_at');
    await mint(api, linkNo, 'subscriber_id\n');
    expect((await patch({ arms: HALF })).body).not.toHaveProperty('assigned_at');
    await minted(api, linkNo, listOf('f', 3));
    expect(await patch({ arms: other })).toMatchObject({
      status: 409,
      body: { code: 'experiment_frozen', errors: [{ path: 'arms', code: 'frozen' }] },
    });
    expect((await patch({ arms: HALF.toReversed() })).status).toBe(409);
    expect((await patch({ scope: 'account' })).status).toBe(409);
    expect((await api.call('PUT', '/v1/experiments/fixed', { body: { arms: other } })).status).toBe(409);
    const changed = await patch({ name: 'Autumn', ends_at: '2027-01-01T00:00:00Z' });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Autumn', assigned_at: '2026-06-01T12:00:00.000Z' } });
    expect((await api.call('PUT', '/v1/experiments/fixed', { body: changed.body })).body).toEqual({
      ...changed.body,
      updated_at: expect.any(String),
    });
    const history = await api.call('GET', '/v1/experiments/fixed/history');
    expect(JSON.stringify(history.body)).toContain('assigned_at');
  });

  it('cannot be changed in the moment it is first drawn from', async () => {
    for (let turn = 0; turn < 8; turn++) {
      const id = `race-${turn}`;
      const linkNo = await newExperiment(id);
      const other = [
        { name: 'holdout', share: 0.9 },
        { name: 'treatment', share: 0.1 },
      ];
      const [rows, changed] = await Promise.all([
        minted(api, linkNo, listOf('race', 40)),
        api.call('PATCH', `/v1/experiments/${id}`, { body: { arms: other } }),
      ]);
      expect([200, 409]).toContain(changed.status);
      const { arms } = (await api.call('GET', `/v1/experiments/${id}`)).body;
      for (const row of rows) expect(row.arm).toBe(armOf({ id, arms }, row.subscriber_id ?? '', experimentKey).name);
    }
  });

  it('is refused with every fault of its plan', async () => {
    const answer = await api.call('PUT', '/v1/experiments/bad', {
      body: {
        arms: [
          { name: 'a', share: 0.5 },
          { name: 'a', share: 0.4 },
        ],
        colour: 'red',
      },
    });
    expect(answer.status).toBe(422);
    const missing = await api.call('PUT', '/v1/experiments/bad', {
      body: { arms: [{ name: 'holdout', share: 0.5, control_link_no: 99_999 }, HALF[1]] },
    });
    expect(missing).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'arms.0.control_link_no', code: 'no_such_link' }] },
    });
  });

  it('is one at a time for the whole account, and takes its holdout out of every other', async () => {
    const linkNo = await newExperiment('inner');
    const outside = await newLink(api);
    await put(api, 'experiments/whole', { scope: 'account', arms: HALF });
    const rows = await minted(api, linkNo, listOf('w', 80));
    for (const { subscriber_id: id = '', arm, code } of rows) {
      const isHeldOut = armIn('whole', id) === 'holdout';
      expect(arm).toBe(isHeldOut ? 'holdout' : armIn('inner', id));
      expect(code === '').toBe(arm === 'holdout');
      expect(latest(80).find((row) => row.subscriber_id === id)).toMatchObject(
        isHeldOut
          ? { experiment: 'whole', arm: 'holdout', account_experiment: null, account_arm: null }
          : { experiment: 'inner', arm, account_experiment: 'whole', account_arm: 'treatment' },
      );
    }
    for (const { subscriber_id: id = '', arm } of await minted(api, outside, listOf('w', 20)))
      expect(arm).toBe(armIn('whole', id));
    const second = await api.call('PUT', '/v1/experiments/second', { body: { scope: 'account', arms: HALF } });
    expect(second).toMatchObject({ status: 409, body: { code: 'account_experiment_taken' } });
    expect((await api.call('GET', '/v1/experiments/second')).status).toBe(404);
    await api.call('DELETE', '/v1/experiments/whole');
    await put(api, 'experiments/second', { scope: 'account', arms: HALF, ends_at: '2026-06-01T13:00:00Z' });
    expect((await api.call('PATCH', '/v1/experiments/whole', { body: { status: 'active' } })).status).toBe(409);
    api.clock.now = Date.parse('2026-06-01T13:00:00Z');
    expect(codesOf(await minted(api, outside, listOf('w', 20))).size).toBe(20);
    expect((await minted(api, outside, listOf('w', 20))).every((row) => row.arm === '')).toBe(true);
    expect((await api.call('PATCH', '/v1/experiments/whole', { body: { status: 'active' } })).status).toBe(200);
    await api.call('DELETE', '/v1/experiments/whole');
  });
});
