import {
  type AttributionChoice,
  brokenRule,
  isDataDriven,
  isDimension,
  metricBases,
  type ReportDefinition,
  type ReportRequest,
  RULE_MODELS,
  renderReport,
} from '../../sql/catalog.ts';
import { badCursor, decodeCursor, parseLimit } from '../core/api/cursor.ts';
import { type Fault, fault, invalid } from '../core/api/problem.ts';
import type { Settings } from '../core/entities/settings.ts';
import { exponentOf } from '../core/money.ts';
import type { Statement } from '../core/reports/query-engine.ts';
import { dayOf, rangeEnd, rangeStart } from '../core/reports/time-range.ts';
import { ATTRIBUTION_QUERY, parseChoice, pathFaults } from './attribution-choice.ts';

/** A report as it was asked for, every default filled in. */
export interface ReportQuery extends ReportRequest {
  readonly name: string;
  readonly basis: string;
  /** Reports that credit conversions only. */
  readonly choice?: AttributionChoice;
  /** The account's model, where the report does not know it and another stands in for it. */
  readonly replacedModel?: string;
}

/** Query parameters of a report and what they mean. */
export const REPORT_QUERY = {
  from: 'date or time the range begins with; if not given six days before `to`, for experiments the first there was',
  to: 'date (included) or time (excluded); today if not given',
  tz: 'IANA time zone of days and hours; the account’s if not given',
  by: 'dimensions to group by, separated by commas; attr.<name> is a column of the sender’s list',
  'filter.<dimension>':
    'only these values of a dimension, separated by commas; an empty one means that there is no value',
  basis:
    'clock that decides range and day: click for clicks, send for sends, mint for recipients and experiments; conversion (if not given), click or send for attribution; click (if not given), send or conversion for performance',
  limit: '1 to 500, 50 if not given',
  cursor: 'next_cursor of the page before',
  currency: 'currency that money is converted into where the rates know the day, ISO 4217; the account’s if not given',
  metric: `ratio that groups are compared by: ${Object.keys(metricBases).join(', ')}`,
  ...ATTRIBUTION_QUERY,
} as const;

const DAY_MS = 86_400_000;

export function statementOf(query: ReportQuery): Statement {
  // One row more than asked for tells whether there is another page.
  return renderReport(query.name, { ...query, limit: query.limit + 1 });
}

/** @throws Problem 422 with every fault of the parameters */
export function parseReportQuery(
  report: ReportDefinition,
  query: Readonly<Record<string, string>>,
  settings: Settings,
  now: number,
): ReportQuery {
  const tz = query.tz ?? settings.time_zone;
  const faults = [...unknownParameters(report, query), ...zoneFaults(tz), ...basisFaults(report, query.basis)];
  if (faults.length > 0) throw invalid(faults);
  const attribution = report.attributed ? parseChoice(query, choosable(report, settings), tz) : null;
  const to = rangeEnd(query.to ?? dayOf(now, tz), tz);
  const from = query.from === undefined ? defaultFrom(report, to ?? now, tz) : rangeStart(query.from, tz);
  const by = (query.by ?? '').split(',').filter((dimension) => dimension !== '');
  const filters = filtersOf(query);
  faults.push(...rangeFaults(from, to), ...dimensionFaults(report, by, 'by'), ...(attribution?.faults ?? []));
  faults.push(...currencyFaults(query.currency), ...modelFaults(report, query), ...metricFaults(report, query));
  faults.push(
    ...Object.keys(filters).flatMap((dimension) => dimensionFaults(report, [dimension], `filter.${dimension}`)),
  );
  faults.push(...valueFaults(report, filters));
  const basis = query.basis ?? defaultBasis(report, query.metric);
  if (faults.length === 0 && attribution)
    faults.push(...pathFaults(report, attribution.choice, { by, filters, basis }));
  if (faults.length > 0 || from === null || to === null) throw invalid(faults);
  const offset = offsetOf(report.name, query.cursor);
  return {
    name: report.name,
    basis,
    from,
    to,
    tz,
    by,
    filters,
    limit: parseLimit(query.limit),
    offset,
    asOf: now,
    ...(attribution && { choice: attribution.choice, ...replacedBy(report, query, settings) }),
    ...(report.converting && { currency: query.currency ?? settings.currency }),
    ...(report.comparing && { metric: query.metric ?? '' }),
  };
}

function defaultFrom({ defaultRange }: ReportDefinition, to: number, tz: string): number | null {
  return defaultRange === 'everything' ? 0 : rangeStart(dayOf(to - 6 * DAY_MS - 1, tz), tz);
}

function offsetOf(name: string, cursor: string | undefined): number {
  const offset = Number(decodeCursor(`reports/${name}`, cursor, ['offset'])?.offset ?? 0);
  if (!Number.isSafeInteger(offset) || offset < 0) throw badCursor();
  return offset;
}

function filtersOf(query: Readonly<Record<string, string>>): Record<string, string[]> {
  const entries = Object.entries(query).filter(([name]) => name.startsWith('filter.'));
  return Object.fromEntries(entries.map(([name, values]) => [name.slice('filter.'.length), values.split(',')]));
}

/** Report `attribution` knows every model; others credit conversion by conversion, and `last` stands in for models that do not. */
function choosable({ converting }: ReportDefinition, settings: Settings): Settings {
  const { attribution } = settings;
  return converting && isDataDriven(attribution.model)
    ? { ...settings, attribution: { ...attribution, model: 'last' } }
    : settings;
}

/** The model that {@link choosable} has put another for, where nobody asked for that other and it decides about credits. */
function replacedBy(
  { converting, comparesArms }: ReportDefinition,
  { model }: Readonly<Record<string, string>>,
  { attribution }: Settings,
): Pick<ReportQuery, 'replacedModel'> {
  const isReplaced = converting && !comparesArms && model === undefined && isDataDriven(attribution.model);
  return isReplaced ? { replacedModel: attribution.model } : {};
}

function unknownParameters(
  { attributed, converting, comparing }: ReportDefinition,
  query: Readonly<Record<string, string>>,
): Fault[] {
  const isTaken = (name: string) =>
    (attributed || !Object.hasOwn(ATTRIBUTION_QUERY, name)) &&
    (converting || name !== 'currency') &&
    (comparing || name !== 'metric');
  const names = Object.keys(REPORT_QUERY).filter(isTaken);
  const unknown = Object.keys(query).filter((name) => !names.includes(name) && !/^filter\../.test(name));
  const known = names.join(', ');
  return unknown.map((name) => fault(name, 'unknown_parameter', `is not a parameter; known are ${known}`));
}

/** The first clock of a report that both sides of the metric run on. */
function defaultBasis({ bases, comparing }: ReportDefinition, metric = ''): string {
  const shared = comparing ? bases.find((basis) => metricBases[metric]?.includes(basis)) : undefined;
  return shared ?? bases[0];
}

/** Markov and Shapley know no single touches, so there is nothing to put beside clicks. */
function modelFaults({ converting }: ReportDefinition, { model = '' }: Readonly<Record<string, string>>): Fault[] {
  if (!converting || !isDataDriven(model)) return [];
  return [
    fault(
      'model',
      'invalid',
      `${model} credits no single touches: ask report attribution; known are ${RULE_MODELS.join(', ')}`,
    ),
  ];
}

function metricFaults(
  { comparing }: ReportDefinition,
  { metric = '', basis, by }: Readonly<Record<string, string>>,
): Fault[] {
  if (!comparing) return [];
  const bases = metricBases[metric];
  const known = Object.keys(metricBases).join(', ');
  return [
    ...(bases ? [] : [fault('metric', 'invalid', `must be one of ${known}`)]),
    ...(by ? [] : [fault('by', 'missing', 'name the dimensions whose groups are to be compared, such as creative')]),
    ...(bases && basis && !bases.includes(basis)
      ? [fault('basis', 'invalid', `both sides of ${metric} run on ${bases.join(' or ')} only`)]
      : []),
  ];
}

function currencyFaults(currency: string | undefined): Fault[] {
  if (currency === undefined || exponentOf(currency) !== undefined) return [];
  return [fault('currency', 'invalid', `${currency} is no ISO 4217 code such as USD`)];
}

function zoneFaults(tz: string): Fault[] {
  try {
    new Intl.DateTimeFormat('en', { timeZone: tz });
    return [];
  } catch {
    return [fault('tz', 'invalid', `${tz} is not an IANA time zone such as Europe/Berlin`)];
  }
}

function basisFaults({ bases }: ReportDefinition, basis: string | undefined): Fault[] {
  return basis === undefined || bases.includes(basis)
    ? []
    : [fault('basis', 'invalid', `must be ${bases.join(' or ')} for this report`)];
}

function rangeFaults(from: number | null, to: number | null): Fault[] {
  const rule = 'must be a date such as 2026-06-01 or a time such as 2026-06-01T12:00:00Z';
  const faults = [from === null && fault('from', 'invalid', rule), to === null && fault('to', 'invalid', rule)];
  if (from !== null && to !== null && from >= to) faults.push(fault('to', 'invalid', 'must be after from'));
  return faults.filter((item) => item !== false);
}

function dimensionFaults(report: ReportDefinition, dimensions: readonly string[], path: string): Fault[] {
  const known = [...report.dimensions.map(({ name }) => name), ...(report.attributes ? ['attr.<name>'] : [])];
  const { names = [], why = '' } = report.withoutMeaning ?? {};
  const message = (dimension: string) =>
    `${dimension} is not a dimension of this report${names.includes(dimension) ? `: ${why}` : ''}; known are ${known.join(', ')}`;
  return dimensions
    .filter((dimension) => !isDimension(report, dimension))
    .map((dimension) => fault(path, 'no_such_dimension', message(dimension)));
}

/** Values that no row can have: they would silently find nothing. */
function valueFaults({ dimensions }: ReportDefinition, filters: ReportRequest['filters']): Fault[] {
  return Object.entries(filters).flatMap(([name, values]) => {
    const column = dimensions.find((dimension) => dimension.name === name)?.column;
    if (column === undefined) return [];
    return values.flatMap((value) => {
      const rule = brokenRule(column, value);
      return rule ? [fault(`filter.${name}`, 'no_such_value', `${value} is no value of ${name}: it ${rule.says}`)] : [];
    });
  });
}
