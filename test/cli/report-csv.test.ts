import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY, entryOf, NOW, writeReceived } from '../sql/attribution/sample.ts';
import { clickOf, writeClicks } from '../sql/clicks-sample.ts';
import { startLocal } from './local.ts';

let local: Awaited<ReturnType<typeof startLocal>>;
beforeAll(async () => {
  local = await startLocal();
  const lakeDir = join(local.system.dataDir, 'lake');
  const person = { subscriber_no: 7, link_no: 1 };
  await writeClicks(lakeDir, [
    clickOf({ ...person, ts: NOW - 3 * DAY, message_id: '=1+1' }),
    clickOf({ ...person, ts: NOW - DAY, message_id: 'm2' }),
  ]);
  await writeReceived(lakeDir, 'conversions', [
    entryOf({ converted_at: NOW - 2 * 3_600_000, occurred_at: NOW - 2 * 3_600_000 }),
    entryOf({
      entry_id: 'o1-2',
      entry: 'refund',
      converted_at: NOW - 2 * 3_600_000,
      occurred_at: NOW + DAY,
      revenue_minor: -206_867,
    }),
  ]);
});
afterAll(() => local.close());

it('a report as CSV holds negative money as numbers, and shields what a spreadsheet would run', async () => {
  const range = ['--from', '2026-06-16', '--to', '2026-06-16'];
  const { out, code } = await local.onehop(['report', 'models', '--by', 'message', ...range, '--csv']);
  expect(code).toBe(0);
  const rows: Record<string, string>[] = parse(out, { columns: true });
  const of = (model: string, message: string) => rows.find((row) => row.model === model && row.message === message);
  expect(of('last', 'm2')).toMatchObject({ revenue: '-2068.67', revenue_gain: '0.00' });
  expect(of('last', "'=1+1")).toMatchObject({ revenue: '0.00' });
  expect(of('first', 'm2')).toMatchObject({ revenue: '0.00', revenue_gain: '2068.67' });
  expect(of('first', "'=1+1")).toMatchObject({ revenue: '-2068.67', revenue_gain: '-2068.67' });
});

it('a report has the columns that were asked for, in their order, and refuses those it does not have', async () => {
  const ask = (...flags: string[]) =>
    local.onehop(['report', 'models', '--by', 'message', '--from', '2026-06-16', '--to', '2026-06-16', ...flags]);
  const csv = await ask('--csv', '--columns', 'revenue,message');
  expect(csv.out.split(/\r?\n/)[0]).toBe('revenue,message');
  const [first] = JSON.parse((await ask('--json', '--columns', 'revenue,message')).out);
  expect(Object.keys(first)).toEqual(['revenue', 'message']);
  for (const format of [['--csv'], ['--json'], []]) {
    const slip = await ask(...format, '--columns', 'revenu,message,foo');
    expect([slip.code, slip.out]).toEqual([1, '']);
    expect(slip.err).toMatch(/the report has no revenu, foo; it has .*\brevenue\b/);
  }
});
