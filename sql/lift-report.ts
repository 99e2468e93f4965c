import { windowMs } from '../lambdas/core/attribution/window.ts';
import { exponentOf } from '../lambdas/core/money.ts';
import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { termsOf } from './attribution-report.ts';
import { LATE_ARRIVAL_DAYS, type ReportRequest } from './definitions.ts';
import type { LiftTerms } from './lift-terms.ts';
import { liftDimensions } from './people-columns.ts';
import { currencyOf, UNUSUAL_EXPONENTS } from './performance-report.ts';
import { arrivalDay, attributePaths, planOf, type ReportPlan } from './report-plan.ts';
import { attributePart, filled, filterPart, groupParts } from './report-text.ts';
import { sendStatesSince } from './send-states.ts';
import { bound, inPieces, marked, type Values } from './statement.ts';

const report = { name: 'lift', dimensions: liftDimensions, attributes: true };
/** Later than anything. */
const FOREVER = 253_402_300_799_999;

/**
 * The statement of report `lift`, whose rows are by experiment and arm before anything else.
 * @throws ReportRequestError on a dimension that the report does not have
 */
export function renderLiftReport(request: ReportRequest): Statement {
  const { to, tz, offset, limit } = request;
  const plan = planOf(report, request);
  const part = (name: string, parts: Readonly<Record<string, string>> = {}) =>
    filled(`reports/parts/${name}.sql`, parts);
  // Arms are picked once they are compared: the control that a filter leaves out is compared with all the same.
  const filters = filtersOf(plan, 'filter', (column) => column !== 'arm');
  const arms = filtersOf(plan, 'arm', (column) => column === 'arm');
  const attributes = marked(attributePart(plan), 'attribute', attributePaths(plan));
  const minted = marked(part('minted'), 'minted', [arrivalDay(to - 1, LATE_ARRIVAL_DAYS), to]);
  const text = filled('reports/lift.sql', {
    ...groupParts(plan, liftDimensions, 'experiment nulls last'),
    minted: minted.text,
    drawn: part('drawn'),
    attributes: attributes.text,
    filters: filters.text,
    arms: arms.text,
    ledger: part('ledger', { in_scope: 'true' }),
    rates: part('rates'),
    send_units: part('send-units', { states: sendStatesSince.replace('?', '{{?sends_first}}') }),
    by: plan.by.join(', '),
    within: plan.by.filter((column) => column !== 'arm').join(', '),
  });
  const values = { ...filters.values, ...arms.values, ...attributes.values, ...minted.values, ...valuesOf(request) };
  return bound(text, { ...values, tz, offset, last: offset + limit });
}

/** The condition of a plan's filters of some columns. */
function filtersOf(plan: ReportPlan, name: string, isOf: (column: string) => boolean) {
  const filters = plan.filters.filter(([column]) => isOf(column));
  return marked(
    filterPart({ ...plan, filters }),
    name,
    filters.flatMap(([, values]) => values),
  );
}

function valuesOf(request: ReportRequest): Values {
  const { from, to, experiments = {} } = request;
  const { choice, rules } = termsOf(request);
  const currency = currencyOf(request);
  const asOf = choice.as_of ?? FOREVER;
  const first = arrivalDay(from, -1);
  return {
    from,
    to,
    as_of: asOf,
    ledger_first: first,
    ledger_last: arrivalDay(asOf),
    sends_first: first,
    rates_first: first,
    currency,
    exponent: exponentOf(currency) ?? 2,
    exponents: UNUSUAL_EXPONENTS,
    account_window: windowMs(rules.window) ?? 0,
    account_events: enclosed(rules.events),
    ...experimentValues(experiments),
  };
}

function experimentValues(experiments: LiftTerms): Values {
  const ofEach = (value: (of: LiftTerms[string]) => unknown) =>
    inPieces(JSON.stringify(Object.fromEntries(Object.entries(experiments).map(([id, of]) => [id, value(of)]))));
  return {
    experiment_windows: ofEach(({ window }) => windowMs(window) ?? 0),
    experiment_events: ofEach(({ events }) => enclosed(events)),
    experiment_controls: ofEach(({ control }) => control),
  };
}

const enclosed = (words: readonly string[]): string => `,${words.join(',')},`;
