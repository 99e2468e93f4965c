import { type AthenaClient, GetQueryResultsCommand, InvalidRequestException } from '@aws-sdk/client-athena';
import { expect, test } from 'vitest';
import { AthenaEngine } from '../../lambdas/adapters/athena.ts';

/** Answers as Athena does: the names of columns are the first row of the first page, and count. */
function fakeAthena(values: readonly string[]) {
  const asked: unknown[] = [];
  const send = async (command: { input: { NextToken?: string; MaxResults?: number; QueryExecutionId?: string } }) => {
    const { NextToken, MaxResults = 1_000, QueryExecutionId } = command.input;
    if (QueryExecutionId !== 'known') throw new InvalidRequestException({ message: 'no such query', $metadata: {} });
    asked.push(command.input);
    if (!(command instanceof GetQueryResultsCommand)) return { QueryExecution: { Status: { State: 'SUCCEEDED' } } };
    if (MaxResults > 1_000) throw new InvalidRequestException({ message: 'MaxResults', $metadata: {} });
    const all = ['n', ...values];
    const from = Number(NextToken ?? 0);
    const end = from + MaxResults;
    return {
      ...(end < all.length && { NextToken: String(end) }),
      ResultSet: {
        ResultSetMetadata: { ColumnInfo: [{ Name: 'n', Type: 'bigint' }] },
        Rows: all.slice(from, end).map((VarCharValue) => ({ Data: [{ VarCharValue }] })),
      },
    };
  };
  const client = { send } as unknown as AthenaClient;
  return { engine: new AthenaEngine({ client, database: 'd', workgroup: 'w' }), asked };
}

const numbers = Array.from({ length: 2_500 }, (_, at) => String(at));

test.each([1, 7, 500, 999, 1_000])('pages of %i rows are disjoint and complete', async (limit) => {
  const { engine } = fakeAthena(numbers.slice(0, 1_203));
  const seen: unknown[] = [];
  let place: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof engine.page>> = await engine.page('known', place, limit);
    expect(page?.rows.length).toBeLessThanOrEqual(limit);
    seen.push(...(page?.rows ?? []).map(({ n }) => n));
    place = page?.next ?? null;
  } while (place !== null);
  expect(seen).toEqual(numbers.slice(0, 1_203).map(Number));
});

test('all rows at once, the state without them, and queries nobody knows', async () => {
  const { engine, asked } = fakeAthena(numbers);
  expect(await engine.status('known')).toEqual({ state: 'done' });
  expect(asked).toHaveLength(1);
  const state = await engine.poll('known');
  expect(state?.state === 'done' && state.rows.length).toBe(2_500);
  expect(await engine.status('other')).toBeNull();
  expect(await engine.page('other', null, 10)).toBeNull();
});
