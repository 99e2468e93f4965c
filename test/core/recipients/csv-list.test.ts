import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ANSWER_COLUMNS } from '../../../lambdas/core/recipients/columns.ts';
import { readCsvList } from '../../../lambdas/core/recipients/csv-list.ts';
import { BLANK, csv, thrownBy } from './lists.ts';

const ids = (text: string) => csv(text).rows.map(({ values }) => values.subscriber_id);

describe('a CSV list', () => {
  it.each([
    ['commas', 'subscriber_id,city\na,"x, y"\nb,z\n'],
    ['semicolons', 'subscriber_id;city\na;"x, y"\nb;z\n'],
    ['semicolons beside many commas in the header', 'subscriber_id;"a,b,c,d"\na;x\nb;y'],
    ['tabs', 'subscriber_id\tcity\na\tx, y\nb\tz\n'],
    ['pipes', 'subscriber_id|city\na|x\nb|z'],
    ['one column', 'subscriber_id\na\nb'],
    ['CRLF', 'subscriber_id,city\r\na,x\r\nb,y\r\n'],
    ['lone CR', 'subscriber_id,city\ra,x\rb,y\r'],
    ['mixed line ends', 'subscriber_id,city\r\na,x\nb,y\r'],
    ['empty lines and rows of nothing', '\n\nsubscriber_id,city\n\na,x\n,\n  , \n\nb,y\n\n'],
    ['a header in any case with spaces', ' Subscriber-ID ,City\na,x\nb,y'],
    ['rows shorter and longer by empty cells', 'subscriber_id,city\na\nb,y,,\n'],
    ['quotes inside a cell', 'subscriber_id,size\na,5" wide\nb,y'],
    ['line ends inside quotes', 'subscriber_id,note\r\na,"one\r\ntwo"\r\nb,"three\nfour"\r\n'],
  ])('is read with %s', (_, text) => {
    expect(ids(text)).toEqual(['a', 'b']);
  });

  it('keeps cells as they came and its delimiter and line ends', () => {
    const list = csv('subscriber_id;Name ; x\r\n a ;"Mül""ler; Co";\r\nb\r\n');
    const answers = [
      { ...BLANK, link_no: 1, code: 'abc', url: 'https://g/abc' },
      { ...BLANK, error: 'is bad; very' },
    ];
    expect(list.write(answers)).toBe(
      'subscriber_id;"Name ";" x";link_no;subscriber_no;code;url;promo_code;arm;error\r\n' +
        '" a ";"Mül""ler; Co";;1;;abc;https://g/abc;;;\r\n' +
        'b;;;;;;;;;"is bad; very"\r\n',
    );
    expect(list.write([null, BLANK]).split('\r\n')).toHaveLength(3);
  });

  it('keeps a byte-order mark', () => {
    const list = readCsvList({ text: 'subscriber_id\na', bom: '\uFEFF' }, []);
    expect(list.write([BLANK]).startsWith('\uFEFFsubscriber_id,link_no')).toBe(true);
  });

  it('has known columns, columns of the link, and attributes under plain names', () => {
    const list = csv('Subscriber ID,E-Mail,email,Segment,Last Order (€),Größe,城市,,\na,1,2,3,4,5,6,7,8', 'segment');
    expect(list.rows).toEqual([
      {
        place: 2,
        values: { subscriber_id: 'a', email: '2', segment: '3' },
        attributes: { e_mail: '1', last_order: '4', grosse: '5', u57ceu5e02: '6' },
      },
    ]);
  });

  it('writes columns of an earlier mint anew', () => {
    const list = csv('subscriber_id,code,url,ARM,city\na,old,old,old,x');
    expect(list.replaced).toEqual(['code', 'url', 'arm']);
    expect(list.rows[0]?.attributes).toEqual({ city: 'x' });
    expect(list.write([{ ...BLANK, code: 'new' }]).split('\n')[1]).toBe('a,x,,,new,,,,');
  });

  it('tells a row that has more cells than the header', () => {
    expect(csv('subscriber_id,city\na,x,y\nb,z').rows.map(({ error }) => error)).toEqual([
      'the row has 3 cells, the header 2',
      undefined,
    ]);
  });

  it.each([
    ['id,city\na,x', ['missing_column'], 'there is no column subscriber_id: the list has the columns "id", "city"'],
    ['a b c', ['missing_column'], 'the list has the column "a b c"'],
    ['subscriber_id,email,E-MAIL,Email\na', ['repeated_column'], 'more than one column email'],
    ['subscriber_id,city,City\na', ['repeated_column'], 'more than one column city'],
    ['', ['empty'], 'the list is empty'],
    ['\n \n,,\n', ['empty'], 'the list is empty'],
    ['subscriber_id,note\na,"open\nb,c', ['quotes'], 'a quote is opened and not closed'],
    [
      `subscriber_id,${Array.from({ length: 51 }, (_, at) => `c${at}`).join()}\na`,
      ['attributes'],
      '51 further columns',
    ],
    [`subscriber_id,${'x'.repeat(65)}\na`, ['attributes'], 'more than 64 characters'],
  ])('is refused as a whole: %s', (text, codes, message) => {
    const thrown = thrownBy(() => csv(text));
    expect(thrown).toMatchObject({ status: 422 });
    expect(thrown.faults.map(({ code }) => code)).toEqual(codes);
    expect(thrown.faults.map((fault) => fault.message).join()).toContain(message);
  });

  it('needs the columns that by names, and says all that is missing', () => {
    const thrown = thrownBy(() => csv('city\nx', 'segment', 'creative'));
    expect(thrown.faults.map(({ path }) => path)).toEqual(['subscriber_id', 'segment', 'creative']);
  });

  it('takes one row of nearly two megabytes', () => {
    const long = 'x'.repeat(1_900_000);
    expect(csv(`subscriber_id,note\na,"${long}"\nb,c`).rows[0]?.attributes.note).toBe(long);
  });
});

test('whatever is in the cells comes back as it came, in every dialect', () => {
  const cell = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'ü', '"', ',', ';', '\t', ' ', '\n', '\r\n', '|', '€'), maxLength: 8 }),
    fc.string({ maxLength: 10 }),
  );
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }),
      (delimiter, newline, rows) => {
        const lines = rows.map((row, at) => [`s${at}`, ...row.map(quoted)].join(delimiter));
        const list = csv([['subscriber_id', 'p', 'q'].join(delimiter), ...lines].join(newline) + newline);
        expect(list.rows.map(({ values, attributes }) => [values.subscriber_id, attributes.p, attributes.q])).toEqual(
          rows.map((row, at) => [`s${at}`, ...row]),
        );
        const written = list.write(rows.map((_, at) => ({ ...BLANK, subscriber_no: at })));
        expect(parse(written, { delimiter, record_delimiter: newline })).toEqual([
          ['subscriber_id', 'p', 'q', ...ANSWER_COLUMNS],
          ...rows.map((row, at) => [`s${at}`, ...row, '', String(at), '', '', '', '', '']),
        ]);
      },
    ),
  );
});
