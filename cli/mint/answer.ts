import { parse } from 'csv-parse/sync';
import { delimiterOf } from './scanner.ts';
import type { ListFormat } from './source.ts';

/** An answer of the mint, sorted: whom to message, whom not, and which rows were at fault. */
export interface SortedAnswer {
  /** Header lines with their line ends; empty for NDJSON. */
  readonly header: string;
  readonly people: string;
  readonly holdout: string;
  readonly rejects: string;
  readonly counts: { readonly minted: number; readonly heldOut: number; readonly rejected: number };
  /** The first faults: place of the row in the part, from 0, and what is wrong. */
  readonly faults: readonly { readonly row: number; readonly error: string }[];
}

/** Header of the answer that says how many rows of each kind there are. */
const COUNTS_HEADER = 'x-onehop-counts';
const MAX_FAULTS = 20;

interface Row {
  readonly text: string;
  readonly code: string;
  readonly error: string;
}

/** Sorts the rows of an answer. Where all are people to message, nothing has to be taken apart. */
export function sortAnswer(text: string, headers: Headers, format: ListFormat): SortedAnswer {
  const { header, body } = format === 'csv' ? withoutHeader(text) : { header: '', body: text };
  const counts = headers.get(COUNTS_HEADER);
  const known = counts ? (JSON.parse(counts) as { minted: number; held_out: number; rejected: number }) : null;
  if (known && known.held_out + known.rejected === 0)
    return {
      header,
      people: body,
      holdout: '',
      rejects: '',
      counts: { minted: known.minted, heldOut: 0, rejected: 0 },
      faults: [],
    };
  return sorted(header, format === 'csv' ? csvRows(text, header) : ndjsonRows(body));
}

function withoutHeader(text: string): { header: string; body: string } {
  const end = text.indexOf('\n') + 1;
  return { header: text.slice(0, end), body: text.slice(end) };
}

function sorted(header: string, rows: readonly Row[]): SortedAnswer {
  const rejects = rows.filter(({ error }) => error !== '');
  const holdout = rows.filter(({ error, code }) => error === '' && code === '');
  const people = rows.filter(({ error, code }) => error === '' && code !== '');
  const joined = (list: readonly Row[]) => list.map((row) => row.text).join('');
  return {
    header,
    people: joined(people),
    holdout: joined(holdout),
    rejects: joined(rejects),
    counts: { minted: people.length, heldOut: holdout.length, rejected: rejects.length },
    faults: rows.flatMap(({ error }, row) => (error === '' ? [] : [{ row, error }])).slice(0, MAX_FAULTS),
  };
}

/** Rows as the API wrote them, quotes and all. */
function csvRows(text: string, header: string): Row[] {
  const options = { delimiter: delimiterOf(header), raw: true, relax_column_count: true, skip_empty_lines: true };
  const [first, ...rows] = parse(text, options) as unknown as { raw: string; record: string[] }[];
  const code = first?.record.indexOf('code') ?? -1;
  const error = first?.record.indexOf('error') ?? -1;
  return rows.map(({ raw, record }) => ({
    text: raw.endsWith('\n') ? raw : `${raw}\n`,
    code: record[code] ?? '',
    error: record[error] ?? '',
  }));
}

function ndjsonRows(text: string): Row[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const { code, error } = JSON.parse(line) as { code?: string | null; error?: string | null };
    return { text: `${line}\n`, code: code ?? '', error: error ?? '' };
  });
}
