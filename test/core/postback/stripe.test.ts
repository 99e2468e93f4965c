import { describe, expect, it } from 'vitest';
import { CLICK, conversionsOf, verdictOf } from './senders.ts';

describe('stripe', () => {
  const event = (type: string, object: Record<string, unknown>, created = 1_780_311_600, livemode = true) => ({
    json: { id: 'evt_1', type, created, livemode, data: { object } },
  });
  const session = {
    id: 'cs_1',
    client_reference_id: CLICK,
    amount_total: 4990,
    currency: 'jpy',
    payment_status: 'paid',
    payment_intent: 'pi_1',
    created: 1_780_311_000,
    customer: 'cus_1',
    customer_details: { email: 'a@example.com', phone: null },
    metadata: { order_id: '1001' },
  };

  const saved = {
    ...session,
    mode: 'setup',
    payment_status: 'no_payment_required',
    ...{ amount_total: null, currency: null, payment_intent: null },
  };

  it('reads a paid session in minor units', () => {
    expect(conversionsOf('stripe', event('checkout.session.completed', session))[0]).toMatchObject({
      click_id: CLICK,
      txn_id: 'pi_1',
      order_id: '1001',
      status: 'approved',
      money: { currency: 'JPY', revenue: 4990 },
      customer_id: 'cus_1',
      email: 'a@example.com',
      occurred_at: 1_780_311_000_000,
      revised_at: 1_780_311_600_000,
    });
  });

  it.each([
    ['usd', 4990],
    ['isk', 50],
    ['mga', 499_000],
    ['kwd', 4990],
  ])('knows where Stripe departs from ISO 4217: %s', (currency, revenue) => {
    const [conversion] = conversionsOf('stripe', event('checkout.session.completed', { ...session, currency }));
    expect(conversion?.money?.revenue).toBe(revenue);
  });

  it.each([
    [event('checkout.session.completed', { ...session, payment_status: 'unpaid' }), 'not_paid'],
    [event('checkout.session.expired', session), 'not_paid'],
    [event('checkout.session.completed', saved), 'not_paid'],
    [event('checkout.session.completed', session, 1_780_311_600, false), 'test'],
    [event('customer.created', {}), 'other_topic'],
    [event('charge.dispute.created', { id: 'dp_1', amount: 500, status: 'warning_needs_response' }), 'other_topic'],
    [event('invoice.paid', { id: 'in_1', billing_reason: 'manual', amount_paid: 900 }), 'nothing_reported'],
  ])('passes over what is no revenue', (sent, reason) => {
    expect(verdictOf('stripe', sent)).toEqual([`ignored: ${reason}`]);
  });

  it('reads refunds one by one and in total, disputes and rebills', () => {
    const read = (type: string, object: Record<string, unknown>) => {
      const [found] = conversionsOf('stripe', event(type, { currency: 'usd', payment_intent: 'pi_1', ...object }));
      return [found?.entry, found?.event, found?.txn_id, found?.refund_id, found?.money?.revenue, found?.cumulative];
    };
    expect(read('refund.created', { id: 're_1', amount: 500, status: 'succeeded' })).toEqual([
      'refund',
      'sale',
      'pi_1',
      're_1',
      500,
      false,
    ]);
    expect(read('refund.failed', { id: 're_1', amount: 500, status: 'failed' })).toEqual([
      'refund',
      'sale',
      'pi_1',
      're_1',
      0,
      false,
    ]);
    expect(read('charge.refunded', { id: 'ch_1', amount_refunded: 700 })).toEqual([
      'refund',
      'sale',
      'pi_1',
      'ch_1',
      700,
      true,
    ]);
    expect(read('charge.dispute.created', { id: 'dp_1', amount: 500, status: 'needs_response' })).toEqual([
      'chargeback',
      'sale',
      'pi_1',
      'dp_1',
      500,
      false,
    ]);
    expect(read('charge.dispute.closed', { id: 'dp_1', amount: 500, status: 'won' })).toEqual([
      'chargeback',
      'sale',
      'pi_1',
      'dp_1',
      0,
      false,
    ]);
    expect(read('charge.dispute.closed', { id: 'dp_1', amount: 500, status: 'lost' })).toEqual([
      'chargeback',
      'sale',
      'pi_1',
      'dp_1',
      500,
      false,
    ]);
    const paid = (billing_reason: string) =>
      read('invoice.paid', { id: 'in_2', billing_reason, amount_paid: 900, payment_intent: null });
    expect(paid('subscription_create')).toEqual(['sale', 'sale', 'in_2', null, 900, false]);
    for (const reason of ['subscription_cycle', 'subscription_update', 'subscription_threshold'])
      expect(paid(reason)).toEqual(['sale', 'rebill', 'in_2', null, 900, false]);
  });
});
