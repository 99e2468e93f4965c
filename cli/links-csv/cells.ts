import { linkInput } from '../../lambdas/core/entities/link.ts';
import { isFormula, toCsv } from '../../lambdas/core/reports/csv.ts';
import { type FieldKind, fieldKinds } from '../fields.ts';

const KINDS = fieldKinds(linkInput);
/** Columns that an import sets, named as the fields of a link. */
export const LINK_FIELDS: readonly string[] = Object.keys(KINDS);
/** Columns that say which link is meant, or tell something and are passed over. */
export const OTHER_COLUMNS: readonly string[] = ['link_no', 'url', 'created_at', 'updated_at', 'line', 'error'];

type Row = Readonly<Record<string, unknown>>;

/** Text that was shielded, or looks as if it had been. */
const SHIELDED = /^'+[=+\-@\t\r]/;

/** Links as CSV: every field in a column of its own, no value as an empty cell, nested values as JSON. */
export function linksToCsv(links: readonly Row[]): string {
  const rows = links.map((link) => ({
    link_no: link.link_no,
    url: link.url,
    ...Object.fromEntries(LINK_FIELDS.map((name) => [name, toCell(KINDS[name] ?? 'json', link[name])])),
  }));
  return toCsv(['link_no', 'url', ...LINK_FIELDS], rows);
}

/** The cell of a value; {@link fromCell} gives the value back. */
export function toCell(kind: FieldKind, value: unknown): string {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return '';
  if (kind === 'json') return JSON.stringify(value);
  const text = kind === 'list' ? (value as string[]).join(',') : String(value);
  return isFormula(text) || SHIELDED.test(text) ? `'${text}` : text;
}

/**
 * The value of a cell; null where it is empty.
 * @throws SyntaxError where it cannot be read
 */
export function fromCell(field: string, cell: string): unknown {
  const kind = KINDS[field] ?? 'json';
  if (cell === '') return null;
  const text = SHIELDED.test(cell) ? cell.slice(1) : cell;
  if (kind === 'text') return text;
  if (kind === 'list' && !text.trimStart().startsWith('[')) return text.split(',').map((part) => part.trim());
  // Spreadsheets write truth in capitals.
  return JSON.parse(/^(true|false)$/i.test(text) ? text.toLowerCase() : text);
}
