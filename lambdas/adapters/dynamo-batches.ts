import { setTimeout as sleep } from 'node:timers/promises';

/** The table leaves keys or items unprocessed, again and again; what was written before may be written once more. */
export class TableBusyError extends Error {
  override readonly name = 'ProvisionedThroughputExceededException';
}

/** Calls under way at a time. */
const CALLS_AT_ONCE = 8;
const ATTEMPTS = 8;

/**
 * Runs calls over chunks of a list, several at a time; `call` returns what of its chunk was left over, which is tried again.
 * When this returns or throws, none of the calls is under way any more, and none comes after.
 * @throws TableBusyError
 */
export async function eachChunk<T>(
  list: readonly T[],
  size: number,
  call: (chunk: readonly T[]) => Promise<readonly T[]>,
): Promise<void> {
  const starts = Array.from({ length: Math.ceil(list.length / size) }, (_, at) => at * size);
  const failures: unknown[] = [];
  const worker = async () => {
    for (let start = starts.pop(); start !== undefined && failures.length === 0; start = starts.pop())
      await untilDone(list.slice(start, start + size), call).catch((error) => failures.push(error));
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, worker));
  if (failures.length > 0) throw failures[0];
}

/** Runs a call for each of a list, several at a time. When this returns or throws, none is under way any more, and none comes after. */
export async function each<T>(list: readonly T[], call: (one: T) => Promise<unknown>): Promise<void> {
  await eachChunk(list, 1, async (chunk) => {
    for (const one of chunk) await call(one);
    return [];
  });
}

async function untilDone<T>(chunk: readonly T[], call: (chunk: readonly T[]) => Promise<readonly T[]>): Promise<void> {
  let left = chunk;
  for (let attempt = 0; left.length > 0; attempt++) {
    if (attempt === ATTEMPTS) throw new TableBusyError(`the table leaves ${left.length} of a batch unprocessed`);
    if (attempt > 0) await sleep(25 * 2 ** attempt);
    left = await call(left);
  }
}
