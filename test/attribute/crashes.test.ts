import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StoredMessage } from '../../lambdas/core/postback/stored-message.ts';
import { createSweep } from '../../lambdas/sweep/handler.ts';
import { clickId, latest, messageTo, NOW, netOf, startLedger, type TestLedger, tableNet } from '../support/ledger.ts';
import { mortal } from '../support/mortal.ts';

vi.setConfig({ testTimeout: 120_000 });

let account: TestLedger;
beforeEach(async () => {
  account = await startLedger();
  await account.addSource('net', { profile: 'everflow' });
  await account.addSource('shop', { profile: 'generic' });
  await account.addSource('other', { profile: 'generic' });
  await account.addLink(7, { campaign_id: 'summer' });
  await account.addSubscriber('anna', 42);
});
afterEach(() => account.close());

const CLICK = clickId(7, 42);
const SALE = `click_id=${CLICK}&txn_id=T&payout=5`;

type Story = (turn: string) => [source: string, query: string][];

const orderOfTwo: Story = (turn) => [
  ['shop', `order_id=${turn}&amount=9`],
  ['other', `order_id=${turn}&amount=9`],
];

/** Messages of a key of its own for each turn. */
const stories: Record<string, Story> = {
  'a sale': (turn) => [['net', SALE.replace('T', turn)]],
  'a sale, its change and its refund': (turn) => [
    ['net', SALE.replace('T', turn)],
    ['net', SALE.replace('T', turn).replace('payout=5', 'payout=8')],
    ['net', `${SALE.replace('T', turn).replace('payout=5', 'payout=3')}&event=refund&refund_id=r`],
  ],
  'a refund before its sale': (turn) => [
    ['shop', `order_id=${turn}&amount=4&event=refund&refund_id=r`],
    ['shop', `order_id=${turn}&amount=9&email=bob@example.com`],
  ],
  'an order of two shops': orderOfTwo,
  'a postback nobody understands': (turn) => [['net', `${SALE.replace('T', turn)}&event=mystery`]],
};

const messagesOf = (story: Story, turn: string) =>
  story(turn).map(([source, query], at) => messageTo(source, { query, id: `${turn}-${at}`, received_at: NOW + at }));

describe.each(Object.entries(stories))('%s', (_, story) => {
  it.each(['before', 'after'] as const)('counts once, whichever call a worker dies %s', async (when) => {
    const calm = messagesOf(story, 'calm');
    for (const message of calm) await account.deliver([message]);
    const expected = await truthOf(calm);
    let diesAt = 0;
    for (let wasKilled = true; wasKilled; diesAt++) {
      account.streams.rows.conversions.length = 0;
      const messages = messagesOf(story, `turn${diesAt}`);
      wasKilled = await survive(messages, diesAt, when);
      expect(await truthOf(messages)).toEqual(expected);
    }
    expect(diesAt).toBeGreaterThan(4);
  });
});

/** Each message is taken by a worker that dies, then by one that lives. @returns false where none died any more */
async function survive(messages: readonly StoredMessage[], diesAt: number, when: 'before' | 'after'): Promise<boolean> {
  let wasKilled = false;
  for (const message of messages) {
    const { services, life } = mortal(account.services, diesAt, when);
    await account.deliver([message], services).catch(() => undefined);
    wasKilled ||= life.isDead;
    expect(await account.deliver([message])).toEqual({ batchItemFailures: [] });
  }
  return wasKilled;
}

/** What lake, table and events say. The first two always agree, and nothing is left to deliver. */
async function truthOf(messages: readonly StoredMessage[]) {
  const rows = account.streams.rows.conversions;
  const ids = rows.map(({ conversion_id }) => conversion_id);
  expect(await tableNet(account.ledger, ids)).toEqual(netOf(rows));
  for (const id of ids) expect((await account.ledger.store.byId(id)).record).toMatchObject({ pending: [], events: [] });
  const events = await Promise.all(messages.map(({ id }) => account.ledgerTable.get(`event#${id}_0.0.0`)));
  return {
    net: Object.values(netOf(rows)),
    entries: latest(rows).map(({ entry, revenue_minor }) => `${entry} ${revenue_minor}`),
    events: events.map((item) => [item?.outcome, item?.reason]),
    quarantined: await Promise.all(messages.map(async ({ id }) => (await account.ledger.quarantine.get(id))?.parts)),
  };
}

/** What counts under one name gives way to another, and its rejection is delivered by the sweep. */
const renamed: Record<string, Story> = {
  'a transaction, its refund, its order, and both': (turn) => [
    ['shop', `event=sale&txn_id=${turn}&amount=9`],
    ['shop', `event=refund&txn_id=${turn}&refund_id=r&amount=2`],
    ['shop', `event=sale&order_id=o${turn}&amount=9`],
    ['shop', `event=sale&order_id=o${turn}&txn_id=${turn}&amount=9`],
  ],
  'a transaction that turns out to be another shop’s order': (turn) => [
    ['shop', `event=sale&txn_id=${turn}&amount=9`],
    ['other', `event=sale&order_id=o${turn}&amount=9`],
    ['shop', `event=sale&order_id=o${turn}&txn_id=${turn}&amount=9`],
    ['shop', `event=sale&txn_id=${turn}&amount=9`],
  ],
  'a refund that finds its lead, and a sale of the same name': (turn) => [
    ['shop', `event=refund&txn_id=${turn}&refund_id=r&amount=2`],
    ['shop', `event=lead&txn_id=${turn}&amount=9`],
    ['shop', `event=refund&txn_id=${turn}&refund_id=r&amount=2&n=2`],
    ['shop', `event=sale&txn_id=${turn}&amount=9`],
  ],
};

describe.each(Object.entries(renamed))('%s', (_, story) => {
  it.each(['before', 'after'] as const)('counts once, whichever call a worker dies %s', async (when) => {
    const sweep = createSweep(account.services);
    const nets = async () => {
      await sweep({ staleMs: 0 });
      return Object.values(netOf(account.streams.rows.conversions)).toSorted();
    };
    for (const message of messagesOf(story, 'calm')) await account.deliver([message]);
    const expected = await nets();
    let diesAt = 0;
    for (let wasKilled = true; wasKilled; diesAt++) {
      account.streams.rows.conversions.length = 0;
      wasKilled = await survive(messagesOf(story, `turn${diesAt}`), diesAt, when);
      expect(await nets()).toEqual(expected);
    }
    expect(diesAt).toBeGreaterThan(4);
  });
});

describe('an order whose first shop dies and comes back after the second', () => {
  it.each(['before', 'after'] as const)('counts once, whichever call it dies %s', async (when) => {
    const winners = new Set<string>();
    let diesAt = 0;
    for (let wasKilled = true; wasKilled; diesAt++) {
      account.streams.rows.conversions.length = 0;
      const [first, second] = messagesOf(orderOfTwo, `late${diesAt}`) as [StoredMessage, StoredMessage];
      const { services, life } = mortal(account.services, diesAt, when);
      await account.deliver([first], services).catch(() => undefined);
      await account.deliver([second]);
      await account.deliver([first]);
      const [row, ...others] = account.rows();
      expect(others).toEqual([]);
      expect((await truthOf([first, second])).net).toEqual([900]);
      winners.add(row?.source_id ?? '');
      wasKilled = life.isDead;
    }
    expect([...winners].sort()).toEqual(['other', 'shop']);
  });
});
