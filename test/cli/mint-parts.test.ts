import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Part, type PartLimits, partsOf, type TooLong } from '../../cli/mint/parts.ts';
import { CsvScanner, delimiterOf, LineScanner, type Scanner } from '../../cli/mint/scanner.ts';

async function* chunked(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function cut(text: string, limits: PartLimits, sizes: readonly number[], scanner: Scanner = new CsvScanner(',')) {
  const pieces: (Part | TooLong)[] = [];
  for await (const piece of partsOf(chunked(Buffer.from(text), sizes), scanner, limits)) pieces.push(piece);
  return pieces;
}

const cell = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom('19" screen', '"', 'a,b', 'line\nbreak', 'cr\r\nlf', '', ' "x" ', 'ü😀'),
);
const list = fc.record({
  rows: fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 30 }),
  newline: fc.constantFrom('\n', '\r\n'),
  ends: fc.boolean(),
});
/** RFC 4180: cells with quotes, commas or line ends are quoted. */
const quoted = (text: string) => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const asCsv = ({ rows, newline, ends }: { rows: string[][]; newline: string; ends: boolean }) =>
  rows.map((row) => row.map(quoted).join(',')).join(newline) + (ends ? newline : '');
const recordsOf = (text: string) => parse(text, { relax_column_count: true, skip_empty_lines: true }) as string[][];

describe('a list cut into parts', () => {
  it('is the list again when put together, whatever the chunks, and no part breaks a record', async () => {
    await fc.assert(
      fc.asyncProperty(
        list.map(asCsv),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 5 }),
        async (text, sizes, records) => {
          const parts = (await cut(text, { records, bytes: 1_000_000 }, sizes)) as Part[];
          expect(Buffer.concat(parts.map(({ bytes }) => bytes)).toString()).toBe(text);
          expect(parts.every((part) => part.records <= records)).toBe(true);
          expect(parts.flatMap(({ bytes }) => recordsOf(bytes.toString()))).toEqual(recordsOf(text));
          expect(parts.at(-1)?.endOffset ?? 0).toBe(Buffer.byteLength(text));
        },
      ),
    );
  });

  it('says on which line each part begins', async () => {
    const parts = await cut('a,b\n"x\ny",2\nz,3\n', { records: 1, bytes: 100 }, [3]);
    expect(parts.map(({ line }) => line)).toEqual([1, 2, 4]);
  });

  it('never makes a part larger than its bytes', async () => {
    const text = Array.from({ length: 50 }, (_, at) => `${at},${'x'.repeat(at)}\n`).join('');
    const parts = (await cut(text, { records: 1_000, bytes: 120 }, [64])) as Part[];
    expect(parts.every(({ bytes }) => bytes.length <= 120)).toBe(true);
    expect(Buffer.concat(parts.map(({ bytes }) => bytes)).toString()).toBe(text);
    expect(parts.length).toBeGreaterThan(5);
  });

  it('sets a record aside that no part may hold, keeps its beginning only, and goes on behind it', async () => {
    const text = `a,1\nb,"${'long\n'.repeat(2_000)}"\nc,3\n`;
    for (const sizes of [[7], [500], [100_000]]) {
      const pieces = await cut(text, { records: 10, bytes: 1_000 }, sizes);
      expect(pieces.map(({ kind, line }) => [kind, line])).toEqual([
        ['part', 1],
        ['too-long', 2],
        ['part', 2_003],
      ]);
      expect(pieces[1]).toMatchObject({ length: 10_005 });
      expect((pieces[1] as TooLong).beginning.toString()).toMatch(/^b,"long\nlong/);
      expect((pieces[2] as Part).bytes.toString()).toBe('c,3\n');
      expect(pieces[2]?.endOffset).toBe(text.length);
    }
  });

  it('takes a quote inside a cell as it stands, and lone carriage returns as line ends', async () => {
    const parts = (await cut('a,19" x\rb,2\r\nc,"q""q"\n', { records: 1, bytes: 100 }, [2])) as Part[];
    expect(parts.map(({ bytes }) => bytes.toString())).toEqual(['a,19" x\r', 'b,2\r\n', 'c,"q""q"\n']);
  });

  it('cuts NDJSON at every line', async () => {
    const parts = (await cut('{"a":"x\\"y"}\n\n{"b":1}', { records: 1, bytes: 99 }, [5], new LineScanner())) as Part[];
    expect(parts.map(({ bytes }) => bytes.toString())).toEqual(['{"a":"x\\"y"}\n', '\n', '{"b":1}']);
  });
});

it.each([
  ['subscriber_id,email', ','],
  ['subscriber_id;"a,b,c";email', ';'],
  ['subscriber_id\temail', '\t'],
  ['subscriber_id', ','],
])('finds the delimiter of %j', (header, delimiter) => expect(delimiterOf(header)).toBe(delimiter));
