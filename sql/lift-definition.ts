import type { ReportDefinition } from './definitions.ts';
import { liftFigures } from './lift-columns.ts';
import { renderLiftReport } from './lift-report.ts';
import { withLift } from './lift-rows.ts';
import { experimentDimensions } from './people-columns.ts';

/** Arms of experiments against their control. */
export const liftReport: ReportDefinition = {
  name: 'lift',
  dimensions: experimentDimensions,
  attributes: true,
  columns: liftFigures,
  bases: ['mint'],
  alwaysBy: ['experiment', 'arm'],
  attributed: true,
  converting: true,
  comparesArms: true,
  defaultRange: 'everything',
  render: renderLiftReport,
  finish: withLift,
};
