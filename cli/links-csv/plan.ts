import { CliError } from '../cli-error.ts';
import { readNumbered } from '../sms/list-file.ts';
import { fromCell, LINK_FIELDS, OTHER_COLUMNS } from './cells.ts';

type Cells = Readonly<Record<string, string>>;

/** One row of the file. */
export interface PlannedRow {
  /** Line of the file on which it begins. */
  readonly line: number;
  readonly cells: Cells;
  /** The link that is meant; null where it is to be found by its external id, or made. */
  readonly linkNo: number | null;
  readonly externalId: string | null;
  /** Fields of the columns that the file has; null where a cell is empty. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** How many equal rows stand above it: each of them is a link of its own. */
  readonly occurrence: number;
  readonly faults: readonly string[];
}

/**
 * Reads every row of a file, faulty ones with all that is wrong with them.
 * @param asNew makes links of rows that name one by its number, for another stage
 * @throws CliError where the file cannot be read, or has columns that mean nothing
 */
export async function planImport(path: string, asNew: boolean): Promise<PlannedRow[]> {
  const rows: PlannedRow[] = [];
  const seen = new Map<string, number>();
  const equal = new Map<string, number>();
  for await (const { row, line, fault } of readNumbered(path, [])) {
    if (rows.length === 0) checkColumns(Object.keys(row), path);
    const read = readRow(row, asNew);
    const twice = read.keys.flatMap((key) => {
      const earlier = seen.get(key);
      seen.set(key, earlier ?? line);
      return earlier === undefined ? [] : [`${key} is on line ${earlier} already`];
    });
    const content = JSON.stringify(read.fields);
    const occurrence = equal.get(content) ?? 0;
    equal.set(content, occurrence + 1);
    rows.push({ ...read, line, occurrence, cells: row, faults: [...(fault ? [fault] : []), ...read.faults, ...twice] });
  }
  return rows;
}

function readRow(cells: Cells, asNew: boolean) {
  const faults: string[] = [];
  const fields: Record<string, unknown> = {};
  for (const name of LINK_FIELDS) {
    const cell = cells[name];
    if (cell === undefined) continue;
    try {
      fields[name] = fromCell(name, cell);
    } catch {
      faults.push(`${name}: cannot be read; nested values are JSON, lists are separated by commas`);
    }
  }
  const number = asNew ? '' : (cells.link_no ?? '').trim();
  if (!/^([1-9]\d{0,8})?$/.test(number)) faults.push('link_no: must be a number, or empty to make a link');
  const linkNo = number === '' ? null : Number(number);
  const externalId = typeof fields.external_id === 'string' ? fields.external_id : null;
  const keys = [
    ...(externalId === null ? [] : [`external_id ${externalId}`]),
    ...(linkNo === null ? [] : [`link_no ${linkNo}`]),
  ];
  return { linkNo, externalId, fields, faults, keys };
}

function checkColumns(columns: readonly string[], path: string): void {
  const unknown = columns.filter((name) => !LINK_FIELDS.includes(name) && !OTHER_COLUMNS.includes(name));
  if (unknown.length === 0) return;
  throw new CliError(`${path} has columns that are no fields of a link: ${unknown.join(', ')}`, [
    `fields are ${LINK_FIELDS.join(', ')}`,
    `${OTHER_COLUMNS.join(', ')} may stand there too`,
  ]);
}
