import type { ReportDefinition } from './definitions.ts';
import { performanceDimensions, performanceFigures } from './performance-columns.ts';
import { renderPerformanceReport } from './performance-report.ts';
import { performanceWarnings, withPerformance } from './performance-rows.ts';

/** Messages, clicks, conversions and money side by side. */
export const performanceReport: ReportDefinition = {
  name: 'performance',
  dimensions: performanceDimensions,
  attributes: true,
  columns: performanceFigures,
  bases: ['click', 'send', 'conversion'],
  alwaysBy: [],
  readsOn: true,
  attributed: true,
  converting: true,
  defaultRange: 'week',
  render: renderPerformanceReport,
  finish: withPerformance,
  warn: performanceWarnings,
};
