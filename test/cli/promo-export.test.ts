import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lakeTables } from '../../lambdas/contract/lake.ts';
import { DuckDbEngine } from '../../local/reports.ts';
import { writeRows } from '../sql/lake-writer.ts';
import { startApi } from '../support/api.ts';
import { fetchOf, type RunOptions, runCli } from '../support/terminal.ts';

const COUNT = 20_007;
const folder = mkdtempSync(join(tmpdir(), 'onehop-export-'));
let engine: DuckDbEngine;
let api: Awaited<ReturnType<typeof startApi>>;
let options: RunOptions;
beforeAll(async () => {
  const rows = Array.from({ length: COUNT }, (_, at) => ({
    link_no: 1,
    subscriber_no: at + 1,
    subscriber_id: `s${at + 1}`,
    campaign_id: 'welcome',
    promo_code: `W-${at + 1}`,
    minted_at: 0,
  }));
  await writeRows(folder, lakeTables.recipients, '2026-06-01', rows);
  engine = await DuckDbEngine.open(folder);
  api = await startApi({ queryEngine: engine, sleep: () => new Promise((resolve) => setTimeout(resolve, 5)) });
  options = { fetch: fetchOf(api.call), env: { ONEHOP_API: 'http://api', ONEHOP_TOKEN: api.token } };
  for (const id of ['welcome', 'quiet']) await api.call('PUT', `/v1/campaigns/${id}`, { body: {} });
});
afterAll(async () => {
  await api.close();
  engine.close();
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) => runCli(['promo', 'export', ...args], options);

describe('promo export', () => {
  it('writes every code of the campaign, one a line, over as many pages as it takes', async () => {
    const { code, out, err } = await run('--campaign-id', 'welcome');
    expect([code, err]).toEqual([0, `${COUNT} codes\n`]);
    expect(out).toBe(Array.from({ length: COUNT }, (_, at) => `W-${at + 1}\n`).join(''));
  });

  it('writes the column that bulk discount apps import, into a file that appears when it is whole', async () => {
    const file = join(folder, 'codes.csv');
    const { out, err } = await run('--campaign-id', 'welcome', '--format', 'shopify', '--out', file);
    expect([out, err]).toEqual(['', `${COUNT} codes in ${file}\n`]);
    const lines = readFileSync(file, 'utf8').split('\r\n');
    expect([lines[0], lines[1], lines.length, existsSync(`${file}.part`)]).toEqual(['Code', 'W-1', COUNT + 2, false]);
  });

  it('takes the codes from the output of a mint, each once, holdouts without one left out', async () => {
    const file = join(folder, 'minted.csv');
    writeFileSync(
      file,
      '\ufeffsubscriber_id;url;promo_code\r\n"a;b";https://x/1;W-1\r\nc;;\r\nd;https://x/2;W-2\r\n"a;b";https://x/1;W-1\r\n',
    );
    expect((await run('--file', file)).out).toBe('W-1\nW-2\n');
  });

  it('says what is missing', async () => {
    expect((await run()).err).toContain('--campaign-id X, or --file');
    expect((await run('--campaign-id', 'quiet')).err).toContain('campaign quiet has no promo codes');
    expect((await run('--campaign-id', 'nothing')).err).toContain('there is no campaign nothing');
    expect((await run('--campaign-id', 'welcome', '--format', 'xls')).code).toBe(1);
    expect((await run('--help')).out).toMatch(/column Code[\s\S]*Examples:/);
  });
});
