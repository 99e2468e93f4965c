import process from 'node:process';
import { finishReport, renderReport } from '../../sql/catalog.ts';
import { openLake } from '../../sql/duckdb.ts';
import { shapeOf } from '../reports/lake-shape.ts';
import { requestOf } from '../reports/request.ts';
import { serveParent } from '../support/child.ts';
import { cpuMsOf, peakMemoryMb } from '../support/spawned.ts';

export interface ReportFigures {
  /** From the question to the rows as they are shown, the opening of the lake not included. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  /** Rows shown, the total among them. */
  readonly rows: number;
}

const [lakeDir = '', report = '', clicks = ''] = process.argv.slice(2);
const request = requestOf(shapeOf(Number(clicks)));
const lake = await openLake({ lakeDir });

async function measure(): Promise<ReportFigures> {
  const cpuBefore = cpuMsOf(process.pid);
  const began = performance.now();
  const rows = await lake.run(renderReport(report, request));
  const shown = await finishReport(report, request, rows, { plannedArms: async () => new Map() });
  return {
    seconds: (performance.now() - began) / 1_000,
    cpuSeconds: (cpuMsOf(process.pid) - cpuBefore) / 1_000,
    peakMb: peakMemoryMb(process.pid) ?? Number.NaN,
    rows: shown.length,
  };
}

serveParent(null, { measure, close: () => lake.close() });
