import { CliError } from '../cli-error.ts';

export type Cells = Readonly<Record<string, string>>;

/** How columns of a list become fields of items. */
export interface Mapping {
  /** Column → field, from `--map`. */
  readonly columns: ReadonlyMap<string, string>;
  /** Field → text that every row has, from `--set`. */
  readonly fixed: ReadonlyMap<string, string>;
}

/** Reads `--map column=field` and `--set field=value`. @throws CliError */
export function mappingOf(map: readonly string[], set: readonly string[], fields: readonly string[]): Mapping {
  const columns = new Map(map.map((pair) => split('--map', pair, pair.lastIndexOf('='))));
  const fixed = new Map(set.map((pair) => split('--set', pair, pair.indexOf('='))));
  const unknown = [...columns.values(), ...fixed.keys()].filter((field) => !fields.includes(field));
  if (unknown.length > 0)
    throw new CliError(`there is no field ${unknown.join(', ')}`, [`the fields are ${fields.join(', ')}`]);
  return { columns, fixed };
}

function split(flag: string, pair: string, at: number): [string, string] {
  if (at > 0 && at < pair.length - 1) return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  throw new CliError(`${flag} ${pair} is not of the form ${flag === '--map' ? 'column=field' : 'field=value'}`);
}

/** Where each field comes from, for a list with these columns. */
export interface Plan {
  readonly fieldOf: ReadonlyMap<string, string>;
  /** Columns that are no field and were not mapped to one, as they are told: with the flag that would take one. */
  readonly passedOver: readonly string[];
}

/** The flag that makes a column the field whose name it has but for case, spaces and hyphens; null where there is none. */
function mapFlag(column: string, fields: readonly string[]): string | null {
  const field = column
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  if (!fields.includes(field)) return null;
  const pair = `${column}=${field}`;
  return `--map ${/^[\w.=-]+$/.test(pair) ? pair : `'${pair}'`}`;
}

/** @throws CliError where a mapped column is not there, two columns mean one field, or a needed field has no column */
export function planOf(
  columns: readonly string[],
  mapping: Mapping,
  fields: readonly string[],
  needed: readonly string[],
): Plan {
  const gone = [...mapping.columns.keys()].filter((column) => !columns.includes(column));
  if (gone.length > 0)
    throw new CliError(`the list has no column ${gone.join(', ')}`, [`its columns are ${columns.join(', ')}`]);
  const mapped = new Set(mapping.columns.values());
  const fieldOf = new Map<string, string>();
  for (const column of columns) {
    const own = fields.includes(column) && !mapped.has(column) ? column : undefined;
    const field = mapping.columns.get(column) ?? own;
    if (field !== undefined && !mapping.fixed.has(field)) fieldOf.set(column, field);
  }
  const found = [...fieldOf.values(), ...mapping.fixed.keys()];
  const twice = found.filter((field, at) => found.indexOf(field) !== at);
  if (twice.length > 0) throw new CliError(`several columns are mapped to ${twice.join(', ')}`);
  const open = fields.filter((field) => !found.includes(field));
  const passedOver = columns
    .filter((column) => !fieldOf.has(column))
    .map((column) => [column, mapFlag(column, open)].filter((text) => text !== null).join(': to take it say '));
  const missing = needed.filter((field) => !found.includes(field));
  if (missing.length > 0)
    throw new CliError(
      `the list has nothing for ${missing.join(', ')}: say which column it is, with --map column=field`,
      [`its columns are ${columns.join(', ')}`, ...passedOver.filter((text) => text.includes('--map'))],
    );
  return { fieldOf, passedOver };
}

/** Texts of a row by field; empty cells are left out. */
export function fieldsOf(cells: Cells, { fieldOf }: Plan, { fixed }: Mapping): Record<string, string> {
  const texts = Object.fromEntries(fixed);
  for (const [column, field] of fieldOf) {
    const text = cells[column]?.trim() ?? '';
    if (text !== '') texts[field] = text;
  }
  return texts;
}
