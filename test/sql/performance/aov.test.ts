import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reportRows } from '../attribution/asked.ts';
import { type Entry, entryOf, NOW, writeReceived } from '../attribution/sample.ts';
import { temporaryFolder } from '../lake-writer.ts';

test('aov is of sales that were not rejected: a rejected one is neither money nor count of it', async () => {
  const lakeDir = temporaryFolder('aov');
  const taken = (entry_id: string, fields: Partial<Entry>) =>
    entryOf({ conversion_id: 'rejected', entry_id, revenue_minor: 100_000, ...fields });
  await writeReceived(lakeDir, 'conversions', [
    entryOf({ conversion_id: 'a', revenue_minor: 3_000 }),
    entryOf({ conversion_id: 'b', revenue_minor: 5_000, subscriber_no: 8 }),
    entryOf({ conversion_id: 'c', revenue_minor: 9_000, event: 'lead', subscriber_no: 9 }),
    taken('rejected-1', {}),
    taken('rejected-2', { entry: 'status', status: 'rejected', revenue_minor: -100_000, occurred_at: NOW + 1_000 }),
    entryOf({ conversion_id: 'never', status: 'rejected', revenue_minor: 70_000, subscriber_no: 10 }),
  ]);
  try {
    const [total] = await reportRows('performance', lakeDir, {});
    expect(total).toMatchObject({ conversions: 3, aov: 40 });
  } finally {
    rmSync(lakeDir, { recursive: true });
  }
});
