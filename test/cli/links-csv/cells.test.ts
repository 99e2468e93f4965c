import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linksToCsv } from '../../../cli/links-csv/cells.ts';
import { planImport } from '../../../cli/links-csv/plan.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'onehop-cells-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function planned(csv: string, asNew = false) {
  const file = join(folder, 'links.csv');
  writeFileSync(file, csv);
  return planImport(file, asNew);
}

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
/** Texts that spreadsheets, CSV and our own shielding could spoil. */
const nasty = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc
      .tuple(
        fc.constantFrom(
          "'",
          "''",
          '=',
          "'=",
          "''-",
          '+1',
          '-5',
          "'-5",
          '@x',
          '"',
          ',',
          ';',
          '\t',
          '\r\n',
          '\n',
          ' ',
          'null',
          '[1]',
          '{}',
          '007',
        ),
        fc.string(),
      )
      .map((parts) => parts.join('')),
  )
  .filter((text) => text !== '');
const ids = fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/);
const links = fc.record({
  name: orNull(nasty),
  external_id: orNull(ids),
  destination: orNull(fc.webUrl()),
  segment: orNull(ids),
  tags: fc.array(ids),
  rules: fc.array(fc.record({ when: fc.record({ os: fc.constant(['ios']) }), destination: fc.webUrl() })),
  params: fc.dictionary(nasty, fc.string({ unit: 'grapheme' }), { noNullPrototype: true }),
  click_cap: orNull(fc.integer({ min: 1 })),
  personal: fc.boolean(),
});

describe('a cell', () => {
  it('gives back the value it was made of, whatever that is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(links, { minLength: 1, maxLength: 5 }), async (some) => {
        const rows = await planned(linksToCsv(some.map((link, at) => ({ ...link, link_no: at + 1 }))));
        const back = rows.map(({ fields }) =>
          Object.fromEntries(Object.keys(some[0] ?? {}).map((name) => [name, fields[name]])),
        );
        // An empty list is an empty cell, which means none.
        const lists = (link: object) =>
          Object.entries(link).map(([name, value]) => [
            name,
            Array.isArray(value) && value.length === 0 ? null : value,
          ]);
        expect(back).toEqual(some.map((link) => Object.fromEntries(lists(link))));
      }),
      { numRuns: 200 },
    );
  });

  it('never begins as a formula does', () => {
    fc.assert(
      fc.property(nasty, (name) => {
        const [, row = ''] = linksToCsv([{ link_no: 1, url: '', name: `=${name}` }]).split('1,,', 2);
        expect(row.replace(/^"/, '')).toMatch(/^'/);
      }),
    );
  });

  it('that holds a plain number stays the number, as in every other CSV', async () => {
    const cell = (name: string) => /\r\n1,,([^,]*)/.exec(linksToCsv([{ link_no: 1, url: '', name }]))?.[1];
    expect(['-5', '-12.50', '-5+1', '-', '+5', "'-5"].map(cell)).toEqual([
      '-5',
      '-12.50',
      "'-5+1",
      "'-",
      "'+5",
      "''-5",
    ]);
    const [shielded] = await planned("name\r\n'-5\r\n");
    expect(shielded?.fields.name).toBe('-5');
  });

  it('is read as people and spreadsheets write it', async () => {
    const [row] = await planned('name;personal;tags;click_cap;params\r\nx;TRUE;a, b;5000;"{""a"":""1""}"\r\n');
    expect(row?.fields).toEqual({ name: 'x', personal: true, tags: ['a', 'b'], click_cap: 5000, params: { a: '1' } });
  });
});

describe('a file', () => {
  it('with a byte-order mark, quotes over lines and empty lines has the right lines', async () => {
    const rows = await planned(
      '\ufeffdestination,name\n\nhttps://a.example/,"two\nlines"\nhttps://b.example/,x\n\nhttps://c.example/,y\n',
    );
    expect(rows.map(({ line, fields }) => [line, fields.name])).toEqual([
      [3, 'two\nlines'],
      [5, 'x'],
      [7, 'y'],
    ]);
  });

  it('names every fault of a row, and rows that mean the same link', async () => {
    const rows = await planned('link_no,external_id,rules,click_cap\nx,a,[,{\n7,a,,\n7,b,,,9\n');
    expect(rows.map(({ faults }) => faults)).toEqual([
      [expect.stringMatching(/^rules: /), expect.stringMatching(/^click_cap: /), expect.stringMatching(/^link_no: /)],
      ['external_id a is on line 2 already'],
      [expect.stringMatching(/5 cells.*4 columns/), 'link_no 7 is on line 3 already'],
    ]);
  });

  it('with columns that are no fields is refused before anything is done', async () => {
    await expect(planned('destination,colour,size\nhttps://a.example/,red,1\n')).rejects.toThrow(/colour, size/);
  });
});
