/** The value below which a share of the samples lies. @param sorted samples in ascending order, at least one */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
}

/** @param samples at least one, in any order */
export function median(samples: readonly number[]): number {
  return percentile(
    samples.toSorted((a, b) => a - b),
    0.5,
  );
}

/** @param samples at least one */
export function mean(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index++) sum += samples[index] as number;
  return sum / samples.length;
}

/** Keeps what a measurement can tell: four significant digits. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
