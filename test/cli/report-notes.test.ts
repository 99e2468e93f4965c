import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLakeApi } from '../support/lake-api.ts';
import { fetchOf, runCli } from '../support/terminal.ts';

let api: Awaited<ReturnType<typeof startLakeApi>>;

beforeAll(async () => {
  api = await startLakeApi();
});
afterAll(() => api.close());

const lift = async (...args: string[]) => {
  const env = { ONEHOP_API: 'http://api', ONEHOP_TOKEN: api.token };
  return (await runCli(['report', 'lift', ...args], { env, fetch: fetchOf(api.call) })).err;
};

test('lift says why there is nothing, and that a range nobody chose is everything', async () => {
  expect(await lift()).toMatch(
    /^everything up to \S+ \(days of UTC, .*\nwarning: experiment: there is no experiment: set one up/,
  );
  expect(await lift('--from', '2026-06-01')).toMatch(/^2026-06-01T00:00:00\.000Z to /);
  const arms = ['treatment', 'holdout'].map((name) => ({ name, share: 0.5 }));
  expect((await api.call('PUT', '/v1/experiments/e1', { body: { scope: 'account', arms } })).status).toBe(201);
  expect(await lift()).toContain('warning: experiment: nobody was drawn into an arm in this range');
  // What a filter leaves out is another matter.
  expect(await lift('--filter', 'experiment=e1')).not.toContain('nobody was drawn');
});
