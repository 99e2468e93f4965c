import {
  ACTORS,
  type AttributionChoice,
  DATA_MODELS,
  isDataDriven,
  type ReportDefinition,
  type ReportRequest,
  RULE_MODELS,
  unitDimensions,
} from '../../sql/catalog.ts';
import { type Fault, fault } from '../core/api/problem.ts';
import { windowMs } from '../core/attribution/window.ts';
import type { Settings } from '../core/entities/settings.ts';
import { rangeStart } from '../core/reports/time-range.ts';

/** Query parameters of reports that credit conversions to touches. */
export const ATTRIBUTION_QUERY = {
  model:
    'who gets the credit: last, first, linear, position, time_decay, markov or shapley; the account’s if not given. For models the one the others are compared with',
  window:
    'how long after a touch a conversion may follow, such as 24h or 30d; if not given the touch’s campaign’s own, else its offer’s, else the account’s',
  half_life: 'time in which a touch loses half its weight under time_decay, 7d if not given',
  actors: 'verdicts of the clicks that count, separated by commas, human if not given',
  as_of: 'the ledger as it was known at this time; as it is known now if not given',
  mature: 'true leaves paths without a conversion whose window is still open out of markov',
} as const;

type Query = Readonly<Record<string, string>>;

/** What a request says about attribution, every default filled in; with every fault. */
export function parseChoice(
  query: Query,
  { attribution }: Settings,
  tz: string,
): { choice: AttributionChoice; faults: readonly Fault[] } {
  const choice = {
    model: query.model ?? attribution.model,
    window: query.window ?? null,
    half_life: query.half_life ?? '7d',
    actors: (query.actors ?? 'human').split(','),
    as_of: query.as_of === undefined ? null : rangeStart(query.as_of, tz),
    mature: query.mature === 'true',
  };
  return { choice, faults: [...choiceFaults(choice), ...timeFaults(query, choice)] };
}

const MODELS = [...RULE_MODELS, ...DATA_MODELS];
const WINDOW_RULE = 'must be a number of hours or days, such as 24h or 7d';

function choiceFaults({ model, window, half_life, actors }: AttributionChoice): Fault[] {
  const wrong = actors.filter((actor) => !ACTORS.some((known) => known === actor));
  return [
    MODELS.some((known) => known === model)
      ? []
      : [fault('model', 'invalid', `${model} is no model of this report; known are ${MODELS.join(', ')}`)],
    window === null || windowMs(window) !== null ? [] : [fault('window', 'invalid', WINDOW_RULE)],
    windowMs(half_life) !== null ? [] : [fault('half_life', 'invalid', WINDOW_RULE)],
    wrong.map((actor) => fault('actors', 'invalid', `${actor} is no verdict; known are ${ACTORS.join(', ')}`)),
  ].flat();
}

function timeFaults(query: Query, { as_of }: AttributionChoice): Fault[] {
  const rule = 'must be a date such as 2026-06-01 or a time such as 2026-06-01T12:00:00Z';
  return [
    query.as_of !== undefined && as_of === null ? [fault('as_of', 'invalid', rule)] : [],
    query.mature === undefined || /^(true|false)$/.test(query.mature)
      ? []
      : [fault('mature', 'invalid', 'must be true or false')],
  ].flat();
}

/** What cannot be asked of whole paths: they are told apart by units alone, and run by the clock of conversions. */
export function pathFaults(
  report: ReportDefinition,
  { model }: AttributionChoice,
  { by, filters, basis }: Pick<ReportRequest, 'by' | 'filters' | 'basis'>,
): Fault[] {
  if (!isDataDriven(model) && report.dimensions !== unitDimensions) return [];
  const columns = by.map(columnOf);
  const rule = `paths are told apart only by ${unitDimensions.map(({ name }) => name).join(', ')}`;
  return [
    by.filter((name) => columnOf(name) === undefined).map((name) => fault('by', 'not_of_paths', `${name}: ${rule}`)),
    Object.keys(filters)
      .filter((name) => !columns.includes(columnOf(name)))
      .map((name) => fault(`filter.${name}`, 'not_of_paths', 'paths are only filtered by what rows are by')),
    basis === 'conversion' ? [] : [fault('basis', 'invalid', 'paths run by the clock of conversions')],
  ].flat();
}

/** Column of a unit's dimension, `reason` among them; undefined for any other name. */
const columnOf = (name: string): string | undefined =>
  name === 'reason' ? name : unitDimensions.find((dimension) => dimension.name === name)?.column;
