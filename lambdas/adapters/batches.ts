export interface BatchLimits {
  readonly count: number;
  /** Sum of sizes; one that is larger goes alone. */
  readonly bytes: number;
}

/** A list in its order, cut so that no part exceeds what one call takes. */
export function batchesOf<T>(list: readonly T[], sizeOf: (one: T) => number, limits: BatchLimits): T[][] {
  const batches: T[][] = [];
  let bytes = 0;
  for (const one of list) {
    const size = sizeOf(one);
    const last = batches.at(-1);
    if (last && last.length < limits.count && bytes + size <= limits.bytes) {
      last.push(one);
      bytes += size;
    } else {
      batches.push([one]);
      bytes = size;
    }
  }
  return batches;
}
