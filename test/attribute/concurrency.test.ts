import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { StoredMessage } from '../../lambdas/core/postback/stored-message.ts';
import { clickId, messageTo, NOW, netOf, startLedger, type TestLedger, tableNet } from '../support/ledger.ts';
import { mortal } from '../support/mortal.ts';

// hundreds of calls at once on one core
vi.setConfig({ testTimeout: 120_000 });

let account: TestLedger;
beforeEach(async () => {
  account = await startLedger();
  await account.addSource('net', { profile: 'everflow' });
  for (const id of ['shop', 'other', 'third']) await account.addSource(id, { profile: 'generic' });
});
afterEach(() => account.close());

const CLICK = clickId(7, 42);

it('counts hundreds of the same postback at once as one', async () => {
  const same = Array.from({ length: 200 }, (_, at) =>
    messageTo('net', { query: `click_id=${CLICK}&txn_id=1&payout=5`, received_at: NOW + at }),
  );
  const answers = await Promise.all(same.map((message) => account.deliver([message])));
  expect(answers.flatMap(({ batchItemFailures }) => batchItemFailures)).toEqual([]);
  const rows = account.streams.rows.conversions;
  expect(new Set(rows.map(({ entry_id }) => entry_id)).size).toBe(1);
  expect(Object.values(netOf(rows))).toEqual([500]);
  const events = await account.ledger.events.before('net', { received_at: NOW + 1_000, id: '' }, 400, NOW);
  expect(events.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
  expect(events.filter(({ outcome }) => outcome === 'duplicate')).toHaveLength(199);
});

it('counts changes and refunds that come at once, in one batch and in many', async () => {
  const sale = (payout: number, at: number) =>
    messageTo('net', { query: `click_id=${CLICK}&txn_id=1&payout=${payout}`, received_at: NOW + at });
  const refund = (id: number) =>
    messageTo('net', {
      query: `click_id=${CLICK}&txn_id=1&payout=1&event=refund&refund_id=${id}`,
      received_at: NOW + 100 + id,
    });
  const messages = [...Array.from({ length: 10 }, (_, at) => sale(50 + at, at)), ...[1, 2, 3, 4, 5].map(refund)];
  const batches = [messages, ...messages.map((message) => [message])];
  const failed = await untilDone(batches);
  expect(failed).toBe(0);
  const rows = account.streams.rows.conversions;
  expect(Object.values(netOf(rows))).toEqual([5900 - 500]);
  expect(await tableNet(account.ledger, [rows[0]?.conversion_id ?? ''])).toEqual(netOf(rows));
});

it('gives an order that three sources report at once to one of them', async () => {
  const messages = Array.from({ length: 40 }, (_, order) =>
    ['shop', 'other', 'third'].map((source) => messageTo(source, { query: `order_id=o${order}&amount=9` })),
  ).flat();
  await untilDone(messages.map((message) => [message]));
  const rows = account.rows();
  expect(rows).toHaveLength(40);
  expect(new Set(rows.map(({ order_id }) => order_id)).size).toBe(40);
});

/** Delivers batches at once, and what failed again, as the queue does. @returns what failed in the end */
async function untilDone(batches: readonly (readonly StoredMessage[])[]): Promise<number> {
  let left = batches;
  for (let turn = 0; left.length > 0 && turn < 20; turn++) {
    const answers = await Promise.all(left.map((batch) => account.deliver(batch)));
    left = left.filter((_, at) => (answers[at]?.batchItemFailures.length ?? 0) > 0);
  }
  return left.length;
}

const report = fc.record({
  order: fc.constantFrom('1', '2'),
  cents: fc.integer({ min: 1, max: 99 }),
  refund: fc.constantFrom(null, null, 'a', 'b'),
  at: fc.nat(100_000),
  diesAt: fc.option(fc.nat(25)),
});

it('comes to the same net as an undisturbed worker, in any order and with any crashes', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(report, { minLength: 1, maxLength: 8 }), fc.boolean(), async (reports, together) => {
      const ownership = `${++run}`;
      // each order belongs to one source here: whose it is would depend on who comes first
      const messages = (prefix: string) =>
        reports.map(({ order, cents, refund, at }) =>
          messageTo(order === '1' ? 'shop' : 'other', {
            query: `order_id=${prefix}${ownership}-${order}&amount=0.${String(cents).padStart(2, '0')}${refund ? `&event=refund&refund_id=${refund}` : ''}`,
            received_at: NOW + at,
          }),
        );
      const calm = await netAfter(messages('calm'), (list) =>
        list.reduce(async (before, one) => {
          await before;
          await account.deliver([one]);
        }, Promise.resolve()),
      );
      const wild = await netAfter(messages('wild'), async (list) => {
        const dying = list.map((message, at) => async () => {
          const { diesAt } = reports[at] ?? {};
          if (diesAt !== null && diesAt !== undefined)
            await account.deliver([message], mortal(account.services, diesAt, 'after').services).catch(() => undefined);
        });
        if (together) await Promise.all(dying.map((run) => run()));
        else for (const run of dying) await run();
        await untilDone(list.toReversed().map((message) => [message]));
      });
      expect(wild).toEqual(calm);
    }),
    { numRuns: 25 },
  );
});

async function netAfter(messages: readonly StoredMessage[], play: (list: readonly StoredMessage[]) => Promise<void>) {
  account.streams.rows.conversions.length = 0;
  await play(messages);
  const rows = account.streams.rows.conversions;
  const ids = rows.map(({ conversion_id }) => conversion_id);
  expect(await tableNet(account.ledger, ids)).toEqual(netOf(rows));
  const orders = new Map(rows.map(({ conversion_id, order_id }) => [conversion_id, order_id?.slice(-1)]));
  return Object.entries(netOf(rows))
    .map(([key, net]) => `${orders.get(key.split(' ')[0] ?? '')} ${net}`)
    .sort();
}
