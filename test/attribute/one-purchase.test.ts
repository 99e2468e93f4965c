import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { StoredMessage } from '../../lambdas/core/postback/stored-message.ts';
import { createSweep } from '../../lambdas/sweep/handler.ts';
import { messageTo, NOW, startLedger, type TestLedger } from '../support/ledger.ts';
import { mortal } from '../support/mortal.ts';

vi.setConfig({ testTimeout: 120_000 });

const DAY = 86_400_000;
const SOURCES = ['site', 'shop'] as const;

/** Names under which a source may tell of one purchase; it calls its transaction by an id of its own. */
const NAMES = {
  order: () => 'order_id=O',
  transaction: (source: string) => `txn_id=T-${source}`,
  both: (source: string) => `order_id=O&txn_id=T-${source}`,
} as const;
type Name = keyof typeof NAMES;

interface Telling {
  readonly source: (typeof SOURCES)[number];
  readonly name: Name;
  /** Which refund it is, and how much; 0 for the sale itself. */
  readonly refund: number;
}

const queryOf = ({ source, name, refund }: Telling) =>
  `${NAMES[name](source)}&${refund === 0 ? 'event=sale&amount=9' : `event=refund&refund_id=r${refund}&amount=${refund}`}`;

/** Any of what two sources may tell; each says once which order its transaction is of. */
const tellings = fc
  .subarray(
    SOURCES.flatMap((source) =>
      (['order', 'transaction', 'both'] as const).flatMap((name) =>
        [0, 1, 2].map((refund): Telling => ({ source, name, refund })),
      ),
    ),
    { minLength: 1, maxLength: 9 },
  )
  .map((some) => {
    const isWhole = ({ name, refund }: Telling) => name === 'both' && refund === 0;
    const whole = SOURCES.filter((source) => some.some((one) => one.source === source)).map(
      (source): Telling => ({ source, name: 'both', refund: 0 }),
    );
    return [...some.filter((one) => !isWhole(one)), ...whole];
  });

/** Batches of some messages each, of which a worker may die before another takes them. */
const plays = tellings.chain((told) => {
  const messages = told.map((one, minute) =>
    messageTo(one.source, { query: queryOf(one), received_at: NOW + minute * 60_000 }),
  );
  const twice = [...messages, ...messages];
  const turn = fc.record({
    size: fc.integer({ min: 1, max: 4 }),
    diesAt: fc.option(fc.integer({ min: 0, max: 25 }), { freq: 2 }),
    when: fc.constantFrom('before' as const, 'after' as const),
  });
  return fc.record({
    told: fc.constant(told),
    order: fc.shuffledSubarray(twice, { minLength: twice.length }),
    turns: fc.array(turn, { minLength: twice.length, maxLength: twice.length }),
    workers: fc.integer({ min: 1, max: 3 }),
  });
});
type Play = typeof plays extends fc.Arbitrary<infer T> ? T : never;

function batchesOf({ order, turns }: Pick<Play, 'order' | 'turns'>) {
  let from = 0;
  return turns.flatMap((turn) => {
    const batch = order.slice(from, from + turn.size);
    from += turn.size;
    return batch.length > 0 ? [{ ...turn, batch }] : [];
  });
}

async function take(account: TestLedger, batch: readonly StoredMessage[], { diesAt, when }: Play['turns'][number]) {
  if (diesAt !== null)
    await account.deliver(batch, mortal(account.services, diesAt, when).services).catch(() => undefined);
  expect(await account.deliver(batch)).toEqual({ batchItemFailures: [] });
}

/** Source, status and net of what counts in the end. */
async function counted(play: Play) {
  const account = await startLedger();
  try {
    for (const source of SOURCES) await account.addSource(source, { profile: 'generic', currency: 'USD' });
    const batches = batchesOf(play);
    const work = async () => {
      for (let next = batches.shift(); next; next = batches.shift()) await take(account, next.batch, next);
    };
    await Promise.all(Array.from({ length: play.workers }, work));
    for (let day = 0; day < 3; day++) {
      account.clock.now += DAY;
      await createSweep(account.services)({ staleMs: 0 });
    }
    const byId = Map.groupBy(account.rows(), ({ conversion_id }) => conversion_id);
    return [...byId.values()]
      .map((rows) => ({
        source: rows[0]?.source_id,
        status: rows.at(-1)?.status,
        net: rows.reduce((sum, { revenue_minor }) => sum + (revenue_minor ?? 0), 0),
      }))
      .filter(({ status }) => status !== 'rejected');
  } finally {
    await account.close();
  }
}

it('counts a purchase once, whoever tells it by whichever names, with the refunds of the source it counts for', async () => {
  await fc.assert(
    fc.asyncProperty(plays, async (play) => {
      const found = await counted(play);
      const [source] = found.map((one) => one.source);
      const refunds = new Set(play.told.filter((one) => one.source === source).map(({ refund }) => refund));
      const net = 900 - [...refunds].reduce((sum, refund) => sum + refund * 100, 0);
      expect(found).toEqual([{ source, status: 'approved', net }]);
    }),
    { numRuns: 25 },
  );
});
