import { expect, it } from 'vitest';
import { Gathered } from '../../lambdas/adapters/gathered.ts';

it('works in one go on what is asked for in one turn, and answers each with its own', async () => {
  const rounds: (readonly number[])[] = [];
  const gathered = new Gathered<number, string>((asks) => {
    rounds.push(asks);
    return asks.map(async (ask) => `answer ${ask}`);
  });
  const first = [1, 2, 3].map((ask) => gathered.ask(ask));
  await Promise.resolve();
  const late = gathered.ask(4);
  expect(await Promise.all([...first, late])).toEqual(['answer 1', 'answer 2', 'answer 3', 'answer 4']);
  expect(await gathered.ask(5)).toBe('answer 5');
  expect(rounds).toEqual([[1, 2, 3, 4], [5]]);
});

it('tells a failure to those whom it meets, and works on', async () => {
  const gathered = new Gathered<number, number>((asks) => {
    if (asks.includes(0)) throw new Error('nothing at all');
    return asks.map(async (ask) => {
      if (ask < 0) throw new Error(`not ${ask}`);
      return ask;
    });
  });
  expect(await Promise.allSettled([gathered.ask(1), gathered.ask(-2), gathered.ask(3)])).toMatchObject([
    { value: 1 },
    { reason: { message: 'not -2' } },
    { value: 3 },
  ]);
  const none = await Promise.allSettled([gathered.ask(0), gathered.ask(1)]);
  expect(none.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await gathered.ask(7)).toBe(7);
});
