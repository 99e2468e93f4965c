import { afterAll, beforeAll, expect, test } from 'vitest';
import { clickOf, writeClicks } from '../sql/clicks-sample.ts';
import { recipientOf, writeRecipients } from '../sql/recipients-sample.ts';
import { enrol, startLakeApi } from '../support/lake-api.ts';
import { fetchOf, runCli } from '../support/terminal.ts';

const NOON = Date.parse('2026-06-01T12:00:00Z');
let api: Awaited<ReturnType<typeof startLakeApi>>;

beforeAll(async () => {
  api = await startLakeApi();
  const minted = { minted_at: NOON - 86_400_000, campaign_id: 'summer' };
  await writeRecipients(api.lakeDir, [
    recipientOf({ ...minted, subscriber_no: 1, attributes: '{"plan":"gold, \\"big\\""}' }),
    recipientOf({ ...minted, subscriber_no: 1, link_no: 2 }),
    recipientOf({ ...minted, subscriber_no: 2 }),
    recipientOf({ ...minted, subscriber_no: 3, code: null, arm: 'holdout' }),
  ]);
  await writeClicks(api.lakeDir, [
    clickOf({ link_no: 1, subscriber_no: 1, campaign_id: 'summer', code_kind: 'personal', ts: NOON - 3_600_000 }),
  ]);
  await enrol(api, 's-1', 1, ['email#hash']);
  await api.call('PUT', '/v1/campaigns/summer', { body: {} });
});

afterAll(() => api.close());

const onehop = (...args: string[]) =>
  runCli(args, { env: { ONEHOP_API: 'http://api', ONEHOP_TOKEN: api.token }, fetch: fetchOf(api.call) });
const json = async (...args: string[]) => JSON.parse((await onehop(...args, '--json')).out);
const idsOf = (people: { subscriber_id: string }[]) => people.map(({ subscriber_id }) => subscriber_id);

test('a campaign’s people come as JSON, table and CSV', async () => {
  expect(idsOf(await json('campaign', 'recipients', 'summer'))).toEqual(['s-1', 's-2']);
  expect(idsOf(await json('campaign', 'recipients', 'summer', '--clicked'))).toEqual(['s-1']);
  expect(idsOf(await json('campaign', 'recipients', 'summer', '--not-clicked', '--not-converted'))).toEqual(['s-2']);
  expect(idsOf(await json('campaign', 'recipients', 'summer', '--arm', 'holdout'))).toEqual(['s-3']);
  expect(idsOf(await json('campaign', 'recipients', 'summer', '--all-arms', '--link-no', '1'))).toHaveLength(3);
  expect((await onehop('campaign', 'recipients', 'summer')).out).toContain('subscriber_id');
  const { out } = await onehop('campaign', 'recipients', 'summer', '--csv');
  const [head = '', first = ''] = out.split('\r\n');
  expect(head).toMatch(/^subscriber_id,subscriber_no,experiment,arm,/);
  expect(first).toContain('s-1,1,');
  expect(first).toContain('"1,2","code-1-1,code-2-1"');
  expect((await onehop('campaign', 'recipients', 'nobody')).code).toBe(1);
});

test('CSV of several pages has one header, and the others the rest', async () => {
  const paged: typeof fetch = (input, init) => fetchOf(api.call)(String(input).replace('limit=10000', 'limit=1'), init);
  const { out } = await runCli(['campaign', 'recipients', 'summer', '--csv'], {
    env: { ONEHOP_API: 'http://api', ONEHOP_TOKEN: api.token },
    fetch: paged,
  });
  expect(out).toBe((await onehop('campaign', 'recipients', 'summer', '--csv')).out);
  expect(out.match(/subscriber_id/g)).toHaveLength(1);
});

test('a subscriber is labelled, shown and unlabelled', async () => {
  expect(await json('subscriber', 'label', 's-1', 'vip')).toEqual({ id: 's-1', labels: ['vip'] });
  expect(idsOf(await json('campaign', 'recipients', 'summer', '--label', 'vip'))).toEqual(['s-1']);
  const shown = await json('subscriber', 'show', 's-1');
  expect(shown).toMatchObject({ labels: ['vip'], identities: ['email'], attributes: { plan: 'gold, "big"' } });
  expect(shown.timeline.map(({ kind }: { kind: string }) => kind)).toEqual(['label', 'click', 'minted', 'minted']);
  expect((await onehop('subscriber', 'show', 's-1')).out).toMatch(/labels +\["vip"\][\s\S]*kind[\s\S]*click/);
  expect(await json('subscriber', 'unlabel', 's-1', 'vip')).toEqual({ id: 's-1', labels: [] });
  expect((await onehop('subscriber', 'show', 'nobody')).err).toContain('there is no such subscriber');
});
