import { afterAll, beforeAll, expect, test } from 'vitest';
import { entryOf, HOUR, NOW, writeReceived } from '../sql/attribution/sample.ts';
import { clickOf, writeClicks } from '../sql/clicks-sample.ts';
import { startLakeApi } from '../support/lake-api.ts';
import { fetchOf, runCli } from '../support/terminal.ts';

let api: Awaited<ReturnType<typeof startLakeApi>>;

beforeAll(async () => {
  api = await startLakeApi();
  const messages = ['m1', 'm2', 'm2'];
  await writeClicks(
    api.lakeDir,
    messages.map((message_id, at) => clickOf({ message_id, subscriber_no: at + 1, link_no: 1, ts: NOW - HOUR })),
  );
  await writeReceived(api.lakeDir, 'conversions', [
    entryOf({ conversion_id: 'o1', subscriber_no: 1, currency: 'EUR', revenue_minor: 5_000 }),
    entryOf({ conversion_id: 'o2', subscriber_no: 2, currency: 'JPY', revenue_minor: 800 }),
    entryOf({ conversion_id: 'o3', subscriber_no: 3, currency: 'USD', revenue_minor: 100, match: 'identity' }),
  ]);
});
afterAll(() => api.close());

const RANGE = ['--from', '2026-06-10', '--to', '2026-06-16'];
const report = (...args: string[]) =>
  runCli(['report', ...args, ...RANGE], {
    env: { ONEHOP_API: 'http://api', ONEHOP_TOKEN: api.token },
    fetch: fetchOf(api.call),
  });

test('money of several currencies stands in a table in words, and what is missing on standard error', async () => {
  const { out, err } = await report('performance', '--by', 'message');
  expect(err).toContain('warning: currency: several currencies (EUR, JPY, USD), and no rates into USD of EUR on ');
  expect(out).toMatch(/m1 .* EUR .* 50\.00/);
  expect(out).toMatch(/ JPY revenue 800 /);
  expect(out).not.toContain('"currency"');
  const attribution = await report('attribution', '--by', 'message');
  expect(attribution.err).toContain(
    'warning: currency: several currencies (EUR, JPY, USD), which this report does not',
  );
  expect(attribution.out).not.toContain('"currency"');
  expect(JSON.parse((await report('attribution', '--by', 'message', '--json')).out)[0].money[0]).toMatchObject({
    currency: expect.any(String),
  });
});
