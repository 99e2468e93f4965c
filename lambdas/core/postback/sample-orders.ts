/** What stands for values in a sample order. */
export interface SampleValues {
  readonly clickId: string;
  /** Three letters in capitals. */
  readonly currency: string;
  /** Epoch milliseconds of the sale. */
  readonly at: number;
}

interface SampleOrder {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const ID = 9_000_000_001;
const EMAIL = 'sample@example.com';
const seconds = (at: number) => Math.floor(at / 1_000);
const iso = (at: number) => new Date(at).toISOString();

/** Small orders of senders that put JSON into webhooks, as these senders write them (networks.md §8); by profile. */
export const sampleOrders: Readonly<Record<string, (values: SampleValues) => SampleOrder>> = {
  shopify: ({ clickId, currency, at }) => ({
    headers: { 'x-shopify-topic': 'orders/create' },
    body: {
      id: ID,
      created_at: iso(at),
      updated_at: iso(at),
      total_price: '49.90',
      currency,
      financial_status: 'paid',
      test: false,
      email: EMAIL,
      customer: { id: 1_001, email: EMAIL },
      note_attributes: [{ name: 'click_id', value: clickId }],
      discount_codes: [],
      line_items: [{ title: 'Sample product', quantity: 1, price: '49.90' }],
    },
  }),
  woocommerce: ({ clickId, currency, at }) => ({
    headers: { 'x-wc-webhook-topic': 'order.created' },
    body: {
      id: ID,
      status: 'processing',
      currency,
      total: '49.90',
      date_created_gmt: iso(at).slice(0, 19),
      date_modified_gmt: iso(at).slice(0, 19),
      customer_id: 0,
      billing: { email: EMAIL },
      meta_data: [{ id: 1, key: 'click_id', value: clickId }],
      line_items: [{ name: 'Sample product', quantity: 1, total: '49.90' }],
      refunds: [],
    },
  }),
  stripe: ({ clickId, currency, at }) => ({
    headers: {},
    body: {
      id: 'evt_sample',
      type: 'checkout.session.completed',
      livemode: true,
      created: seconds(at),
      data: {
        object: {
          id: 'cs_sample',
          object: 'checkout.session',
          created: seconds(at),
          client_reference_id: clickId,
          payment_intent: 'pi_sample',
          payment_status: 'paid',
          amount_total: 4990,
          currency: currency.toLowerCase(),
          customer_details: { email: EMAIL },
        },
      },
    },
  }),
  clickbank: ({ clickId, currency, at }) => ({
    headers: {},
    body: {
      transactionTime: iso(at),
      receipt: 'SAMPLE01',
      transactionType: 'SALE',
      currency,
      trackingCodes: [clickId],
      customer: { billing: { email: EMAIL } },
      lineItems: [{ itemNo: '1', productTitle: 'Sample product', quantity: 1, accountAmount: 20 }],
    },
  }),
};
