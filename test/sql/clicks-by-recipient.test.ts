import { expect, test } from 'vitest';
import { type ReportRequest, renderReport } from '../../sql/catalog.ts';
import { openLake } from '../../sql/duckdb.ts';
import { ASKED, HOUR, NOON, shownRows, testFolders } from './asked.ts';
import { clickOf, writeClicks } from './clicks-sample.ts';
import { recipientOf, writeRecipients } from './recipients-sample.ts';

const folder = testFolders();

async function report(lakeDir: string, asked: Partial<ReportRequest> = {}): Promise<Record<string, unknown>[]> {
  const lake = await openLake({ lakeDir });
  try {
    return await shownRows(lake, 'clicks', { ...ASKED, ...asked });
  } finally {
    lake.close();
  }
}

const total = async (lakeDir: string, asked: Partial<ReportRequest> = {}) => (await report(lakeDir, asked))[0];

test('arm, experiment, subscriber and attributes are those of the first minting on the link, however long ago', async () => {
  const lakeDir = folder();
  const old = recipientOf({
    subscriber_no: 7,
    arm: 'treatment',
    experiment: 'e1',
    attributes: '{"plan":"gold","Plan":"x"}',
    minted_at: NOON - 900 * 24 * HOUR,
  });
  await writeRecipients(lakeDir, [
    old,
    { ...old, minted_at: NOON - HOUR, attributes: '{"plan":"silver"}', arm: 'other' },
    recipientOf({ link_no: 2, subscriber_no: 7, arm: 'elsewhere' }),
    recipientOf({ subscriber_no: 8, arm: 'holdout', code: null }),
  ]);
  const on = { link_no: 1, subscriber_no: 7 };
  await writeClicks(lakeDir, [clickOf(on), clickOf(on), clickOf({ ...on, subscriber_no: 9 }), clickOf()]);
  const rows = await report(lakeDir, { by: ['experiment', 'arm', 'attr.plan', 'subscriber'] });
  expect(rows.slice(1)).toEqual([
    expect.objectContaining({
      experiment: 'e1',
      arm: 'treatment',
      'attr.plan': 'gold',
      subscriber_id: 's-7',
      subscriber: 's-7',
      clicks_human: 2,
      clicks_unique: 1,
    }),
    expect.objectContaining({ arm: null, 'attr.plan': null, subscriber_id: null, clicks_human: 2, clicks_unique: 1 }),
  ]);
  expect((await total(lakeDir, { filters: { 'attr.plan': ['gold'] } }))?.clicks_total).toBe(2);
  expect((await total(lakeDir, { filters: { 'attr.Plan': ['x'], arm: ['treatment'] } }))?.clicks_total).toBe(2);
  expect((await total(lakeDir, { filters: { arm: [''] } }))?.clicks_total).toBe(2);
});

test('who was drawn into an experiment by a later minting has its arm', async () => {
  const lakeDir = folder();
  const first = recipientOf({ attributes: '{"plan":"gold"}' });
  const drawn = { ...first, minted_at: first.minted_at + 1, attributes: null, experiment: 'e1', arm: 'b' };
  const account = { account_experiment: 'all', account_arm: 'treatment' };
  await writeRecipients(lakeDir, [first, { ...drawn, ...account }]);
  await writeClicks(lakeDir, [clickOf({ link_no: 1, subscriber_no: 1 })]);
  const [, row, ...others] = await report(lakeDir, { by: ['arm', 'account_arm', 'attr.plan'] });
  expect(row).toMatchObject({ arm: 'b', account_arm: 'treatment', 'attr.plan': 'gold', clicks_human: 1 });
  expect(others).toEqual([]);
});

test('recipients are read only where a dimension needs them, and names of attributes are parameters', () => {
  const sqlOf = (asked: Partial<ReportRequest>) => renderReport('clicks', { ...ASKED, ...asked });
  expect(sqlOf({ by: ['campaign', 'link'], filters: { os: ['ios'] } }).sql).not.toContain('recipients_raw');
  expect(sqlOf({ by: ['arm'] }).sql).toContain('recipients_raw');
  expect(sqlOf({ filters: { subscriber: ['x'] } }).sql).toContain('recipients_raw');
  const { sql, parameters } = sqlOf({ by: ['attr.home.state-2'] });
  expect(sql).not.toContain('state');
  expect(parameters).toContain('$["home.state-2"]');
});
