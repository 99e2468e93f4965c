import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StoredMessage } from '../../lambdas/core/postback/stored-message.ts';
import { createSweep } from '../../lambdas/sweep/handler.ts';
import { clickId, messageTo, NOW, netsOf, startLedger } from '../support/ledger.ts';

const CLICK = clickId(7, 42);
const DAY = 86_400_000;

/** What senders tell one after another, a minute apart. */
const own = (query: string) => ({ source: 'site', query });
const tracker = (query: string) => ({ source: 'tracker', query: `subid=${CLICK}&${query}` });
const stripe = (type: string, object: Record<string, unknown>) => ({ source: 'pay', type, object });

const scripts = {
  'an order, its transaction, and refunds by either': [
    own('order_id=A&amount=9'),
    own('order_id=A&txn_id=T&amount=9'),
    own('event=refund&txn_id=T&refund_id=x&amount=2'),
    own('event=refund&order_id=A&refund_id=y&amount=1'),
  ],
  'a lead and refunds by either of its ids': [
    own('event=lead&order_id=A&txn_id=T&amount=9'),
    own('event=refund&txn_id=T&refund_id=x&amount=2'),
    own('event=refund&order_id=A&refund_id=y&amount=1'),
  ],
  'rebills under one order': [
    own('event=rebill&order_id=S&txn_id=r1&amount=5'),
    own('event=rebill&order_id=S&txn_id=r2&amount=5'),
    own('event=rebill&txn_id=r2&refund_id=x&amount=5'),
  ],
  'a tracker with transactions': [
    tracker('payout=5&status=sale&tid=1'),
    tracker('payout=3&status=rebill&tid=2'),
    tracker('payout=3&status=rejected&tid=2'),
    tracker('payout=1&status=lead&tid=3'),
    tracker('payout=1&status=rejected&tid=3'),
  ],
  'a tracker without transactions': [
    tracker('payout=5&status=sale'),
    tracker('payout=5&status=rejected'),
    tracker('payout=3&status=rebill'),
  ],
  'a status that comes back': [
    tracker('payout=5&status=sale&tid=1'),
    tracker('payout=5&status=rejected&tid=1'),
    tracker('payout=6&status=sale&tid=1'),
  ],
  'a subscription, its invoice, its payment, a refund and a dispute that was won': [
    stripe('checkout.session.completed', { id: 'cs', payment_status: 'paid', amount_total: 900, invoice: 'in_1' }),
    stripe('invoice.paid', { id: 'in_1', billing_reason: 'subscription_create', amount_paid: 900 }),
    stripe('invoice_payment.paid', { invoice: 'in_1', payment: { payment_intent: 'pi_1' } }),
    stripe('refund.created', { id: 're', payment_intent: 'pi_1', amount: 300, status: 'succeeded' }),
    stripe('charge.dispute.created', { id: 'dp', payment_intent: 'pi_1', amount: 600, status: 'needs_response' }),
    stripe('charge.dispute.closed', { id: 'dp', payment_intent: 'pi_1', amount: 600, status: 'won' }),
  ],
};

/** What may come to one conversion or another, as it arrives, but counts once in any case. */
const shared = {
  'a subscription whose order only its session names, beside one’s own site': [
    own('order_id=sub-1&amount=9'),
    stripe('checkout.session.completed', {
      ...{ id: 'cs', payment_status: 'paid', amount_total: 900, invoice: 'in_1', metadata: { order_id: 'sub-1' } },
    }),
    stripe('invoice.paid', { id: 'in_1', billing_reason: 'subscription_create', amount_paid: 900 }),
    stripe('invoice_payment.paid', { invoice: 'in_1', payment: { payment_intent: 'pi_1' } }),
  ],
  'an order and its transaction, each alone and both': [
    own('event=sale&order_id=A&amount=9'),
    own('event=sale&txn_id=T&amount=9'),
    own('event=sale&order_id=A&txn_id=T&amount=9'),
    own('event=refund&txn_id=T&refund_id=x&amount=2'),
  ],
  'a lead that becomes a sale under the same transaction, and a refund': [
    own('event=lead&txn_id=T&amount=5'),
    own('event=refund&txn_id=T&refund_id=x&amount=2'),
    own('event=sale&txn_id=T&amount=9'),
  ],
};

function messageAt(told: ReturnType<typeof own | typeof stripe>, minute: number): StoredMessage {
  const received_at = NOW + minute * 60_000;
  if ('query' in told) return messageTo(told.source, { query: told.query, received_at });
  const object = { currency: 'usd', created: received_at / 1000, ...told.object };
  return messageTo(told.source, {
    json: { type: told.type, livemode: true, created: received_at / 1000, data: { object } },
    received_at,
  });
}

/** Conversions once the messages were taken, batch after batch, and the sweep has found what waited. */
async function outcomeOf(batches: readonly (readonly StoredMessage[])[]) {
  const account = await startLedger();
  try {
    await account.addSource('site', { profile: 'generic' });
    await account.addSource('tracker', { profile: 'keitaro', currency: 'USD', events: { lead: 'lead' } });
    await account.addSource('pay', { profile: 'stripe' });
    for (const batch of batches) await account.process(...batch);
    for (let day = 0; day < 3; day++) {
      account.clock.now += DAY;
      await createSweep(account.services)({ staleMs: 0 });
    }
    const { found } = await account.ledger.quarantine.list('waiting', null, 100);
    const nets = netsOf(account.rows()).map((net) => net.split(' ').slice(1).join(' '));
    return { nets: nets.toSorted(), waiting: found.length };
  } finally {
    await account.close();
  }
}

const isCounted = (net: string) => !net.endsWith(' rejected 0');

/** What counts in the end: how many conversions, and their money. */
function sumOf({ nets, waiting }: Awaited<ReturnType<typeof outcomeOf>>) {
  const money = nets.reduce((sum, net) => sum + Number(net.split(' ').at(-1)), 0);
  return { conversions: nets.filter(isCounted).length, money, waiting };
}

/** Plays a script in its order, then in others, with repeats, in one batch or many. */
async function alike(
  script: readonly ReturnType<typeof own | typeof stripe>[],
  view: (outcome: Awaited<ReturnType<typeof outcomeOf>>) => unknown,
) {
  const messages = script.map(messageAt);
  const straight = await outcomeOf(messages.map((one) => [one]));
  expect(straight.waiting).toBe(0);
  const twice = [...messages, ...messages];
  const shuffled = fc.shuffledSubarray(twice, { minLength: messages.length, maxLength: twice.length });
  const whole = shuffled.filter((some) => messages.every((one) => some.includes(one)));
  await fc.assert(
    fc.asyncProperty(whole, fc.boolean(), async (order, isOneBatch) => {
      expect(view(await outcomeOf(isOneBatch ? [order] : order.map((one) => [one])))).toEqual(view(straight));
    }),
    { numRuns: 6 },
  );
}

it.each(Object.entries(scripts))('comes to the same in any order of arrival, with repeats: %s', (_, script) =>
  alike(script, (outcome) => outcome),
);

it.each(Object.entries(shared))('counts once in any order of arrival, with repeats: %s', (_, script) =>
  alike(script, sumOf),
);
