import type { AttributionChoice, AttributionRules } from '../../../sql/attribution-terms.ts';
import { finishReport, type ReportRequest, renderReport } from '../../../sql/catalog.ts';
import { openLake } from '../../../sql/duckdb.ts';
import { CHOICE, DAY, NOW, RULES } from './sample.ts';

export type Row = Record<string, unknown>;

/** A request, with what differs from the defaults: the day of {@link NOW} by conversion, last touch, a window of seven days. */
export interface Asked extends Omit<Partial<ReportRequest>, 'terms'> {
  readonly choice?: Partial<AttributionChoice>;
  readonly rules?: Partial<AttributionRules>;
}

export const requestOf = ({ choice, rules, ...asked }: Asked): ReportRequest => ({
  from: NOW - DAY / 2,
  to: NOW + DAY / 2,
  tz: 'UTC',
  by: [],
  filters: {},
  limit: 500,
  offset: 0,
  basis: 'conversion',
  terms: { choice: { ...CHOICE, ...choice }, rules: { ...RULES, ...rules } },
  ...asked,
});

/** Rows of a report over a lake, as they are shown. */
export async function reportRows(name: string, lakeDir: string, asked: Asked = {}): Promise<Row[]> {
  const lake = await openLake({ lakeDir });
  try {
    const request = requestOf(asked);
    const rows = await lake.run(renderReport(name, request));
    return [...(await finishReport(name, request, rows, { plannedArms: async () => new Map() }))];
  } finally {
    lake.close();
  }
}
