/** A figure that has to reach something. */
export interface Target {
  /** Name of the figure, as in {@link Outcome.figures}. */
  readonly figure: string;
  readonly must: 'be below' | 'be at most' | 'be at least' | 'equal';
  readonly limit: number;
}

export interface Outcome {
  /** Figures by name; the name ends with the unit. */
  readonly figures: Readonly<Record<string, number>>;
  readonly targets: readonly Target[];
  /** What a reader must know to judge the figures. */
  readonly notes: readonly string[];
  /** Tables to print that are no plain list of figures. @default none */
  readonly tables?: readonly string[];
}

export interface Benchmark {
  readonly name: string;
  /** What is measured, in one sentence. */
  readonly title: string;
  run(): Promise<Outcome>;
}

/** Whether a figure reaches its target; one that was not measured does not. */
export function isReached({ figure, must, limit }: Target, figures: Outcome['figures']): boolean {
  const value = figures[figure];
  if (value === undefined || !Number.isFinite(value)) return false;
  if (must === 'be below') return value < limit;
  if (must === 'be at most') return value <= limit;
  return must === 'be at least' ? value >= limit : value === limit;
}
