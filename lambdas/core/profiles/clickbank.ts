import type { ConversionProfile, Shape } from './profile.ts';
import { EVENT_WORDS, OK, STATUS_WORDS } from './words.ts';

/** Rebills carry the receipt of the sale with a running number: `ABCD1234-B002`. */
const REBILL_RECEIPT = '.*-B\\d+';

/** One conversion for each line item: a receipt may hold an order bump beside the product. Account amounts are what reaches us. */
const fields: Shape['fields'] = {
  click_id: { from: ['$.trackingCodes[0]', '$.tid', '$.hopfeed.tid'] },
  txn_id: { from: ['{$.receipt}-{itemNo}'] },
  order_id: { from: ['$.receipt'] },
  payout: { from: ['accountAmount', 'affiliatePayout'] },
  currency: { from: ['$.currency'] },
  ts: { from: ['$.transactionTime'] },
  email: { from: ['$.customer.billing.email', '$.customer.shipping.email'] },
  phone: { from: ['$.customer.billing.phoneNumber', '$.customer.shipping.phoneNumber'] },
  country: { from: ['$.customer.billing.address.country', '$.customer.shipping.address.country'] },
  product: { from: ['productTitle', 'itemNo'] },
  quantity: { from: ['quantity'] },
};

const line = (types: string, rest: Partial<Shape>): Shape => ({
  ...rest,
  when: [{ path: 'transactionType', matches: types }, ...(rest.when ?? [])],
  each: 'lineItems',
  fields: { ...fields, ...rest.fields },
});

const takesBack = {
  refund_id: { from: ['{$.transactionType}-{$.transactionTime}-{itemNo}'] },
};
const ofRebill = [{ path: 'receipt', matches: REBILL_RECEIPT }];
const ofSale = [{ path: 'receipt', matches: '(?!.*-B\\d+$).*' }];

/** ClickBank’s Instant Notification Service, version 6 and later, as affiliate: a JSON notification encrypted with the account’s secret key. */
export const clickbank: ConversionProfile = {
  title: 'ClickBank',
  kind: 'network',
  inlet: 'webhooks',
  reports: 'conversions',
  authentication: { scheme: 'clickbank' },
  acknowledgement: OK,
  subidParam: 'tid',
  ignore: [
    { when: [{ path: 'transactionType', matches: 'TEST(_.*)?' }], reason: 'test' },
    { when: [{ path: 'transactionType', matches: 'ABANDONED_ORDER' }], reason: 'not_paid' },
  ],
  shapes: [
    line('SALE', { event: 'sale', status: 'approved' }),
    line('BILL', { event: 'rebill', status: 'approved' }),
    line('RFND', { event: 'sale', entry: 'refund', when: ofSale, fields: takesBack }),
    line('RFND', { event: 'rebill', entry: 'refund', when: ofRebill, fields: takesBack }),
    line('CGBK|INSF', { event: 'sale', entry: 'chargeback', when: ofSale, fields: takesBack }),
    line('CGBK|INSF', { event: 'rebill', entry: 'chargeback', when: ofRebill, fields: takesBack }),
  ],
  statuses: STATUS_WORDS,
  events: EVENT_WORDS,
  notation: 'decimal',
  currency: 'USD',
  duplicates: 'update',
  txnIsClick: false,
  setup: [
    'Put your hoplink into the offer’s destination and name this source there: npx onehop offer update <offer> --source-id {source} (a new one: npx onehop offer create <offer> --destination <link> --source-id {source}). Onehop then adds {subid_param} with the click id by itself.',
    'In ClickBank open Vendor Settings, My Site, Advanced Tools, Edit. Make a secret key there and write it into the source: npx onehop source update {source} --secret-file -',
    'Paste this as Instant Notification URL, choose version 8.0 (6.0 or later), and press Test: {url}',
    'Save. Sales, rebills, refunds and chargebacks arrive by themselves; tests are acknowledged and not counted.',
  ],
};
