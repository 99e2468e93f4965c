import type { ReportDefinition } from './definitions.ts';
import { liftFigures } from './lift-columns.ts';
import { renderLiftReport } from './lift-report.ts';
import { withLift } from './lift-rows.ts';
import { liftWarnings } from './lift-warnings.ts';
import { experimentDimensions, liftDimensions } from './people-columns.ts';

/** Arms of experiments against their control. */
export const liftReport: ReportDefinition = {
  name: 'lift',
  dimensions: liftDimensions,
  withoutMeaning: {
    names: experimentDimensions
      .map(({ name }) => name)
      .filter((name) => !liftDimensions.some((one) => one.name === name)),
    why: 'who is drawn gets every message of the experiment, and an outcome is one from the assignment on, whichever was tapped (ask report performance or attribution for single messages)',
  },
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
  warn: liftWarnings,
};
