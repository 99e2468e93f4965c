import { createReadStream, existsSync } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { CliError } from '../cli-error.ts';

type Row = Readonly<Record<string, string>>;

/** Longest row taken, bytes: what is beyond it is a file without line ends rather than a person. */
const MAX_ROW = 8_000_000;

/**
 * Rows of a CSV file with a header, one after the other, in constant memory: UTF-8 with or without byte-order mark, comma,
 * semicolon or tab, quotes, any line ends; empty lines are passed over.
 * @throws CliError where the file is missing, not UTF-8, not CSV, or lacks a column
 */
export async function* readList(path: string, needed: readonly string[]): AsyncGenerator<Row> {
  for await (const { row } of readNumbered(path, needed)) yield row;
}

/** A row, where it begins, and what is wrong with its cells as a whole. */
export interface NumberedRow {
  readonly row: Row;
  /** Line of the file, counted from 1. */
  readonly line: number;
  readonly fault: string | null;
}

/**
 * Like {@link readList}, with the line of each row.
 * @param stdin read where the path is `-` @default `-` is a file like any
 * @throws CliError as there
 */
export async function* readNumbered(
  path: string,
  needed: readonly string[],
  stdin?: Readable,
): AsyncGenerator<NumberedRow> {
  const piped = path === '-' ? stdin : undefined;
  if (!piped && !existsSync(path)) throw new CliError(`there is no file ${path}`);
  let columns: readonly string[] = [];
  const onHeader = (names: readonly string[]) => {
    columns = names.map((name) => name.trim());
    checkColumns(columns, needed, path);
    return [...columns];
  };
  try {
    for await (const parsed of parsedRows(piped ?? createReadStream(path), onHeader))
      yield numbered(parsed, columns.length);
  } catch (error) {
    if (error instanceof CliError) throw error;
    const reason = error instanceof TypeError ? 'it is not UTF-8' : (error as Error).message;
    throw new CliError(`${path} cannot be read as CSV: ${reason}`);
  }
  if (columns.length === 0) throw new CliError(`${path} is empty: its first line names the columns`);
}

/** What the parser tells of a row when it is asked to. */
interface Parsed {
  readonly record: Row;
  readonly raw: string;
  readonly info: { readonly lines: number; readonly error?: { readonly record?: readonly string[] } };
}

function numbered({ record, raw, info }: Parsed, columns: number): NumberedRow {
  const within = raw.trim().split(/\r\n|\r|\n/).length - 1;
  const cells = info.error?.record?.length;
  const fault = info.error ? `has ${cells ?? 'other'} cells where the header has ${columns} columns` : null;
  return { row: record, line: info.lines - within, fault };
}

async function* parsedRows(source: Readable, columns: (names: readonly string[]) => string[]): AsyncGenerator<Parsed> {
  const text = decoded(source);
  const head = await firstLine(text);
  const parser = parse({
    bom: true,
    columns,
    delimiter: delimiterOf(head),
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW,
    info: true,
    raw: true,
  });
  // The parser is destroyed with whatever error comes first, and tells its reader.
  pipeline(Readable.from(joined(head, text)), parser, () => {});
  yield* parser as AsyncIterable<Parsed>;
}

async function* decoded(source: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for await (const chunk of source) yield decoder.decode(Buffer.from(chunk), { stream: true });
  yield decoder.decode();
}

/** What has been read when the first line is whole. */
async function firstLine(text: AsyncGenerator<string>): Promise<string> {
  let head = '';
  while (!/[\r\n]/.test(head) && head.length < MAX_ROW) {
    const { value, done } = await text.next();
    if (done) break;
    head += value;
  }
  return head;
}

async function* joined(head: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}

/** The separator that the header has most of, outside quotes. */
function delimiterOf(head: string): string {
  const [header = ''] = head.replace(/"[^"]*"/g, '').split(/[\r\n]/);
  const count = (separator: string) => header.split(separator).length;
  return [',', ';', '\t'].reduce((best, candidate) => (count(candidate) > count(best) ? candidate : best));
}

function checkColumns(columns: readonly string[], needed: readonly string[], path: string): void {
  const missing = needed.filter((name) => !columns.includes(name));
  if (missing.length > 0)
    throw new CliError(`${path} has no column ${missing.join(', ')}`, [`its columns are ${columns.join(', ')}`]);
}
