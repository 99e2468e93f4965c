import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocal } from '../local.ts';

let local: Awaited<ReturnType<typeof startLocal>>;
beforeAll(async () => {
  local = await startLocal();
});
afterAll(() => local.close());

const file = (name: string, text?: string) => {
  const path = join(local.system.dataDir, name);
  if (text !== undefined) writeFileSync(path, text);
  return path;
};
const imported = async (path: string, ...flags: string[]) => {
  const { code, out, err } = await local.onehop(['link', 'import', path, '--json', ...flags]);
  return { code, err, summary: out ? JSON.parse(out) : null };
};
const create = (body: object) => local.onehop(['link', 'create', '--file', '-'], JSON.stringify(body));

const NASTY = [
  { slug: 'plain', destination: 'https://a.example/', external_id: 'e-1', tags: ['x', 'y'] },
  { slug: 'formula', destination: 'https://a.example/', name: "=cmd|' /C calc'!A0", segment: '-seg' },
  { slug: 'shielded', destination: 'https://a.example/', name: "'=1+1", params: {} },
  {
    slug: 'nested',
    destination: 'https://a.example/?a=1,2;3',
    name: 'line one\r\nline "two"; three',
    rules: [{ when: { os: ['ios'], country: ['DE'] }, destination: 'https://ios.example/' }],
    split: [{ destination: 'https://b.example/', weight: 3, creative: 'b' }],
    params: { 'a,b': '{click_id}"' },
    starts_at: '2026-06-01T00:00:00Z',
    click_cap: 7,
    forward_query: true,
  },
];

describe('export and import', () => {
  it('change nothing when one follows the other, and make the same links elsewhere', async () => {
    for (const link of NASTY) expect((await create(link)).code).toBe(0);
    const path = file('links.csv');
    expect((await local.onehop(['link', 'export', '--out', path])).code).toBe(0);
    const before = readFileSync(path, 'utf8');
    const same = await imported(path);
    expect(same).toMatchObject({ code: 0, summary: { rows: 4, created: 0, changed: 0, unchanged: 4, rejected: 0 } });
    expect((await local.onehop(['link', 'export'])).out).toBe(before);

    const other = await startLocal();
    try {
      const made = await other.onehop(['link', 'import', path, '--as-new', '--json']);
      expect(JSON.parse(made.out)).toMatchObject({ created: 4, rejected: 0 });
      const fields = (links: Record<string, unknown>[]) =>
        links
          .map(({ link_no: _no, url: _url, created_at: _c, updated_at: _u, ...rest }) => rest)
          .sort((a, b) => (String(a.slug) < String(b.slug) ? -1 : 1));
      expect(fields(await other.json('link', 'list'))).toEqual(fields(await local.json('link', 'list')));
    } finally {
      await other.close();
    }
  });

  it('pass on the filters', async () => {
    await create({ slug: 'of-campaign', destination: 'https://a.example/', campaign_id: 'only-me' });
    const { out } = await local.onehop(['link', 'export', '--campaign-id', 'only-me']);
    expect(out.trim().split('\r\n')).toHaveLength(2);
  });
});

describe('import', () => {
  it('changes the columns that are there and makes what is new, once however often it runs', async () => {
    await create({
      slug: 'old',
      destination: 'https://a.example/',
      external_id: 'crm-1',
      name: 'keep me',
      segment: 'gone',
    });
    const path = file(
      'mixed.csv',
      'external_id,slug,destination,segment\ncrm-1,,https://b.example/,\ncrm-2,new-two,https://c.example/,s\n,,https://d.example/,\n',
    );
    expect((await imported(path)).summary).toMatchObject({ created: 2, changed: 1, unchanged: 0 });
    expect(await local.json('link', 'list', '--external-id', 'crm-1')).toMatchObject([
      { destination: 'https://b.example/', name: 'keep me', segment: null, slug: 'old' },
    ]);
    expect((await imported(path)).summary).toMatchObject({ created: 1, changed: 0, unchanged: 2 });
    // The row without an id was made under a key of its own, so there is still one link of it.
    expect(await local.json('link', 'list', '--q', 'd.example')).toHaveLength(1);
  });

  it('tells every faulty row with its line and lets the good ones through', async () => {
    const path = file(
      'faulty.csv',
      '\ufeffslug;destination;status;link_no\r\ngood-one;https://a.example/;;\r\nabcdefghi;ftp://x;odd;\r\n;https://a.example/;;99\r\nplain;https://a.example/;;\r\n',
    );
    const { code, err, summary } = await imported(path);
    expect([code, summary]).toEqual([1, { rows: 4, created: 1, changed: 0, unchanged: 0, rejected: 3 }]);
    expect(err).toMatch(/line 3: .*slug: must be 1 to 64.*destination: must begin/);
    expect(err).toMatch(/line 3: .*status: must be one of/);
    expect(err).toMatch(/line 4: link_no: there is no link 99/);
    expect(err).toMatch(/line 5: slug: is taken/);
    const rejects = readFileSync(file('faulty.rejects.csv'), 'utf8').split('\r\n');
    expect(rejects[0]).toBe('slug,destination,status,link_no,line,error');
    expect(rejects).toHaveLength(5);
    // Corrected, it can be imported as it is.
    const corrected = file(
      'corrected.csv',
      rejects
        .slice(0, 2)
        .join('\r\n')
        .replace('abcdefghi', 'good-two')
        .replace('ftp://x', 'https://x.example/')
        .replace(',odd,', ',,'),
    );
    expect((await imported(corrected)).summary).toMatchObject({ created: 1, rejected: 0 });
  });

  it('does nothing in a dry run, nor in a strict one with a fault', async () => {
    const path = file('dry.csv', 'slug,destination\ndry-one,https://a.example/\n');
    expect((await imported(path, '--dry-run')).summary).toMatchObject({ created: 1 });
    expect(await local.json('link', 'list', '--q', 'dry-one')).toEqual([]);
    const faulty = file('strict.csv', 'slug,destination\ndry-one,https://a.example/\ndry-two,nowhere\n');
    const strict = await imported(faulty, '--strict');
    expect(strict).toMatchObject({ code: 1, err: expect.stringContaining('line 3: destination') });
    expect(await local.json('link', 'list', '--q', 'dry-one')).toEqual([]);
    expect(existsSync(file('strict.rejects.csv'))).toBe(true);
  });

  it('says what is wrong with the whole file', async () => {
    expect((await imported(file('nowhere.csv'))).err).toContain('there is no file');
    expect((await imported(file('empty.csv', 'slug,destination\n'))).err).toContain('has no rows');
    expect((await imported(file('odd.csv', 'slug,colour\nx,red\n'))).err).toContain('colour');
    expect((await imported(file('broken.csv', 'slug,destination\n"x,https://a.example/\n'))).err).toContain(
      'cannot be read as CSV',
    );
  });
});
