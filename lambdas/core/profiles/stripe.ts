import type { Condition, ConversionProfile, Field, Shape } from './profile.ts';
import { EVENT_WORDS, OK, STATUS_WORDS } from './words.ts';

const OBJECT = 'data.object';
const type = (matches: string): Condition => ({ path: 'type', matches });
const object = (path: string, matches: string): Condition => ({ path: `${OBJECT}.${path}`, matches });
const from = (...paths: string[]): Field => ({ from: paths.map((path) => `${OBJECT}.${path}`) });

/** When Stripe made the event: of two reports the later is true. */
const REVISED: Field = { from: ['created'] };
const session: Shape['fields'] = {
  click_id: from('client_reference_id', 'metadata.click_id'),
  // the first invoice of a subscription is paid by a payment the session does not name
  txn_id: from('payment_intent', 'invoice', 'id'),
  order_id: from('metadata.order_id'),
  amount: from('amount_total'),
  currency: from('currency'),
  ts: from('created'),
  promo_code: from('metadata.promo_code', 'discounts[].promotion_code.code'),
  customer_id: from('customer.id', 'customer'),
  subscriber_id: from('metadata.subscriber_id'),
  email: from('customer_details.email', 'customer_email'),
  phone: from('customer_details.phone'),
  country: from('customer_details.address.country'),
  product: from('metadata.product'),
  revised_at: REVISED,
};

const INVOICE_PAID = type('invoice\\.(paid|payment_succeeded)');
/** What was written on the subscription, as the invoice repeats it: since version 2025-03-31, before it, and on its first line. */
const ofSubscription = (name: string) =>
  from(
    `parent.subscription_details.metadata.${name}`,
    `subscription_details.metadata.${name}`,
    `lines.data.0.metadata.${name}`,
  );
const invoice: Shape['fields'] = {
  click_id: ofSubscription('click_id'),
  txn_id: from('id'),
  amount: from('amount_paid'),
  currency: from('currency'),
  ts: from('status_transitions.paid_at', 'created'),
  customer_id: from('customer.id', 'customer'),
  email: from('customer_email'),
  phone: from('customer_phone'),
  country: from('customer_address.country'),
  revised_at: REVISED,
};

/** What takes back names the payment and says neither whether that was a sale or a rebill, nor of which invoice. */
const takesBack = (entry: 'refund' | 'chargeback', amount: Field | '0', txn = from('payment_intent', 'charge')) =>
  ({
    event: 'sale_or_rebill',
    entry,
    ...(amount === '0' && { fixed: { amount } }),
    fields: {
      txn_id: txn,
      refund_id: from('id'),
      currency: from('currency'),
      ts: from('created'),
      revised_at: REVISED,
      ...(amount !== '0' && { amount }),
    },
  }) satisfies Shape;

/**
 * Stripe Checkout and Billing. A session that is completed but unpaid is no revenue yet. The first invoice of a subscription is a sale,
 * the same as that of its Checkout session, which names the invoice; later ones are rebills. Invoices without a subscription are left
 * out: Checkout makes them as well, for sessions that name their payment only, so their sales would count twice. Refunds arrive one by
 * one (refund.*) or as the total so far (charge.refunded); both together count once. A won dispute, like a failed refund, puts its
 * amount back to nothing; an inquiry (`warning_…`) takes none. Refunds and disputes name the payment, subscriptions the invoice: which
 * belongs to which, `invoice_payment.paid` tells (docs.stripe.com/api/invoice-payment/object), and in versions before 2025-03-31 the
 * invoice.
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
    // a card saved for later: nothing is sold, and there is no amount
    { when: [type('checkout\\.session\\..*'), object('mode', 'setup')], reason: 'not_paid' },
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
      when: [INVOICE_PAID, object('billing_reason', 'subscription_create')],
      event: 'sale',
      status: 'approved',
      fields: {
        ...invoice,
        order_id: ofSubscription('order_id'),
        promo_code: ofSubscription('promo_code'),
        subscriber_id: ofSubscription('subscriber_id'),
        product: ofSubscription('product'),
      },
    },
    {
      when: [INVOICE_PAID, object('billing_reason', 'subscription_(cycle|update|threshold)')],
      event: 'rebill',
      status: 'approved',
      fields: invoice,
    },
    {
      when: [INVOICE_PAID],
      namesOnly: true,
      fields: {
        txn_id: from('id'),
        alias: from('payment_intent', 'payments.data.0.payment.payment_intent'),
      },
    },
    {
      when: [type('invoice_payment\\.paid')],
      namesOnly: true,
      fields: { txn_id: from('invoice'), alias: from('payment.payment_intent') },
    },
    {
      when: [type('refund\\.(created|updated)|charge\\.refund\\.updated'), object('status', '(?!failed|canceled).*')],
      ...takesBack('refund', from('amount')),
    },
    {
      when: [type('refund\\.(updated|failed)|charge\\.refund\\.updated'), object('status', 'failed|canceled')],
      ...takesBack('refund', '0'),
    },
    {
      when: [type('charge\\.refunded')],
      cumulative: true,
      ...takesBack('refund', from('amount_refunded'), from('payment_intent', 'id')),
    },
    {
      when: [type('charge\\.dispute\\.created'), object('status', '(?!warning_|prevented).*')],
      ...takesBack('chargeback', from('amount')),
    },
    {
      when: [type('charge\\.dispute\\.funds_withdrawn')],
      ...takesBack('chargeback', from('amount')),
    },
    {
      when: [type('charge\\.dispute\\.closed'), object('status', 'lost')],
      ...takesBack('chargeback', from('amount')),
    },
    {
      when: [type('charge\\.dispute\\.(funds_reinstated|closed)'), object('status', '(?!lost).*')],
      ...takesBack('chargeback', '0'),
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
    'Pass the click id into Checkout: set client_reference_id to the click_id your landing page received (payment links: append ?client_reference_id=…). For subscriptions set click_id (and order_id, where you use it) in their own metadata as well, in Checkout by subscription_data.metadata: invoices repeat it.',
    'In Stripe open Developers, Webhooks, Add destination, and paste this endpoint URL: {url}',
    'Select checkout.session.completed, checkout.session.async_payment_succeeded, invoice.paid, invoice_payment.paid (without it refunds of subscriptions find nothing), refund.created, refund.updated, refund.failed, charge.dispute.created, charge.dispute.funds_withdrawn, charge.dispute.funds_reinstated, charge.dispute.closed.',
    'Copy the endpoint’s signing secret (whsec_…) into the source: npx onehop source update {source} --secret-file -',
    'Counted are paid sessions, the first invoice of each subscription (with or without Checkout, once) and as rebills its renewals, upgrades and usage billed in between. Not counted are single invoices and payments outside Checkout: tell those by POST /v1/conversions.',
  ],
};
