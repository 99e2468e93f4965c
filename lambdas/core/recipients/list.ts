import type { AnswerColumn, ByField, KnownColumn } from './columns.ts';

/** A row of a list as it came, sorted by what its columns mean. */
export interface ListRow {
  /** Where a person finds it: line of a text, place in an array, from 1. */
  readonly place: number;
  readonly values: Readonly<Partial<Record<KnownColumn | ByField, string>>>;
  readonly attributes: Readonly<Record<string, string>>;
  /** What keeps the row from being read at all. */
  readonly error?: string;
}

/** What the mint says of a row. */
export type RowAnswer = Readonly<Record<AnswerColumn, string | number | null>>;

/** A list in its format. */
export interface List {
  readonly rows: readonly ListRow[];
  /** Names of columns that are written anew. */
  readonly replaced: readonly string[];
  /** The list in the same format and order with the answers behind each row; null leaves a row out. */
  write(answers: readonly (RowAnswer | null)[]): string;
}

export type ListFormat = 'csv' | 'ndjson' | 'json';
export const LIST_TYPES: Readonly<Record<string, ListFormat>> = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/json': 'json',
};
