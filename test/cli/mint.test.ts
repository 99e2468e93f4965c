import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callApi, tap } from '../local/testing.ts';
import { startLocal } from './local.ts';

let local: Awaited<ReturnType<typeof startLocal>>;
let folder: string;
let link: string;
const at = (name: string) => join(folder, name);
const rowsOf = (text: string) => parse(text, { columns: true, skip_empty_lines: true }) as Record<string, string>[];
const list = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `s-${from + n},s${from + n}@people.example\n`).join('');
const HEADER = 'subscriber_id,email\n';

beforeAll(async () => {
  local = await startLocal();
});
afterAll(() => local.close());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'onehop-mint-'));
  const body = { personal: true, destination: 'https://shop.example/' };
  link = String((await callApi(local.system, 'POST', '/v1/links', body)).body.link_no);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('onehop mint', () => {
  it('prints the list with a link for everybody, and the links work', async () => {
    writeFileSync(at('people.csv'), `\uFEFFsubscriber_id;name\r\na;"Ann; Lee"\r\nb;Bob\r\n`);
    const ended = await local.onehop(['mint', '--link', link, at('people.csv')]);
    expect(ended.err).toContain('2 minted, 0 held out, 0 rejected');
    expect(ended.code).toBe(0);
    const rows = parse(ended.out, { columns: true, delimiter: ';', bom: true }) as Record<string, string>[];
    expect(rows.map(({ subscriber_id, name }) => [subscriber_id, name])).toEqual([
      ['a', 'Ann; Lee'],
      ['b', 'Bob'],
    ]);
    for (const { code = '' } of rows) expect((await tap(local.system, `/${code}`)).status).toBe(302);
  });

  it('mints a list of many parts in order, several at a time, and again with the same codes', async () => {
    writeFileSync(at('people.csv'), HEADER + list(0, 2_100));
    const first = await local.onehop([
      'mint',
      '--link',
      link,
      '--part',
      '400',
      '--out',
      at('out.csv'),
      at('people.csv'),
    ]);
    expect(first.err).toContain('2,100 minted');
    const rows = rowsOf(readFileSync(at('out.csv'), 'utf8'));
    expect(rows.map((row) => row.subscriber_id)).toEqual(Array.from({ length: 2_100 }, (_, n) => `s-${n}`));
    expect(new Set(rows.map((row) => row.code)).size).toBe(2_100);
    expect(existsSync(at('out.csv.progress'))).toBe(false);
    const again = await local.onehop(['mint', '--link', link, '--parallel', '1', '--part', '800', at('people.csv')]);
    expect(again.out).toBe(readFileSync(at('out.csv'), 'utf8'));
  });

  it('sets bad rows aside with their line, mints the others, and takes the mended rejects', async () => {
    writeFileSync(at('people.csv'), `${HEADER}a,a@people.example\n,nobody@people.example\nb,no address\n\nc,\n`);
    const ended = await local.onehop(['mint', '--link', link, at('people.csv')]);
    expect(ended.code).toBe(1);
    expect(rowsOf(ended.out).map((row) => row.subscriber_id)).toEqual(['a', 'c']);
    expect(ended.err).toMatch(/^line 3: .*subscriber_id/m);
    expect(ended.err).toMatch(/^line 4: .*email/m);
    expect(ended.err).toContain('2 minted, 0 held out, 2 rejected');
    const rejects = readFileSync(at('people.rejects.csv'), 'utf8');
    expect(rowsOf(rejects).map((row) => row.subscriber_id)).toEqual(['', 'b']);
    writeFileSync(at('mended.csv'), rejects.replace('no address', 'b@people.example').replace(/^,nobody.*\n/m, ''));
    const mended = await local.onehop(['mint', '--link', link, at('mended.csv')]);
    expect(mended.err).toContain('1 minted, 0 held out, 0 rejected');
    expect(rowsOf(mended.out)).toMatchObject([{ subscriber_id: 'b', email: 'b@people.example', error: '' }]);
  });

  it('keeps the holdout out of the list of people to message', async () => {
    const arms = [
      { name: 'holdout', share: 0.5 },
      { name: 'messaged', share: 0.5 },
    ];
    const experiment = { scope: 'campaign', arms };
    expect((await callApi(local.system, 'PUT', '/v1/experiments/half', experiment)).status).toBe(201);
    await callApi(local.system, 'PUT', '/v1/campaigns/half', { experiment: 'half' });
    const body = { personal: true, destination: 'https://shop.example/', campaign_id: 'half' };
    const linkNo = String((await callApi(local.system, 'POST', '/v1/links', body)).body.link_no);
    writeFileSync(at('people.csv'), `subscriber_id\n${Array.from({ length: 200 }, (_, n) => `h-${n}\n`).join('')}`);
    const ended = await local.onehop(['mint', '--link', linkNo, '--holdout', at('kept.csv'), at('people.csv')]);
    const people = rowsOf(ended.out);
    const holdout = rowsOf(readFileSync(at('kept.csv'), 'utf8'));
    expect(people.length + holdout.length).toBe(200);
    expect(Math.min(people.length, holdout.length)).toBeGreaterThan(60);
    expect(people.every(({ arm, code }) => arm === 'messaged' && code !== '')).toBe(true);
    expect(holdout.every(({ arm, code }) => arm === 'holdout' && code === '')).toBe(true);
    expect(ended.err).toContain('200 rows have no email, phone or customer_id');
  });

  it('goes on where an interrupted run stopped, and refuses to mix runs', async () => {
    const text = HEADER + list(0, 1_100);
    writeFileSync(at('people.csv'), text);
    expect(
      (await local.onehop(['mint', '--link', link, '--part', '1000', '--out', at('whole.csv'), at('people.csv')])).code,
    ).toBe(0);
    const whole = readFileSync(at('whole.csv'), 'utf8');
    // What a run leaves that died after its first part: the journal, and more in the file than the journal knows.
    const { mtimeMs, size } = statSync(at('people.csv'));
    const cut = whole.split('\n').slice(0, 1_001).join('\n').length + 1;
    const offset = text.split('\n').slice(0, 1_001).join('\n').length + 1;
    writeFileSync(at('out.csv'), `${whole.slice(0, cut)}half a line that was wri`);
    const progress = {
      offset,
      line: 1_002,
      outputs: { people: cut, holdout: 0, rejects: 0 },
      counts: { minted: 1_000, heldOut: 0, rejected: 0 },
    };
    const request = { link, by: '', file: at('people.csv'), size, modified: Math.round(mtimeMs) };
    writeFileSync(at('out.csv.progress'), JSON.stringify({ request, progress }));
    const other = await local.onehop(['mint', '--link', '999', '--out', at('out.csv'), at('people.csv')]);
    expect(other.err).toContain('--restart');
    const ended = await local.onehop(['mint', '--link', link, '--out', at('out.csv'), at('people.csv')]);
    expect(ended.err).toContain('1,000 codes are there');
    expect(ended.err).toContain('1,100 minted');
    expect(readFileSync(at('out.csv'), 'utf8')).toBe(whole);
  });

  it('takes NDJSON from standard input, and sets a row aside that no request takes', async () => {
    const lines = [
      { subscriber_id: 'n-1' },
      { subscriber_id: 'n-2', note: 'x'.repeat(5_000_000) },
      { subscriber_id: 'n-3' },
    ];
    const input = lines.map((line) => JSON.stringify(line)).join('\n');
    const ended = await local.onehop(['mint', '--link', link, '--format', 'ndjson', '--rejects', at('r'), '-'], input);
    const out = ended.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(out).toMatchObject([{ subscriber_id: 'n-1' }, { subscriber_id: 'n-3' }]);
    expect(ended.err).toMatch(/line 2: the row has 50000\d\d bytes/);
    expect(readFileSync(at('r'), 'utf8')).toContain('n-2');
    expect(ended.code).toBe(1);
  });

  it.each([
    ['no such file', null, 'there is no file'],
    ['an empty file', '\n \n', 'is empty'],
    ['UTF-16', Buffer.from('\uFEFFsubscriber_id\na\n', 'utf16le'), 'iconv'],
    ['Latin-1', Buffer.from('subscriber_id,n\na,x\nb,J\xf6rg\n', 'latin1'), 'line 3 is not UTF-8'],
    ['a list without ids', 'id,email\n1,a@b.example\n', 'subscriber_id'],
  ])('says what is wrong with %s and mints nothing', async (_, content, message) => {
    if (content !== null) writeFileSync(at('bad.csv'), content);
    const ended = await local.onehop(['mint', '--link', link, at('bad.csv')]);
    expect([ended.code, ended.out]).toEqual([1, '']);
    expect(ended.err).toContain(message);
  });
});
