import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureExampleLink } from '../../local/example-link.ts';
import { type System, startSystem } from '../../local/system.ts';
import { type Ended, runOnehop } from './run.ts';

let system: System;
let env: NodeJS.ProcessEnv;
const logged: string[] = [];
beforeAll(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'onehop-cli-'));
  system = await startSystem({ dataDir, flushMs: 60_000, write: (text) => logged.push(text) });
  await ensureExampleLink(system);
  env = {
    ...process.env,
    ONEHOP_API: system.apiOrigin,
    ONEHOP_DATA: dataDir,
    XDG_CONFIG_HOME: join(dataDir, 'config'),
    ONEHOP_TOKEN: undefined,
  };
});
afterAll(async () => {
  await system.close();
  rmSync(system.dataDir, { recursive: true, force: true });
});

/** Runs the real command in a process of its own. */
const onehop = (
  args: readonly string[],
  { input = '', more = {} }: { input?: string; more?: NodeJS.ProcessEnv } = {},
): Promise<Ended> => runOnehop(args, { ...env, ...more }, input);

const json = async (...args: string[]) => JSON.parse((await onehop([...args, '--json'])).out);

/** Taps a short link as a phone would. */
function tap(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      host: 'go.localhost',
      'user-agent':
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    };
    const call = request({ host: '127.0.0.1', port: system.port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.on('error', reject);
    call.end();
  });
}

describe('entities', () => {
  it('are created, shown, changed, paused, resumed, listed and archived', async () => {
    expect(await json('campaign', 'create', 'spring', '--name', 'Spring sale', '--tags', 'a,b')).toMatchObject({
      id: 'spring',
      name: 'Spring sale',
      tags: ['a', 'b'],
    });
    expect(
      await json('campaign', 'update', 'spring', '--name', 'null', '--fallback-url', 'https://brand.example/'),
    ).toMatchObject({ name: null, fallback_url: 'https://brand.example/' });
    expect((await json('campaign', 'pause', 'spring')).status).toBe('paused');
    expect((await json('campaign', 'resume', 'spring')).status).toBe('active');
    expect(await json('campaign', 'show', 'spring')).toMatchObject({ status: 'active' });
    expect((await json('campaign', 'list')).map(({ id }: { id: string }) => id)).toContain('spring');
    expect((await json('campaign', 'archive', 'spring')).status).toBe('archived');
  });

  it('are not replaced by create', async () => {
    await json('offer', 'create', 'shoes', '--destination', 'https://shoes.example/');
    const again = await onehop(['offer', 'create', 'shoes', '--destination', 'https://other.example/']);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('exists already') });
    expect((await json('offer', 'show', 'shoes')).destination).toBe('https://shoes.example/');
  });

  it('take fields from a file or standard input, flags winning', async () => {
    const file = join(system.dataDir, 'link.json');
    writeFileSync(
      file,
      JSON.stringify({
        destination: 'https://a.example/',
        forward_query: true,
        rules: [{ when: { os: ['ios'] }, destination: 'https://ios.example/' }],
      }),
    );
    expect(await json('link', 'create', '--file', file, '--slug', 'from-file')).toMatchObject({
      slug: 'from-file',
      forward_query: true,
      rules: [{ destination: 'https://ios.example/' }],
    });
    const piped = await onehop(['link', 'create', '--file', '-', '--forward-query', 'true', '--json'], {
      input: '{"destination":"https://b.example/"}',
    });
    expect(JSON.parse(piped.out)).toMatchObject({ destination: 'https://b.example/', forward_query: true });
  });

  it('print tables for people and CSV for spreadsheets', async () => {
    expect((await onehop(['link', 'list'])).out).toMatch(/│ link_no +│ url/);
    expect((await onehop(['link', 'list', '--csv'])).out).toMatch(/^link_no,url,.*\r\n\d+,http/);
    expect((await onehop(['link', 'list', '--campaign-id', 'nothing'])).out).toBe('nothing found\n');
  });

  it('say every fault and end with a status', async () => {
    const refused = await onehop(['link', 'create', '--destination', 'ftp://x', '--slug', 'abcdefghi']);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('- destination: must begin with https://');
    expect(refused.err).toContain('- slug: must be 1 to 64');
    expect(refused.out).toBe('');
    expect(await onehop(['link', 'show', '99'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no link 99'),
    });
    expect(await onehop(['link', 'create', '--click-cap', 'many'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('--click-cap: number'),
    });
  });
});

describe('help and mistakes', () => {
  it('shows every noun, examples and flags named after fields', async () => {
    const { out, code } = await onehop(['--help']);
    expect(code).toBe(0);
    for (const noun of [
      'campaign',
      'offer',
      'link',
      'domain',
      'token',
      'settings',
      'report',
      'sql',
      'preview',
      'replay',
      'login',
      'doctor',
      'Examples:',
    ])
      expect(out).toContain(noun);
    expect((await onehop(['link', 'create', '--help'])).out).toMatch(
      /--fallback-url.*\n[\s\S]*--click-cap[\s\S]*Examples:/,
    );
  });

  it('suggests what was meant', async () => {
    expect(await onehop(['lnik', 'list'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('Did you mean link?'),
    });
    expect((await onehop(['link', 'lst'])).code).toBe(1);
  });

  it('says how to start what does not answer, and where a token comes from', async () => {
    const down = await onehop(['link', 'list'], { more: { ONEHOP_API: 'http://127.0.0.1:1' } });
    expect(down).toMatchObject({ code: 1, err: expect.stringContaining('npm start') });
    const stranger = await onehop(['link', 'list'], { more: { ONEHOP_DATA: join(system.dataDir, 'nowhere') } });
    expect(stranger).toMatchObject({ code: 1, err: expect.stringContaining('there is no token') });
    expect(await onehop(['link', 'list', '--stage', 'prod'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('onehop login --stage prod'),
    });
    expect(down.err).not.toMatch(/at .*\.ts:\d+/);
  });

  it('finds nothing wrong with a healthy system', async () => {
    const { code, out } = await onehop(['doctor']);
    expect([code, out.match(/true/g)?.length]).toEqual([0, 4]);
  });
});

describe('clicks', () => {
  it('are in the report and in SQL, and a click from the log comes back by replay', async () => {
    expect(await tap('/hello')).toBe(302);
    await system.setFault('firehose', { mode: 'error', rate: 1 });
    expect(await tap('/hello')).toBe(302);
    await system.setFault('firehose', { mode: 'off', rate: 1 });
    await system.flush();
    const [before] = await json('report', 'clicks', '--by', 'link');
    expect(before).toMatchObject({ clicks_total: 1, clicks_human: 1 });

    const log = join(system.dataDir, 'server.log');
    writeFileSync(log, `some other line\n2026-06-01T00:00:00Z\tabc\tINFO\t${logged.join('')}`);
    expect(await onehop(['replay', log])).toMatchObject({ code: 0, out: expect.stringContaining('1 clicks put back') });
    await system.flush();
    const [after] = await json('report', 'clicks', '--by', 'campaign', '--filter', 'outcome=redirected');
    expect(after).toMatchObject({ campaign_id: 'summer_sale', campaign: 'summer_sale', clicks_total: 2 });
    expect(await json('sql', 'select count(*) as n, count(distinct click_id) as ids from human_clicks')).toEqual([
      { n: 2, ids: 2 },
    ]);
    expect((await onehop(['report', 'clicks', '--by', 'day', '--csv'])).out).toMatch(/^day,clicks_total/);
  });

  it('of no row come with the range that was asked', async () => {
    const range = ['--by', 'day', '--from', '2020-01-01', '--to', '2020-01-02', '--tz', 'Europe/Berlin'];
    const { out, err } = await onehop(['report', 'clicks', ...range]);
    expect(out).toBe('nothing found\n');
    expect(err).toContain('2019-12-31T23:00:00.000Z to 2020-01-02T23:00:00.000Z (days of Europe/Berlin, by');
  });

  it('of a campaign that was misspelt come with a warning, and impossible values not at all', async () => {
    const misspelt = await onehop(['report', 'clicks', '--by', 'link', '--filter', 'campaign=sumer_sale']);
    expect(misspelt).toMatchObject({ code: 0, out: 'nothing found\n' });
    expect(misspelt.err).toContain('warning: filter.campaign: there is no campaign sumer_sale');
    expect(misspelt.err).toContain('warning: filter.campaign: nothing in this range has these values');
    const impossible = await onehop(['report', 'clicks', '--filter', 'actor=Human']);
    expect(impossible).toMatchObject({ code: 1, err: expect.stringContaining('must be one of human, suspect, bot') });
  });

  it('that cannot be read are named by line, and nothing is called done', async () => {
    const input = '{"click_id":"x","log":"click_not_stored"}\n{"log":"click_not_stored","click_id\n';
    const { code, err } = await onehop(['replay', '-'], { input });
    expect(code).toBe(1);
    expect(err).toMatch(/standard input:1: ts is missing/);
    expect(err).toMatch(/standard input:2: the line is not whole JSON/);
    expect(await onehop(['replay', '-'], { input: 'nothing here\n' })).toMatchObject({
      code: 1,
      err: expect.stringContaining('nothing in there was a click'),
    });
  });

  it('come back from error records of the stream too', async () => {
    const tapLine = logged.join('').split('\n')[0] ?? '';
    const record = { attemptsMade: 1, errorCode: 'x', rawData: Buffer.from(`${tapLine}\n`).toString('base64') };
    expect(await onehop(['replay', '-'], { input: `${JSON.stringify(record)}\n` })).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 clicks put back'),
    });
  });

  it('are asked for in words that SQL refuses without a trace', async () => {
    const { code, err } = await onehop(['sql', 'select nothing from nowhere']);
    expect(code).toBe(1);
    expect(err).not.toMatch(/\n\s+at /);
    expect(await onehop(['report', 'clicks', '--by', 'colour'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('colour is not a dimension'),
    });
  });
});

describe('tokens and settings', () => {
  it('are made, listed, revoked; settings change and go back', async () => {
    const made = await json('token', 'create', '--name', 'dash', '--scopes', 'read');
    expect(made.token).toMatch(/^oh_/);
    const more = { ONEHOP_TOKEN: made.token };
    expect(await onehop(['campaign', 'create', 'x'], { more })).toMatchObject({
      code: 1,
      err: expect.stringContaining('scope manage'),
    });
    expect((await json('token', 'revoke', made.id)).status).toBe('revoked');
    expect((await onehop(['link', 'list'], { more })).code).toBe(1);
    expect((await json('settings', 'update', '--time-zone', 'Europe/Berlin')).time_zone).toBe('Europe/Berlin');
    expect((await json('settings', 'update', '--time-zone', 'null')).time_zone).toBe('UTC');
  });

  it('of the local mode stand in a file only its owner reads', () => {
    expect(readFileSync(join(system.dataDir, 'token'), 'utf8').trim()).toBe(system.token);
  });
});
