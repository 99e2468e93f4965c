import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchesOf } from '../../lambdas/adapters/batches.ts';

it('cuts a list in its order into parts within both limits, none of which would take the next one too', () => {
  const limits = { count: 4, bytes: 100 };
  const sum = (sizes: readonly number[]) => sizes.reduce((all, size) => all + size, 0);
  const fits = (batch: readonly number[]) => batch.length <= limits.count && sum(batch) <= limits.bytes;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 130 }), { maxLength: 40 }), (sizes) => {
      const batches = batchesOf(sizes, (size) => size, limits);
      expect(batches.flat()).toEqual(sizes);
      for (const [at, batch] of batches.entries()) {
        expect(fits(batch) || batch.length === 1).toBe(true);
        const [next] = batches[at + 1] ?? [];
        if (next !== undefined) expect(fits([...batch, next])).toBe(false);
      }
    }),
  );
});
