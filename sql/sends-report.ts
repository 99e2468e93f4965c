import { exponentOf } from '../lambdas/core/money.ts';
import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { formatMicros } from '../lambdas/core/sends/micros.ts';
import type { ReportRequest } from './definitions.ts';
import { arrivalDay, planOf } from './report-plan.ts';
import { filled, filterPart, groupParts } from './report-text.ts';
import { sendStatesSince } from './send-states.ts';
import { sendDimensions } from './sends-columns.ts';

type Row = Readonly<Record<string, unknown>>;

const report = { name: 'sends', dimensions: sendDimensions, attributes: false };

/** Carriers have this long to give a receipt; AWS then says UNKNOWN. */
const RECEIPTS_MS = 72 * 3_600_000;

/**
 * The statement of report `sends`.
 * @throws ReportRequestError on a dimension that the report does not have
 */
export function renderSendsReport(request: ReportRequest): Statement {
  const { from, to, tz, offset, limit, asOf = to } = request;
  const plan = planOf(report, request);
  const { by } = plan;
  const sql = filled('reports/sends.sql', {
    ...groupParts(plan, sendDimensions, 'sent desc, opt_outs desc'),
    states: sendStatesSince,
    filters: filterPart(plan),
    groups: by.map((column) => `${column},`).join(' '),
    no_dimensions: by.map((column) => `null as ${column},`).join(' '),
    currency_sets: by.length > 0 ? `(${by.join(', ')}, currency), (currency)` : '(currency)',
  });
  const first = arrivalDay(from, -1);
  const values = plan.filters.flatMap(([, list]) => list);
  return { sql, parameters: [first, first, tz, from, to, asOf - RECEIPTS_MS, ...values, offset, offset + limit] };
}

/** Puts money as decimal text in place of millionths, and as a list by currency. */
export async function withMoney(rows: readonly Row[]): Promise<readonly Row[]> {
  return rows.map(({ cost_micros, cost_estimated_micros, currency, money, ...row }) => {
    const amount = (micros: unknown) => (micros === null ? null : decimal(Number(micros), String(currency)));
    const [counts, rates] = split(row, 'delivery_rate');
    const cost = { cost: amount(cost_micros), currency, cost_estimated: amount(cost_estimated_micros) };
    return { ...counts, ...cost, money: moneyOf(money), ...rates };
  });
}

const decimal = (micros: number, currency: string) => formatMicros(micros, exponentOf(currency) ?? 2);

/** `EUR 15800 0,USD 20000 20000` as entries. */
function moneyOf(text: unknown): Row[] {
  return (typeof text === 'string' ? text.split(',') : []).map((entry) => {
    const [currency = '', cost, estimated] = entry.split(' ');
    return { currency, cost: decimal(Number(cost), currency), cost_estimated: decimal(Number(estimated), currency) };
  });
}

/** A row in two, before and from a column on. */
function split(row: Row, column: string): [Row, Row] {
  const entries = Object.entries(row);
  const at = entries.findIndex(([name]) => name === column);
  return [Object.fromEntries(entries.slice(0, at)), Object.fromEntries(entries.slice(at))];
}
