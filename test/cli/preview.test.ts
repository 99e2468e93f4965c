import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.ts';
import { fetchOf, type RunOptions, runCli } from '../support/terminal.ts';

let api: Awaited<ReturnType<typeof startApi>>;
let online: RunOptions;
const folder = mkdtempSync(join(tmpdir(), 'onehop-preview-'));
beforeAll(async () => {
  api = await startApi();
  online = { fetch: fetchOf(api.call), env: { ONEHOP_API: 'http://api', ONEHOP_TOKEN: api.token } };
  await api.call('PUT', '/v1/campaigns/welcome', {
    body: {
      promo: { prefix: 'WELCOME', type: 'percentage', value: '10' },
      price: { per_part: '0.01', currency: 'EUR' },
    },
  });
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

const preview = (args: readonly string[], options: RunOptions = online) => runCli(['preview', ...args], options);
async function json(...args: string[]) {
  const { out, err, code } = await preview([...args, '--json']);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
}
function listFile(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('{link}', () => {
  it('is a personal link of the default domain, compared with every other one', async () => {
    const found = await json('Sale {link}');
    expect(found.text).toMatch(/^Sale https:\/\/go\.brand\.com\/[A-Za-z0-9]{9}$/);
    expect(found.wordings.map(({ kind, link_characters }: Record<string, unknown>) => [kind, link_characters])).toEqual(
      [
        ['as_is', 30],
        ['domain', 31],
        ['no_scheme', 22],
      ],
    );
  });

  it('is the URL of a slug link, and has the length of a personal link’s codes', async () => {
    const slug = await api.call('POST', '/v1/links', { body: { slug: 'boots', destination: 'https://shop.example/' } });
    expect((await json('{link}', '--link', String(slug.body.link_no))).text).toBe('https://go.brand.com/boots');
    const moved = await json('{link}', '--link', String(slug.body.link_no), '--domain', 'two.brand.com');
    expect(moved.text).toBe('https://two.brand.com/boots');
    const personal = { personal: true, destination: 'https://shop.example/', domain: 'two.brand.com' };
    const made = await api.call('POST', '/v1/links', { body: personal });
    expect((await json('{link}', '--link', String(made.body.link_no))).text).toMatch(
      /^https:\/\/two\.brand\.com\/\w{9}$/,
    );
  });

  it('takes a domain that is only thought of', async () => {
    const { out, code } = await preview(['{link}', '--domain', 'b.co', '--json'], {});
    expect([code, JSON.parse(out).text.length]).toEqual([0, 'https://b.co/'.length + 9]);
    const compared = await json('{link}', '--compare', 'b.co,https://c.link');
    expect(compared.wordings.map(({ change }: { change: string }) => change)).toContain('link on c.link');
  });
});

describe('{promo}', () => {
  it('is a code of the campaign’s form', async () => {
    const found = await json('Code {promo}', '--campaign-id', 'welcome');
    expect(found.text).toMatch(/^Code WELCOME-[A-Z0-9]{9}$/);
  });

  it('asks for a campaign, or for a sample', async () => {
    expect(await preview(['{promo} {city}'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/\{promo\}: name a campaign[\s\S]*\{city\}: give --sample city=/),
    });
    expect((await json('{promo}', '--sample', 'promo=SUMMER10')).text).toBe('SUMMER10');
  });
});

describe('encoding and wording', () => {
  it('says what forced UCS-2, where, and what may stand instead', async () => {
    const found = await json('Hi {first_name}, it’s on… 漢', '--sample', 'first_name=Zoë');
    expect(found).toMatchObject({ encoding: 'UCS-2', parts: 1, characters: 18, characters_left: 52 });
    expect(found.forced_by).toEqual([
      { character: 'ë', code_point: 'U+00EB', replacement: 'e', positions: [6], in: 'first_name' },
      { character: '’', code_point: 'U+2019', replacement: "'", positions: [11], in: null },
      { character: '…', code_point: 'U+2026', replacement: '...', positions: [16], in: null },
      { character: '漢', code_point: 'U+6F22', replacement: null, positions: [18], in: null },
    ]);
  });

  it('says what each change saves, in parts and money', async () => {
    const text = `It’s time: ${'a'.repeat(64)} {link}`;
    const found = await json(text, '--list-size', '1000000', '--price-per-part', '0.0079', '--currency', 'USD');
    expect(found).toMatchObject({ parts: 2, message_cost: '0.0158', currency: 'USD' });
    expect(found.list).toMatchObject({
      size: 1_000_000,
      parts: 2_000_000,
      cost: '15800.00',
      by_parts: { 2: 1_000_000 },
    });
    const saved = Object.fromEntries(
      found.wordings.map(({ kind, list_parts_saved, list_cost_saved, change }: Record<string, unknown>) => [
        kind,
        [list_parts_saved, list_cost_saved, change],
      ]),
    );
    expect(saved.replace).toEqual([1_000_000, '7900.00', 'replace the characters GSM-7 lacks']);
    expect(saved.shorten).toEqual([1_000_000, '7900.00', '36 characters less']);
    expect(saved.domain?.slice(0, 2)).toEqual([0, '0.00']);
  });

  it('is told to people in words and a table', async () => {
    const { out } = await preview(['It’s {link}', '--list-size', '1000', '--price-per-part', '0.01']);
    expect(out).toContain('Encoding    UCS-2');
    expect(out).toContain("’ (U+2019) at 3: write ' instead of ’");
    expect(out).toContain('1,000 messages  1,000 parts, 10.00 USD');
    expect(out).toContain('one more hop to HTTPS');
    expect(out).toMatch(/link without its scheme +│ 22/);
    expect((await preview(['Hi', '--csv'])).out).toMatch(/^kind,change,text,link_characters,encoding/);
  });
});

describe('price', () => {
  it('is the flag’s, else the campaign’s, else the account’s, else asked for', async () => {
    expect(await json('Hi', '--campaign-id', 'welcome')).toMatchObject({ price_per_part: '0.01', currency: 'EUR' });
    expect((await preview(['Hi'])).out).toContain('--price-per-part 0.0079 --currency USD');
    await api.call('PATCH', '/v1/settings', { body: { price: { per_part: '0.0425', currency: 'GBP' } } });
    expect(await json('Hi')).toMatchObject({ price_per_part: '0.0425', currency: 'GBP', message_cost: '0.0425' });
    expect(await json('Hi', '--price-per-part', '0.5')).toMatchObject({ price_per_part: '0.5', currency: 'GBP' });
    await api.call('PATCH', '/v1/settings', { body: { price: null } });
  });
});

describe('--list', () => {
  it('counts every row with its own values, and shows the longest', async () => {
    const rows = ['Ann', 'Maximilian Alexander', '"Ann; Maria"', '', 'Zoë'].map((name, at) => `s${at};${name}`);
    const list = listFile('people.csv', `\ufeffid;first_name\r\n${rows.join('\r\n')}\r\n\r\n`);
    // 150 + name: only the long one exceeds 160; Zoë turns 153 characters into UCS-2.
    const found = await json(
      `${'a'.repeat(150)}{first_name}`,
      '--list',
      list,
      '--price-per-part',
      '1',
      '--currency',
      'USD',
    );
    expect(found.text).toBe(`${'a'.repeat(150)}Maximilian Alexander`);
    expect(found.list).toEqual({ size: 5, parts: 8, cost: '8.00', by_parts: { 1: 3, 2: 1, 3: 1 }, ucs2: 1 });
    const { out } = await preview([`${'a'.repeat(150)}{first_name}`, '--list', list]);
    expect(out).toContain('1 part more than most for 1 of them');
    expect(out).toContain('1 of them are UCS-2 because of their own values');
  });

  it('takes commas, tabs and a size of a hundred thousand', async () => {
    const many = Array.from({ length: 100_000 }, (_, at) => `s${at},Person ${at}`).join('\n');
    const found = await json('Hi {name}', '--list', listFile('many.csv', `id,name\n${many}`));
    expect(found.list).toMatchObject({ size: 100_000, parts: 100_000 });
    expect((await json('{b}', '--list', listFile('tabs.tsv', 'a\tb\n1\t2\n'))).text).toBe('2');
  });

  it.each([
    ['nowhere.csv', null, /there is no file/],
    ['columns.csv', 'id,city\n1,Ulm\n', /has no column first_name[\s\S]*id, city/],
    ['latin1.csv', Buffer.from('first_name\nZo\xeb\n', 'latin1'), /not UTF-8/],
    ['quote.csv', 'first_name\n"open\n', /cannot be read as CSV/],
    ['empty.csv', '', /is empty/],
  ])('says what is wrong with %s', async (name, content, message) => {
    const path = content === null ? join(folder, name) : listFile(name, content);
    expect(await preview(['Hi {first_name}', '--list', path])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(message),
    });
  });
});

describe('without a deployment', () => {
  it('still measures, and says what it could not ask', async () => {
    const { out, err, code } = await preview(['Hi {link}', '--domain', 'go.brand.com', '--list-size', '10'], {});
    expect(code).toBe(0);
    expect(out).toContain('10 messages  10 parts');
    expect(err).toContain('was not asked for domains and prices: there is no token');
    expect(await preview(['Hi {link}'], {})).toMatchObject({
      code: 1,
      err: expect.stringContaining('--domain go.brand.com'),
    });
    expect((await preview(['Hi', '--campaign-id', 'welcome'], {})).code).toBe(1);
  });

  it('reads the text from standard input', async () => {
    expect(JSON.parse((await preview(['-', '--json'], { stdin: 'Two\nlines\n' })).out)).toMatchObject({
      text: 'Two\nlines',
      characters: 9,
    });
  });
});

describe('flags', () => {
  it('are refused all at once, with what to write', async () => {
    const { code, err } = await preview([
      'Hi',
      '--list-size',
      '0',
      '--price-per-part',
      '1,5',
      '--currency',
      'usd',
      '--domain',
      'a b',
    ]);
    expect(code).toBe(1);
    for (const fault of [
      '--list-size: a whole',
      '--price-per-part: a decimal',
      '--currency: a code',
      'a b is not a domain',
    ])
      expect(err).toContain(fault);
    expect((await preview(['Hi', '--sample', 'name'])).err).toContain('name=value');
    expect((await preview(['Hi', '--link', '99'])).err).toContain('there is no link 99');
    expect((await preview([''])).err).toContain('the text is empty');
  });

  it('are explained with examples', async () => {
    const { out } = await preview(['--help']);
    expect(out).toMatch(/--price-per-part[\s\S]*Examples:[\s\S]*--list people\.csv/);
  });
});

describe('GET /v1/deployment', () => {
  it('lists the short domains, the default one first', async () => {
    expect((await api.call('GET', '/v1/deployment')).body).toEqual({
      stage: 'test',
      short_domains: [
        { domain: 'go.brand.com', origin: 'https://go.brand.com' },
        { domain: 'two.brand.com', origin: 'https://two.brand.com' },
      ],
    });
    expect((await api.call('GET', '/v1/deployment', { token: null })).status).toBe(401);
  });
});
