import fc from 'fast-check';
import { DAY, HOUR, NOW } from '../attribution/sample.ts';
import { sendOf as plainSendOf, type SendRow, type TotalRow, totalOf } from '../sends-sample.ts';

/** A delivered message of campaign `welcome` a day before the order, for a cent; but for what is given. */
export function sendOf(given: Partial<SendRow> = {}): SendRow {
  const { ts = NOW - DAY } = given;
  const message = { campaign_id: 'welcome', message_id: 'welcome-1', type: 'delivered', parts: 1 };
  const price = { price_micros: 10_000, currency: 'USD', price_kind: 'told' };
  return plainSendOf({ id: `send-${given.subscriber_no}`, ts, received_at: ts, ...message, ...price, ...given });
}

/** Totals of a thousand messages of `newsletter`, but for what is given. */
export const totalsOf = ({ ts = NOW - DAY, ...given }: Partial<TotalRow> = {}): TotalRow =>
  totalOf({
    date: new Date(ts).toISOString().slice(0, 10),
    ts,
    recorded_at: ts,
    campaign_id: 'newsletter',
    message_id: 'n1',
    sent: 1_000,
    ...given,
  });

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);

const anySend = fc.record<Partial<SendRow>>({
  type: oneOf('delivered', 'delivered', 'failed', 'sent', 'opt_out'),
  ts: fc.integer({ min: NOW - 45 * DAY, max: NOW + HOUR }),
  subscriber_no: oneOf(1, 2, 3, null),
  campaign_id: oneOf('a', 'a', 'b', null),
  message_id: oneOf('m0', 'm1', 'm2', 'm3', 'm4', 'r0', 'r1', null),
  creative: oneOf('v1', null),
  link_no: oneOf(1, 2, null),
  carrier: oneOf('red', null),
  price_micros: oneOf(7_900, 1, null),
  currency: oneOf('USD', 'EUR'),
});

const anyTotals = fc.record<Partial<TotalRow>>({
  message_id: oneOf('n1', 'n2'),
  ts: oneOf(NOW - 2 * DAY, NOW - 9 * DAY),
  delivered: oneOf(900, null),
  opt_outs: oneOf(3, null),
  cost_micros: oneOf(8_000_000, null),
  currency: oneOf('USD', 'EUR'),
});

/** A currency comes with a price only. */
const pricedOf = (micros: number | null | undefined, currency: string | null | undefined) =>
  typeof micros === 'number'
    ? { currency: currency ?? null, price_kind: 'told' }
    : { currency: null, price_kind: null };

/** Messages, each told by one row. */
export const anySends = fc
  .array(anySend, { maxLength: 40 })
  .map((all) => all.map((one, at) => sendOf({ ...one, ...pricedOf(one.price_micros, one.currency), id: `s${at}` })));

/** Totals, at most one a message and day. */
export const anySendTotals = fc
  .uniqueArray(anyTotals, { maxLength: 3, selector: ({ message_id, ts }) => `${message_id} ${ts}` })
  .map((all) => all.map((one) => totalsOf({ ...one, ...pricedOf(one.cost_micros, one.currency) })));
