import { type ReportDimension, type ReportRequest, ReportRequestError } from './definitions.ts';

const DAY_MS = 86_400_000;
const ATTRIBUTE = /^attr\.([A-Za-z0-9_.-]{1,64})$/;

/** What of a report names its dimensions. */
export interface Dimensioned {
  readonly name: string;
  readonly dimensions: readonly ReportDimension[];
  readonly attributes: boolean;
}

/** A request in terms of the columns of its statement. */
export interface ReportPlan {
  /** Columns to group by, each once. */
  readonly by: readonly string[];
  /** Columns that are restricted, with the values they may have. */
  readonly filters: readonly (readonly [column: string, values: readonly string[]])[];
  /** Names of the attributes that columns `attr_0`, `attr_1`, … hold. */
  readonly attributes: readonly string[];
}

/** True where `by` and `filter.<name>` of a report take this name. */
export function isDimension({ dimensions, attributes }: Dimensioned, name: string): boolean {
  return dimensions.some((dimension) => dimension.name === name) || (attributes && ATTRIBUTE.test(name));
}

/**
 * Columns for the names of a request. Names of attributes come from outside, so they never get into the text of a
 * statement: their columns are numbered, and {@link named} puts the names back.
 * @throws ReportRequestError on a dimension that the report does not have
 */
export function planOf(report: Dimensioned, { by, filters }: Pick<ReportRequest, 'by' | 'filters'>): ReportPlan {
  const restricted = Object.entries(filters).filter(([, values]) => values.length > 0);
  const attributes = attributesOf(report, [...by, ...restricted.map(([name]) => name)]);
  const columnOf = (name: string) => {
    const attribute = report.attributes ? ATTRIBUTE.exec(name)?.[1] : undefined;
    if (attribute !== undefined) return `attr_${attributes.indexOf(attribute)}`;
    const dimension = report.dimensions.find((candidate) => candidate.name === name);
    if (!dimension) throw new ReportRequestError(`report ${report.name} has no dimension ${name}`);
    return dimension.column;
  };
  return {
    by: [...new Set(by.map(columnOf))],
    filters: restricted.map(([name, values]) => [columnOf(name), values] as const),
    attributes,
  };
}

function attributesOf({ attributes }: Dimensioned, names: readonly string[]): string[] {
  const found = names.map((name) => (attributes ? ATTRIBUTE.exec(name)?.[1] : undefined));
  return [...new Set(found.filter((name) => name !== undefined))];
}

/** True where a plan groups or filters by one of these columns, or by an attribute. */
export function touches({ by, filters, attributes }: ReportPlan, columns: readonly string[]): boolean {
  const used = [...by, ...filters.map(([column]) => column)];
  return attributes.length > 0 || used.some((column) => columns.includes(column));
}

/** A row under the names that were asked for: `attr_0` becomes `attr.<name>`. */
export function named(
  { attributes }: ReportPlan,
  row: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (attributes.length === 0) return row;
  const nameOf = (column: string) => {
    const attribute = /^attr_(\d+)$/.exec(column)?.[1];
    return attribute === undefined ? column : `attr.${attributes[Number(attribute)]}`;
  };
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [nameOf(column), value]));
}

/** Path of each attribute in the JSON of a recipient. */
export function attributePaths({ attributes }: ReportPlan): string[] {
  return attributes.map((name) => `$["${name}"]`);
}

/** UTC date, yyyy-MM-dd: the partition that a record arriving then lands in; `plusDays` shifts it. */
export function arrivalDay(time: number, plusDays = 0): string {
  return new Date(time + plusDays * DAY_MS).toISOString().slice(0, 10);
}
