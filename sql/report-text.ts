import type { ReportDimension } from './definitions.ts';
import { readSql } from './read-sql.ts';
import type { ReportPlan } from './report-plan.ts';

const DAYS_AND_HOURS = ['day', 'hour_of_day', 'weekday'];

/** The parts of a report's text that follow from a plan alone. */
export function groupParts({ by }: ReportPlan, dimensions: readonly ReportDimension[], orderByFigure: string) {
  const names = (column: string) => {
    const known = dimensions.filter((dimension) => dimension.column === column).map(({ name }) => name);
    return known.length > 0 ? known : [column];
  };
  const output = by.flatMap((column) => names(column).map((name) => (name === column ? name : `${column} as ${name}`)));
  const columns = by.map((column) => `${column} nulls last`);
  const byTime = DAYS_AND_HOURS.includes(by[0] ?? '');
  return {
    dimensions: by.map((column) => `${column},`).join(' '),
    is_total: by[0] ? `grouping(${by[0]}) = 1` : 'true',
    grouping_sets: by[0] ? `(${by.join(', ')}), ()` : '()',
    order: [...(byTime ? [] : [orderByFigure]), ...columns].join(', '),
    output: output.map((column) => `${column},`).join(' '),
  };
}

/** The condition of a plan's filters; a placeholder for each value. The empty text stands for rows without a value. */
export function filterPart({ filters }: ReportPlan): string {
  const conditions = filters.map(
    ([column, values]) => `coalesce(cast(${column} as varchar), '') in (${values.map(() => '?').join(', ')})`,
  );
  return conditions.length > 0 ? conditions.join('\n    and ') : 'true';
}

/** Columns `attr_0`, `attr_1`, … out of a recipient's attributes; a placeholder for the path of each. */
export function attributePart({ attributes }: ReportPlan): string {
  return attributes.map((_, at) => `json_extract_scalar(first_attributes, ?) as attr_${at},`).join(' ');
}

/** Text of a SQL file with its `{{parts}}` filled in. */
export function filled(path: string, parts: Readonly<Record<string, string>>): string {
  return readSql(path).replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`${path} asks for a part ${name} that is not made`);
    return part;
  });
}
