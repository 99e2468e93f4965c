import { describe, expect, it } from 'vitest';
import { shapeOf } from '../../bench/reports/lake-shape.ts';
import { requestOf } from '../../bench/reports/request.ts';
import { athenaCents, scansOf, timesRead } from '../../bench/reports/scanned.ts';
import { renderReport } from '../../sql/catalog.ts';

describe('scansOf', () => {
  const scan = (table: string, columns: string[], filter = '') => ({
    operator_name: 'READ_PARQUET ',
    extra_info: { Projections: columns, Filters: filter, 'Filename(s)': `/lake/${table}/dt=*/*.parquet` },
    children: [],
  });

  it('finds what is selected and what is only filtered by, and no partition', () => {
    const plan = { children: [{ children: [scan('clicks', ['click_id', 'dt'], 'ts<10'), scan('sends', ['id'])] }] };
    expect(scansOf(plan, { clicks: ['click_id', 'ts', 'actor'], sends: ['id', 'ts'] })).toEqual([
      { table: 'clicks', columns: ['click_id', 'ts'] },
      { table: 'sends', columns: ['id'] },
    ]);
  });
});

describe('timesRead', () => {
  it('puts steps in place wherever they are named', () => {
    const sql = [
      'with',
      'a as /*+ materialized */ (\n  select * from clicks_raw\n),',
      '/*+ duckdb\nonly as (\n  select * from a\n),\n*/',
      'b as (\n  select * from a join a as other on true -- from clicks_raw\n  /*+ duckdb where x in (select x from a) */\n)',
      'select * from b where x in (select x from a)',
    ].join('\n');
    expect(timesRead(sql, 'clicks_raw')).toBe(3);
    expect(timesRead(sql, 'sends_raw')).toBe(0);
  });

  it('finds every table that a report reads', () => {
    const { sql } = renderReport('attribution', requestOf(shapeOf(100)));
    for (const table of ['clicks_raw', 'conversions_raw', 'touches_raw'])
      expect(timesRead(sql, table)).toBeGreaterThan(0);
  });
});

it('charges for at least 10 MB', () => {
  expect(athenaCents(0)).toBeCloseTo(0.005, 9);
  expect(athenaCents(1e12)).toBeCloseTo(500, 6);
});
