import { ACTORS, type AttributionChoice, RULE_MODELS } from '../../sql/catalog.ts';
import { type Fault, fault } from '../core/api/problem.ts';
import { windowMs } from '../core/attribution/window.ts';
import type { Settings } from '../core/entities/settings.ts';
import { rangeStart } from '../core/reports/time-range.ts';

/** Query parameters of reports that credit conversions to touches. */
export const ATTRIBUTION_QUERY = {
  model: 'who gets the credit: last, first, linear, position or time_decay; the account’s if not given',
  window:
    'how long after a touch a conversion may follow, such as 24h or 30d; if not given the touch’s campaign’s own, else its offer’s, else the account’s',
  half_life: 'time in which a touch loses half its weight under time_decay, 7d if not given',
  actors: 'verdicts of the clicks that count, separated by commas, human if not given',
  as_of: 'the ledger as it was known at this time; as it is known now if not given',
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
  };
  return { choice, faults: [...choiceFaults(choice), ...timeFaults(query, choice)] };
}

const WINDOW_RULE = 'must be a number of hours or days, such as 24h or 7d';

function choiceFaults({ model, window, half_life, actors }: AttributionChoice): Fault[] {
  const wrong = actors.filter((actor) => !ACTORS.some((known) => known === actor));
  return [
    RULE_MODELS.some((known) => known === model)
      ? []
      : [fault('model', 'invalid', `${model} is no model of this report; known are ${RULE_MODELS.join(', ')}`)],
    window === null || windowMs(window) !== null ? [] : [fault('window', 'invalid', WINDOW_RULE)],
    windowMs(half_life) !== null ? [] : [fault('half_life', 'invalid', WINDOW_RULE)],
    wrong.map((actor) => fault('actors', 'invalid', `${actor} is no verdict; known are ${ACTORS.join(', ')}`)),
  ].flat();
}

function timeFaults(query: Query, { as_of }: AttributionChoice): Fault[] {
  const rule = 'must be a date such as 2026-06-01 or a time such as 2026-06-01T12:00:00Z';
  return query.as_of !== undefined && as_of === null ? [fault('as_of', 'invalid', rule)] : [];
}
