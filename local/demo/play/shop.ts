import { createHmac } from 'node:crypto';
import type { Order, Refund } from '../simulator/orders.ts';
import type { Client } from './client.ts';

/** What the shop knows of an order beyond the order itself. */
export interface Checkout {
  /** Kept by the theme's script as a cart attribute. */
  readonly clickId: string | null;
  /** As it was typed. */
  readonly promoCode: string | null;
}

const decimal = (minor: number) => (minor / 100).toFixed(2);
const time = (at: number) => new Date(at).toISOString();

/** Shopify with its webhooks, signed as Shopify signs them. */
export class Shop {
  readonly #client: Client;
  readonly #secret: string;

  constructor(client: Client, secret: string) {
    this.#client = client;
    this.#secret = secret;
  }

  ordered(order: Order, { clickId, promoCode }: Checkout): Promise<void> {
    return this.#send('orders/create', {
      id: order.id,
      created_at: time(order.at),
      updated_at: time(order.at),
      total_price: decimal(order.amountMinor),
      currency: 'USD',
      financial_status: 'paid',
      email: order.email,
      note_attributes: clickId ? [{ name: 'click_id', value: clickId }] : [],
      discount_codes: promoCode ? [{ code: promoCode, amount: '5.00', type: 'percentage' }] : [],
      line_items: [{ title: 'Starter set', quantity: 1 }],
    });
  }

  refunded(order: Order, { id, at, amountMinor }: Refund): Promise<void> {
    const transaction = {
      id: id * 10,
      kind: 'refund',
      status: 'success',
      amount: decimal(amountMinor),
      currency: 'USD',
    };
    return this.#send('refunds/create', {
      id,
      order_id: order.id,
      created_at: time(at),
      transactions: [{ ...transaction, processed_at: time(at) }],
    });
  }

  #send(topic: string, payload: object): Promise<void> {
    const body = JSON.stringify(payload);
    return this.#client.tell(`${this.#client.apiOrigin}/webhooks/shop`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-shopify-topic': topic,
        'x-shopify-hmac-sha256': createHmac('sha256', this.#secret).update(body).digest('base64'),
      },
      body,
    });
  }
}

/** The sender's own site, whose thank-you page reports by itself. */
export class Site {
  readonly #client: Client;
  readonly #url: string;

  /** @param url postback URL without its query */
  constructor(client: Client, url: string) {
    this.#client = client;
    this.#url = url;
  }

  ordered(order: Order, clickId: string): Promise<void> {
    const { id, at, amountMinor, email } = order;
    return this.#send({
      order_id: `${id}`,
      ts: time(at),
      amount: decimal(amountMinor),
      currency: 'USD',
      email,
      click_id: clickId,
    });
  }

  refunded({ id: orderId }: Order, { id, at, amountMinor }: Refund): Promise<void> {
    const amount = decimal(amountMinor);
    return this.#send({
      order_id: `${orderId}`,
      event: 'refund',
      refund_id: `${id}`,
      ts: time(at),
      amount,
      currency: 'USD',
    });
  }

  #send(parameters: Readonly<Record<string, string>>): Promise<void> {
    return this.#client.tell(`${this.#url}?${new URLSearchParams(parameters)}`);
  }
}
