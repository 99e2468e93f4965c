import type { Path, PathTouch, Touch } from './types.ts';

/** A conversion as a data-driven model sees it: its eligible touches in order, how many conversions it counts for, its net money. */
export interface Walked {
  readonly touches: readonly PathTouch[];
  /** 1, or 0 for one that adds money only (a rebill). */
  readonly count: number;
  readonly money_minor: number;
}

/** One subscriber (or one click by nobody known): all touches in the range, in order, and the conversions in it. */
export interface Journey {
  readonly touches: readonly Touch[];
  readonly conversions: readonly Walked[];
}

/** How journeys become paths. */
export interface PathOptions {
  /** What the path is made of: message, campaign, channel … */
  readonly unit: (touch: Touch) => string;
  /** Leave out null paths whose last touch still has an open window at this time; null keeps them. @default null */
  readonly matureAt?: number | null;
  /** One window for all touches, milliseconds; null: each touch's own. @default null */
  readonly window?: number | null;
}

/** Equal sequences of units as one path, their counts added up; in the order in which they first came. */
export function mergePaths(paths: readonly Path[]): Path[] {
  const merged = new Map<string, Path>();
  for (const path of paths) {
    const key = JSON.stringify(path.units);
    const known = merged.get(key);
    merged.set(key, known ? add(known, path) : path);
  }
  return [...merged.values()];
}

const add = (a: Path, b: Path): Path => ({
  units: a.units,
  conversions: a.conversions + b.conversions,
  nulls: a.nulls + b.nulls,
  money_minor: a.money_minor + b.money_minor,
});

function isOpen(last: Touch, { matureAt = null, window = null }: PathOptions): boolean {
  return matureAt !== null && last.ts + (window ?? last.window_ms) >= matureAt;
}

/** A journey without a conversion is one null path over all its touches; with conversions, each of them is a path, and touches that led to none of them make no other. */
function pathsOf(journey: Journey, options: PathOptions): Path[] {
  const last = journey.touches.at(-1);
  if (journey.conversions.length > 0)
    return journey.conversions.map(({ touches, count, money_minor }) => ({
      units: touches.map(({ touch }) => options.unit(touch)),
      conversions: count,
      nulls: 0,
      money_minor,
    }));
  if (!last || isOpen(last, options)) return [];
  return [{ units: journey.touches.map(options.unit), conversions: 0, nulls: 1, money_minor: 0 }];
}

/** The paths that Markov and Shapley read. Conversions without a touch walked no path: they are `(unattributed)` under every model. */
export function buildPaths(journeys: readonly Journey[], options: PathOptions): Path[] {
  const paths = journeys.flatMap((journey) => pathsOf(journey, options));
  return mergePaths(paths.filter(({ units }) => units.length > 0));
}
