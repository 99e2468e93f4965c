import {
  attributionDimensions,
  attributionFigures,
  modelFigures,
  pathFigures,
  unitDimensions,
} from './attribution-columns.ts';
import { isDataDriven, renderAttributionReport, renderModelsReport, renderPathsReport } from './attribution-report.ts';
import { creditRows, modelRows } from './credit-rows.ts';
import { mixedWarnings } from './currency-warnings.ts';
import type { ReportDefinition } from './definitions.ts';

/** Reports that credit conversions to touches. */
export const attributionReports: Readonly<Record<string, ReportDefinition>> = {
  attribution: {
    name: 'attribution',
    dimensions: attributionDimensions,
    attributes: true,
    columns: attributionFigures,
    bases: ['conversion', 'click', 'send'],
    alwaysBy: ['reason'],
    attributed: true,
    defaultRange: 'week',
    render: renderAttributionReport,
    finish: creditRows,
    finishesPages: ({ terms }) => isDataDriven(terms?.choice.model ?? ''),
    warn: mixedWarnings,
  },
  models: {
    name: 'models',
    dimensions: unitDimensions,
    attributes: false,
    columns: modelFigures,
    bases: ['conversion'],
    alwaysBy: ['reason'],
    attributed: true,
    defaultRange: 'week',
    render: renderModelsReport,
    finish: modelRows,
    finishesPages: () => true,
    warn: mixedWarnings,
  },
  paths: {
    name: 'paths',
    dimensions: unitDimensions,
    attributes: false,
    columns: pathFigures,
    bases: ['conversion'],
    alwaysBy: [],
    attributed: true,
    defaultRange: 'week',
    render: renderPathsReport,
  },
};
