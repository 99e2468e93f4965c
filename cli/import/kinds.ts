import { SEND_TYPES } from '../../lambdas/contract/sends.ts';
import { PARAMETERS } from '../../lambdas/core/postback/parameters.ts';
import { sendTypeOf } from '../../lambdas/core/sends/twilio.ts';
import type { Client } from '../client.ts';
import { postBatch, putEach, type Result } from './calls.ts';

/** What can be imported, and how its rows become items of the API. */
export interface ImportKind {
  readonly name: string;
  readonly summary: string;
  readonly fields: readonly string[];
  /** Fields that every row needs. */
  readonly needed: readonly string[];
  /** The item of a row's texts; what cannot be read stays as it is, for the API to name. */
  readonly toItem: (texts: Readonly<Record<string, string>>) => Record<string, unknown>;
  /** Sends up to 1,000 items and says what became of each, in their order. */
  readonly send: (
    items: readonly Record<string, unknown>[],
    client: Client,
    sleep: Sleep,
  ) => Promise<readonly Result[]>;
}

type Sleep = (ms: number) => Promise<void>;

const number = (text: string) => (/^\d{1,15}$/.test(text) ? Number(text) : text);

/** Epoch seconds and milliseconds are told apart by their length; a date and time without a zone is UTC. */
function time(text: string): string | number {
  if (/^\d{9,10}$/.test(text)) return Number(text) * 1_000;
  if (/^\d{12,13}$/.test(text)) return Number(text);
  const [, date, clock, zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d:\d\d)?$/i.exec(text) ?? [];
  if (date === undefined || clock === undefined) return text;
  return `${date}T${clock.length === 5 ? `${clock}:00` : clock}${zone.toUpperCase()}`;
}

/** Providers write what they charge as a negative number. */
const price = (text: string) => text.replace(/^-/, '');

/** Our words, and Twilio's. */
function sendType(text: string): string {
  const word = text.toLowerCase();
  return (SEND_TYPES as readonly string[]).includes(word) ? word : (sendTypeOf(word) ?? text);
}

type Reader = (text: string) => unknown;

function itemOf(readers: Readonly<Record<string, Reader>>): ImportKind['toItem'] {
  return (texts) =>
    Object.fromEntries(Object.entries(texts).map(([field, text]) => [field, (readers[field] ?? String)(text)]));
}

const lower = (text: string) => text.toLowerCase();
const upper = (text: string) => text.toUpperCase();

export const sends: ImportKind = {
  name: 'sends',
  summary: 'what became of messages, a row for each state (or for each message with its last state)',
  fields: [
    ...['id', 'type', 'ts', 'code', 'link_no', 'subscriber_id', 'message_id', 'campaign_id', 'creative', 'segment'],
    ...['parts', 'encoding', 'price', 'currency', 'country', 'carrier'],
  ],
  needed: ['id', 'type', 'ts'],
  toItem: itemOf({ type: sendType, ts: time, link_no: number, parts: number, price, currency: upper, country: upper }),
  send: (items, client, sleep) => postBatch('/v1/sends', items, client, sleep),
};

export const sendTotals: ImportKind = {
  name: 'sends-totals',
  summary: 'totals of messages by day, a row for each campaign, message, day, creative and segment',
  fields: [
    ...['campaign_id', 'message_id', 'date', 'creative', 'segment', 'sent', 'delivered', 'failed', 'opt_outs'],
    ...['cost', 'currency'],
  ],
  needed: ['campaign_id', 'message_id', 'date', 'sent'],
  toItem: itemOf({ sent: number, delivered: number, failed: number, opt_outs: number, cost: price, currency: upper }),
  send: (items, client, sleep) =>
    putEach(
      ({ campaign_id, message_id, date }) =>
        `/v1/sends/totals/${[campaign_id, message_id, date].map(segment).join('/')}`,
      ['campaign_id', 'message_id', 'date'],
      items,
      { client, sleep },
    ),
};

const touchOf = itemOf({ kind: lower, ts: time, cost: price, currency: upper, country: upper });

export const touches: ImportKind = {
  name: 'touches',
  summary: 'clicks, views and deliveries of other channels, a row for each',
  fields: [
    ...['id', 'kind', 'ts', 'channel', 'campaign_id', 'message_id', 'creative', 'segment', 'offer_id'],
    ...['subscriber_id', 'email', 'phone', 'customer_id', 'country', 'cost', 'currency'],
  ],
  needed: ['id', 'ts', 'channel', 'campaign_id'],
  // A currency that every row has says nothing of those without a cost.
  toItem: ({ currency, ...texts }) =>
    touchOf({ ...texts, ...(currency !== undefined && texts.cost !== undefined && { currency }) }),
  send: (items, client, sleep) => postBatch('/v1/touches', items, client, sleep),
};

/** What a value means the API says, as it does for postbacks: statuses and events in the sender's words, amounts as they are. */
export const conversions: ImportKind = {
  name: 'conversions',
  summary: 'orders and other conversions, refunds and changes of them, a row for each report',
  fields: ['source', ...PARAMETERS],
  needed: ['ts'],
  toItem: itemOf({ ts: time }),
  send: (items, client, sleep) => postBatch('/v1/conversions', items, client, sleep),
};

const segment = (value: unknown) => encodeURIComponent(String(value ?? ''));
