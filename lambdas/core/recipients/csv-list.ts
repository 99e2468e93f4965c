import { CsvError, parse } from 'csv-parse/sync';
import { fault, invalid } from '../api/problem.ts';
import { ANSWER_COLUMNS, type ByField, type ColumnRole, columnFaults, roleOf } from './columns.ts';
import type { ListText } from './encoding.ts';
import type { List, ListRow, RowAnswer } from './list.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;
type Cells = readonly string[];

/**
 * Reads a CSV list with a header. Any of the usual delimiters and line ends; quotes as in RFC 4180, forgiven within a cell;
 * rows without any text are left out; cells that are missing at the end of a row are empty.
 * @throws Problem 422 that says which columns were found
 */
export function readCsvList({ text, bom }: ListText, by: readonly ByField[]): List {
  const delimiter = delimiterOf(text);
  const records = parseCsv(text, delimiter);
  const headerAt = records.findIndex(hasText);
  const headers = records[headerAt];
  if (!headers)
    throw invalid([fault('', 'empty', 'the list is empty: it needs a header with the column subscriber_id')]);
  const roles = headers.map((header) => roleOf(header, by));
  const faults = columnFaults(headers, roles, by);
  if (faults.length > 0) throw invalid(faults);
  const places = [...records.keys()].filter((at) => at > headerAt && hasText(records[at] ?? []));
  const cells = places.map((at) => records[at] ?? []);
  return {
    rows: cells.map((row, at) => toRow(row, roles, (places[at] ?? 0) + 1)),
    replaced: roles.flatMap((role) => (role.kind === 'answer' ? [role.name] : [])),
    write: (answers) => bom + writeCsv({ headers, cells, roles, delimiter, newline: newlineOf(text) }, answers),
  };
}

const hasText = (cells: Cells) => cells.some((cell) => cell.trim() !== '');
const newlineOf = (text: string) => /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';

/** The delimiter by which the header has the column that every list has, else the one that parts it most. */
function delimiterOf(text: string): string {
  const headers = DELIMITERS.map((delimiter) => ({
    delimiter,
    cells: parseCsv(text.slice(0, 100_000), delimiter, 1)[0] ?? [],
  }));
  const fitting = headers.filter(({ cells }) => cells.some((cell) => roleOf(cell, []).name === 'subscriber_id'));
  const best = (fitting.length > 0 ? fitting : headers).toSorted((a, b) => b.cells.length - a.cells.length)[0];
  return best?.delimiter ?? ',';
}

/** @param to records to read at most @default all; then a fault is none, since the text may be cut */
function parseCsv(text: string, delimiter: string, to?: number): Cells[] {
  const options = { delimiter, record_delimiter: ['\r\n', '\n', '\r'], relax_quotes: true, relax_column_count: true };
  try {
    return parse(text, to === undefined ? options : { ...options, to, skip_empty_lines: true }) as Cells[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (to !== undefined) return [];
    const line = Number(error.lines ?? 0);
    throw invalid([
      fault(
        `line ${line}`,
        'quotes',
        'a quote is opened and not closed, or text follows a closed one: double the quotes inside cells',
      ),
    ]);
  }
}

function toRow(cells: Cells, roles: readonly ColumnRole[], place: number): ListRow {
  const values: Record<string, string> = {};
  const attributes: Record<string, string> = {};
  for (const [at, { kind, name }] of roles.entries()) {
    const cell = cells[at] ?? '';
    if (kind === 'attribute') attributes[name] = cell;
    else if (kind === 'known' || kind === 'by') values[name] = cell;
  }
  const row = { place, values, attributes };
  if (cells.length <= roles.length || !hasText(cells.slice(roles.length))) return row;
  return { ...row, error: `the row has ${cells.length} cells, the header ${roles.length}` };
}

interface Table {
  readonly headers: Cells;
  readonly cells: readonly Cells[];
  readonly roles: readonly ColumnRole[];
  readonly delimiter: string;
  readonly newline: string;
}

function writeCsv(
  { headers, cells, roles, delimiter, newline }: Table,
  answers: readonly (RowAnswer | null)[],
): string {
  const needsQuotes = new RegExp(`["\\r\\n${delimiter === '|' ? '\\|' : delimiter}]|^\\s|\\s$`);
  const quoted = (text: string) => (needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const kept = [...roles.keys()].filter((at) => roles[at]?.kind !== 'answer');
  const line = (row: Cells, added: readonly (string | number | null)[]) =>
    [...kept.map((at) => quoted(row[at] ?? '')), ...added.map((value) => quoted(String(value ?? '')))].join(delimiter);
  const lines = [line(headers, ANSWER_COLUMNS)];
  for (const [at, answer] of answers.entries())
    if (answer)
      lines.push(
        line(
          cells[at] ?? [],
          ANSWER_COLUMNS.map((column) => answer[column]),
        ),
      );
  return lines.join(newline) + newline;
}
