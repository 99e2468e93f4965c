import type { z } from 'zod';
import { type Fault, faultsOf, Problem } from '../core/api/problem.ts';

/** Most items of a batch. */
export const MAX_ITEMS = 1_000;

/** What became of one item of a batch. */
export interface ItemResult {
  readonly index: number;
  readonly status: 'accepted' | 'duplicate' | 'rejected';
  /** The item's own id, null where it has none that can be read. */
  readonly id: string | null;
  readonly errors: readonly Fault[];
}

/** An item of a batch that is well-formed. */
export interface Item<T> {
  readonly index: number;
  readonly data: T;
}

/**
 * Tells well-formed items from faulty ones: a bad item never refuses the others.
 * @throws Problem 413 where there are too many
 */
export function readItems<S extends z.ZodType>(
  body: unknown,
  schema: S,
): { readonly items: readonly Item<z.infer<S>>[]; readonly rejected: readonly ItemResult[] } {
  const list = body as readonly unknown[];
  if (list.length > MAX_ITEMS) {
    const message = `the batch has ${list.length} items, the limit is ${MAX_ITEMS}`;
    throw new Problem(413, 'too_many_items', message, [], { limit_items: MAX_ITEMS });
  }
  const items: Item<z.infer<S>>[] = [];
  const rejected: ItemResult[] = [];
  for (const [index, value] of list.entries()) {
    const { success, data, error } = schema.safeParse(value);
    if (success) items.push({ index, data });
    else rejected.push(rejection(index, idOf(value), faultsOf(error)));
  }
  return { items, rejected };
}

export const rejection = (index: number, id: string | null, errors: readonly Fault[]): ItemResult => ({
  index,
  status: 'rejected',
  id,
  errors,
});

function idOf(value: unknown): string | null {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : null;
  return typeof id === 'string' ? id : null;
}

/** The answer to a batch, in the order of its items. */
export const batchBody = (results: readonly ItemResult[]) => ({
  results: results.toSorted((a, b) => a.index - b.index),
});
