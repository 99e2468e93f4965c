import { fault, invalid, Problem } from '../../core/api/problem.ts';
import { readCsvList } from '../../core/recipients/csv-list.ts';
import { decodeList } from '../../core/recipients/encoding.ts';
import { readJsonList, readNdjsonList } from '../../core/recipients/json-list.ts';
import { LIST_TYPES, type List } from '../../core/recipients/list.ts';
import type { ReadRow } from '../../core/recipients/read-row.ts';
import type { ApiRequest } from '../http.ts';
import type { MintOptions } from './options.ts';

/** Most rows of one request. */
const MAX_ROWS = 20_000;
/** Faulty rows that a refusal lists. */
const MAX_FAULTS = 100;

const READERS = { csv: readCsvList, ndjson: readNdjsonList, json: readJsonList };

/** Media type of the list, and so of the answer. */
export const listTypeOf = (request: ApiRequest) =>
  (request.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** Reads the list in its format. @throws Problem 400, 413 or 422 */
export function readList(request: ApiRequest, { by }: MintOptions): List {
  const format = LIST_TYPES[listTypeOf(request)] ?? 'csv';
  const list = READERS[format](decodeList(request.bytes), by);
  if (list.rows.length <= MAX_ROWS) return list;
  const message = `the list has ${list.rows.length} rows, the limit is ${MAX_ROWS}: send it in parts`;
  throw new Problem(413, 'too_many_rows', message, [], { limit_rows: MAX_ROWS });
}

/** @throws Problem 422 with the bad rows */
export function refuseBadRows(list: List, rows: readonly ReadRow[]): void {
  const faults = rows.flatMap((row, at) =>
    'error' in row ? [fault(`rows.${list.rows[at]?.place ?? 0}`, 'bad_row', row.error)] : [],
  );
  if (faults.length === 0) return;
  if (faults.length <= MAX_FAULTS) throw invalid(faults);
  const message = `${faults.length} rows are bad, of which the first ${MAX_FAULTS} are listed; nothing was minted`;
  throw new Problem(422, 'invalid', message, faults.slice(0, MAX_FAULTS));
}
