import type { Condition, ConversionProfile, Field, Shape } from './profile.ts';
import { EVENT_WORDS, OK, STATUS_WORDS } from './words.ts';

const OBJECT = 'data.object';
const type = (matches: string): Condition => ({ path: 'type', matches });
const object = (path: string, matches: string): Condition => ({ path: `${OBJECT}.${path}`, matches });
const from = (...paths: string[]): Field => ({ from: paths.map((path) => `${OBJECT}.${path}`) });

/** When Stripe made the event: of two reports the later is true. */
const REVISED: Field = { from: ['created'] };
/** An invoice names itself on both sides; a payment without one is known by its payment intent. */
const TXN = from('invoice', 'payment_intent', 'id');

const session: Shape['fields'] = {
  click_id: from('client_reference_id', 'metadata.click_id'),
  txn_id: TXN,
  order_id: from('metadata.order_id'),
  amount: from('amount_total'),
  currency: from('currency'),
  ts: from('created'),
  promo_code: from('metadata.promo_code', 'discounts.0.promotion_code.code'),
  customer_id: from('customer.id', 'customer'),
  subscriber_id: from('metadata.subscriber_id'),
  email: from('customer_details.email', 'customer_email'),
  phone: from('customer_details.phone'),
  product: from('metadata.product'),
  revised_at: REVISED,
};

const takesBack = (id: Field, amount: Field | null): Shape['fields'] => ({
  txn_id: from('invoice', 'payment_intent', 'charge'),
  refund_id: id,
  currency: from('currency'),
  ts: from('created'),
  revised_at: REVISED,
  ...(amount && { amount }),
});
const dispute = takesBack(from('id'), from('amount'));

/**
 * Stripe Checkout. A session that is completed but unpaid is no revenue yet. Refunds arrive one by one (refund.*) or as the total so far
 * (charge.refunded); both together count once. A won dispute, like a failed refund, puts its amount back to nothing.
 */
export const stripe: ConversionProfile = {
  title: 'Stripe',
  kind: 'shop',
  inlet: 'webhooks',
  reports: 'conversions',
  authentication: { scheme: 'stripe' },
  acknowledgement: OK,
  subidParam: 'client_reference_id',
  ignore: [
    { when: [{ path: 'livemode', matches: 'false' }], reason: 'test' },
    { when: [type('checkout\\.session\\.completed'), object('payment_status', 'unpaid')], reason: 'not_paid' },
    { when: [type('checkout\\.session\\.(expired|async_payment_failed)')], reason: 'not_paid' },
  ],
  shapes: [
    {
      when: [type('checkout\\.session\\.(completed|async_payment_succeeded)')],
      event: 'sale',
      status: 'approved',
      fields: session,
    },
    {
      when: [type('invoice\\.(paid|payment_succeeded)'), object('billing_reason', 'subscription_cycle')],
      event: 'rebill',
      status: 'approved',
      fields: {
        click_id: from(
          'parent.subscription_details.metadata.click_id',
          'subscription_details.metadata.click_id',
          'lines.data.0.metadata.click_id',
        ),
        txn_id: from('id'),
        amount: from('amount_paid'),
        currency: from('currency'),
        ts: from('status_transitions.paid_at', 'created'),
        customer_id: from('customer.id', 'customer'),
        email: from('customer_email'),
        phone: from('customer_phone'),
        revised_at: REVISED,
      },
    },
    {
      when: [type('refund\\.(created|updated)|charge\\.refund\\.updated'), object('status', '(?!failed|canceled).*')],
      event: 'sale',
      entry: 'refund',
      fields: takesBack(from('id'), from('amount')),
    },
    {
      when: [type('refund\\.(updated|failed)|charge\\.refund\\.updated'), object('status', 'failed|canceled')],
      event: 'sale',
      entry: 'refund',
      fixed: { amount: '0' },
      fields: takesBack(from('id'), null),
    },
    {
      when: [type('charge\\.refunded')],
      event: 'sale',
      entry: 'refund',
      cumulative: true,
      fields: { ...takesBack(from('id'), from('amount_refunded')), txn_id: from('invoice', 'payment_intent', 'id') },
    },
    {
      when: [type('charge\\.dispute\\.(created|funds_withdrawn)')],
      event: 'sale',
      entry: 'chargeback',
      fields: dispute,
    },
    {
      when: [type('charge\\.dispute\\.closed'), object('status', 'lost')],
      event: 'sale',
      entry: 'chargeback',
      fields: dispute,
    },
    {
      when: [type('charge\\.dispute\\.(funds_reinstated|closed)'), object('status', '(?!lost).*')],
      event: 'sale',
      entry: 'chargeback',
      fixed: { amount: '0' },
      fields: takesBack(from('id'), null),
    },
  ],
  statuses: STATUS_WORDS,
  events: EVENT_WORDS,
  notation: 'minor',
  // where Stripe's minor units are not those of ISO 4217 (docs.stripe.com/currencies, special cases and zero-decimal list)
  minorDigits: { ISK: 2, UGX: 2, MGA: 0 },
  currency: null,
  duplicates: 'update',
  txnIsClick: false,
  setup: [
    'Pass the click id into Checkout: set client_reference_id to the click_id your landing page received (payment links: append ?client_reference_id=…). For subscriptions also set subscription_data.metadata.click_id.',
    'In Stripe open Developers, Webhooks, Add destination, and paste this endpoint URL: {url}',
    'Select checkout.session.completed, checkout.session.async_payment_succeeded, invoice.paid, refund.created, refund.updated, refund.failed, charge.dispute.created, charge.dispute.closed.',
    'Copy the endpoint’s signing secret (whsec_…) into the source: npx onehop source update {source} --secret-file -',
  ],
};
