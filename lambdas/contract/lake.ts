import { accessLogColumns } from './access-logs.ts';
import { clickColumns } from './clicks.ts';
import type { Column } from './column.ts';

/** A table of the lake: `s3://bucket/<name>/dt=yyyy-MM-dd/`, `dt` being the UTC date of arrival. */
export interface LakeTable {
  readonly name: string;
  readonly doc: string;
  /** One row is … */
  readonly grain: string;
  readonly columns: readonly Column[];
}

export const PARTITION = 'dt';

export const lakeTables = {
  clicks: {
    name: 'clicks',
    grain: 'one delivery of one request on a short domain (at least once: views remove repeats)',
    doc: 'Every request on a code: people, bots, unknown codes and fallbacks alike, with verdicts as columns.',
    columns: clickColumns,
  },
  access_logs: {
    name: 'access_logs',
    grain: 'one request as CloudFront logged it (best effort)',
    doc: 'Standard access logs of the short domains, kept 30 days; the source from which lost clicks are rebuilt.',
    columns: accessLogColumns,
  },
} as const satisfies Record<string, LakeTable>;

/** Prefix of what could not be delivered to a table: `errors/<table>/<kind>/…`. */
export const errorPrefix = (table: string) => `errors/${table}/`;
