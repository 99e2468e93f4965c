import { removalEffects, stepsOf } from '../lambdas/core/attribution/markov.ts';
import { shapley } from '../lambdas/core/attribution/shapley.ts';
import type { Path, UnitCredit } from '../lambdas/core/attribution/types.ts';
import { unitCredits } from '../lambdas/core/attribution/unit-credits.ts';
import { ReportRequestError } from './definitions.ts';
import { AMOUNT_COUNT, type Minor, minorOf } from './money-rows.ts';

type Row = Readonly<Record<string, unknown>>;

/** Characters that sql/reports/parts/walked.sql puts between units, between the values of a unit, and for no value. */
const [BETWEEN_UNITS, BETWEEN_VALUES, NO_VALUE] = ['\u001e', '\u001f', '\u001d'];

/** A chain of more units takes a matrix of more than a million numbers. */
const MOST_UNITS = 1_000;

/** What a data-driven model gives one unit. */
export interface UnitFigures {
  /** What each dimension says of the unit. */
  readonly values: readonly (string | null)[];
  readonly conversions: number;
  readonly touches: number;
  readonly money: readonly Minor[];
}

interface Walk extends Path {
  readonly money: readonly Minor[];
  readonly touches: number;
}

/** Credits of every unit under `markov` or `shapley`, out of the rows that tell paths. @throws ReportRequestError on too many units */
export function creditsOfPaths(model: string, rows: readonly Row[]): UnitFigures[] {
  const walks = rows.filter(({ path }) => typeof path === 'string').map(walkOf);
  const { units, credit } = modelOf(model, walks);
  const counted = credit(walks);
  const money = moneyByUnit(walks, credit);
  const touches = touchesByUnit(walks);
  return units.map((unit, at) => ({
    values: unit.split(BETWEEN_VALUES as string).map((value) => (value === NO_VALUE ? null : value)),
    conversions: counted[at]?.conversions ?? 0,
    touches: touches.get(unit) ?? 0,
    money: money.map(({ currency, amounts }) => ({
      currency,
      amounts: amounts.map((credits) => credits[at]?.money_minor ?? 0),
    })),
  }));
}

function walkOf({ path, conversions, nulls, touches, money }: Row): Walk {
  return {
    units: String(path).split(BETWEEN_UNITS as string),
    conversions: Number(conversions),
    nulls: Number(nulls),
    touches: Number(touches),
    money_minor: 0,
    money: minorOf(money),
  };
}

type Crediting = (paths: readonly Path[]) => readonly UnitCredit[];

/** Units in the order of the credits, and how paths with whatever money are credited; the chain is solved once for all. */
function modelOf(model: string, walks: readonly Walk[]): { units: readonly string[]; credit: Crediting } {
  const steps = stepsOf(walks);
  const { units } = steps;
  if (model === 'shapley') return { units, credit: shapley };
  if (units.length > MOST_UNITS)
    throw new ReportRequestError(
      `${units.length} units are too many for markov, which takes ${MOST_UNITS}: group by something coarser`,
    );
  const { effects } = removalEffects(steps);
  return { units, credit: (paths) => unitCredits({ units, effects, money: null }, paths) };
}

/** Each amount of each currency is credited by itself. */
function moneyByUnit(walks: readonly Walk[], credit: Crediting) {
  const currencies = [...new Set(walks.flatMap(({ money }) => money.map(({ currency }) => currency)))].sort();
  return currencies.map((currency) => ({
    currency,
    amounts: Array.from({ length: AMOUNT_COUNT }, (_, at) =>
      credit(walks.map((walk) => withMoney(walk, currency, at))),
    ),
  }));
}

const withMoney = (walk: Walk, currency: string, at: number): Path => ({
  ...walk,
  money_minor: walk.money.find((one) => one.currency === currency)?.amounts[at] ?? 0,
});

/** Touches of a path are as many for each of its places. */
function touchesByUnit(walks: readonly Walk[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { units, touches } of walks)
    for (const unit of units) counts.set(unit, (counts.get(unit) ?? 0) + touches / units.length);
  return counts;
}
