import type { SQSRecord } from 'aws-lambda';
import { type Ledger, openLedger } from '../../lambdas/adapters/attribution/ledger.ts';
import { processMessages } from '../../lambdas/adapters/attribution/process.ts';
import { originOf, readMessage } from '../../lambdas/adapters/attribution/read-message.ts';
import type { AttributionServices } from '../../lambdas/adapters/attribution/services.ts';
import type { DynamoTable } from '../../lambdas/adapters/dynamo-table.ts';
import { createAttribute } from '../../lambdas/attribute/handler.ts';
import { ledgerKey, linksKey, type PromoState, subscriberSlot } from '../../lambdas/contract/keys.ts';
import { mintClickId } from '../../lambdas/core/click-id.ts';
import { campaignInput } from '../../lambdas/core/entities/campaign.ts';
import { sourceInput } from '../../lambdas/core/entities/source.ts';
import { hashIdentity, parseHomeKeys } from '../../lambdas/core/home-keys.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { conversionKey, orderKey } from '../../lambdas/core/ledger/keys.ts';
import type { ConversionRow } from '../../lambdas/core/ledger/rows.ts';
import type { StoredMessage } from '../../lambdas/core/postback/stored-message.ts';
import { EDGE_SECRET, HOME_SECRET, KeptStreams } from './api.ts';
import { startTables } from './dynalite.ts';

export const NOW = Date.parse('2026-06-01T12:00:00Z');
const keyring = parseKeyring(EDGE_SECRET);
const homeKeys = parseHomeKeys(HOME_SECRET);

/** A click of a subscriber on a link, an hour before {@link NOW}. */
export const clickId = (linkNo: number, subscriberNo: number, nonce = 1, time = NOW - 3_600_000): string =>
  mintClickId({ time, linkNo, subscriberNo, nonce }, keyring.minting(NOW));

/** The promo key of the test account. */
export const promoKey = keyring.minting(NOW);
export const emailHash = (email: string): string => hashIdentity('email', email, homeKeys);

export interface Sent {
  readonly id?: string;
  readonly query?: string;
  readonly json?: unknown;
  readonly body?: Uint8Array;
  readonly body_ref?: string;
  readonly headers?: Record<string, string>;
  readonly received_at?: number;
  readonly content_type?: string;
}

let count = 0;

/** A message as it waits in the queue. */
export function messageTo(source_id: string, sent: Sent): StoredMessage {
  const { id = `m${++count}`, query = '', json, body, body_ref, headers = {}, received_at = NOW } = sent;
  const bytes = body ?? (json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(json)));
  return {
    id,
    source_id,
    received_at,
    method: bytes.length > 0 || body_ref ? 'POST' : 'GET',
    query,
    content_type: sent.content_type ?? (json === undefined ? null : 'application/json'),
    headers,
    body: body_ref ? null : Buffer.from(bytes).toString('base64'),
    body_ref: body_ref ?? null,
    origin: 'postback',
  };
}

/** Everything of an account that a worker needs, over a real DynamoDB, and short ways to fill it. */
export async function startLedger() {
  const tables = await startTables();
  const { linksTable, ledgerTable } = tables;
  const clock = { now: NOW };
  const streams = new KeptStreams();
  const blobs = new Map<string, Uint8Array>();
  const log: Record<string, unknown>[] = [];
  const services: AttributionServices = {
    linksTable,
    ledgerTable,
    keys: { edge: async () => keyring, home: async () => homeKeys },
    streams,
    blobs: { get: async (key) => blobs.get(key) ?? null },
    now: () => clock.now,
    newId: () => `id${++count}`,
    log: (event, facts) => log.push({ event, ...facts }),
  };
  const ledger = openLedger(services);
  return {
    ...tables,
    clock,
    streams,
    blobs,
    log,
    services,
    ledger,
    /** Lets a fresh worker take these messages as one batch. */
    deliver: (messages: readonly StoredMessage[], changed: Partial<AttributionServices> = {}) =>
      createAttribute({ ...services, ...changed })({ Records: messages.map(toSqsRecord) }),
    /** Events of messages, `outcome` or `outcome reason` each. */
    process: async (...messages: StoredMessage[]) => {
      const outcomes = await processMessages(messages, openLedger(services));
      return outcomes.flatMap((outcome) => {
        if ('error' in outcome) throw outcome.error;
        return outcome.items.map(({ event }) => (event.reason ? `${event.outcome} ${event.reason}` : event.outcome));
      });
    },
    rows: () => latest(streams.rows.conversions),
    ...fillers(linksTable, ledgerTable),
  };
}

/** Claims the order of a message's first item, and dies before anything else. */
export async function claimOnly({ ledger, services }: TestLedger, message: StoredMessage): Promise<void> {
  const read = await readMessage(message, ledger.known, services);
  const [item] = read.items;
  if (item?.outcome !== 'conversion') throw new Error('no conversion');
  const [order, key] = [orderKey(read.source, item.conversion), conversionKey(item.conversion)];
  if (order === null) throw new Error('no order');
  await ledger.claims.decide(order, item.conversion, key, originOf(read));
}

export type TestLedger = Awaited<ReturnType<typeof startLedger>>;

function fillers(linksTable: DynamoTable, ledgerTable: DynamoTable) {
  return {
    addSource: (id: string, source: Record<string, unknown>) =>
      ledgerTable.put({ pk: ledgerKey.source(id), doc: { id, ...sourceInput.parse(source) } }),
    addLink: (link_no: number, fields: Record<string, unknown>) =>
      linksTable.put({ pk: linksKey.link(link_no), doc: { link_no, ...fields } }),
    addSubscriber: async (id: string, no: number, identities: Record<string, string> = {}) => {
      for (const [kind, hash] of Object.entries(identities))
        await ledgerTable.put({ pk: ledgerKey.identity(kind as 'email', hash), subscriber_id: id });
      const { page, attribute } = subscriberSlot(no);
      await ledgerTable.update(ledgerKey.subscriberPage(page), { set: { [attribute]: id } });
      await ledgerTable.put({ pk: ledgerKey.subscriber(id), no });
    },
    addPromoCampaign: async (id: string, prefix: string, promo_state: PromoState) => {
      const promo = { prefix, type: 'percentage', value: '10', currency: null, expires_at: null };
      await linksTable.put({ pk: linksKey.campaign(id), doc: { id, ...campaignInput.parse({ promo }) }, promo_state });
      await linksTable.put({ pk: linksKey.promoCampaign(promo_state.no), campaign_id: id });
    },
  };
}

export const toSqsRecord = (message: StoredMessage): SQSRecord =>
  ({ messageId: `sqs-${message.id}`, body: JSON.stringify(message) }) as SQSRecord;

/** Each entry once, with its highest version: what the views show. */
export function latest(rows: readonly ConversionRow[]): ConversionRow[] {
  const byId = new Map<string, ConversionRow>();
  for (const row of rows) {
    const before = byId.get(row.entry_id);
    if (!before || before.version <= row.version) byId.set(row.entry_id, row);
  }
  return [...byId.values()];
}

/** Net of rows by conversion and currency. */
export function netOf(rows: readonly ConversionRow[]): Record<string, number> {
  const net: Record<string, number> = {};
  for (const { conversion_id, currency, revenue_minor } of latest(rows)) {
    const key = `${conversion_id} ${currency}`;
    net[key] = (net[key] ?? 0) + (revenue_minor ?? 0);
  }
  return net;
}

/** Net of what the table holds, by conversion and currency. */
export async function tableNet({ store }: Ledger, ids: readonly string[]): Promise<Record<string, number>> {
  const net: Record<string, number> = {};
  for (const id of new Set(ids))
    for (const { conversion_id, currency, revenue } of (await store.byId(id)).record?.state.booked ?? []) {
      const key = `${conversion_id} ${currency}`;
      net[key] = (net[key] ?? 0) + revenue;
    }
  return net;
}

/** All that comes of a source, in its order. */
export async function allOf<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

/** The first entry of one order of the source `site` that comes with these parameters. */
export async function matchOf(account: TestLedger, parameters: Record<string, string>) {
  const query = new URLSearchParams({ order_id: '1', amount: '5', ...parameters });
  await account.process(messageTo('site', { query: String(query) }));
  const [row] = account.rows();
  return row;
}

/** Takes each message in a batch of its own. */
export async function oneByOne(account: TestLedger, messages: readonly StoredMessage[]): Promise<string[]> {
  const outcomes: string[] = [];
  for (const message of messages) outcomes.push(...(await account.process(message)));
  return outcomes;
}

/** `txn_id event status net` of each conversion, sorted. */
export function netsOf(rows: readonly ConversionRow[]): string[] {
  const byId = Map.groupBy(rows, ({ conversion_id }) => conversion_id);
  return [...byId.values()]
    .map((entries) => {
      const net = entries.reduce((sum, { revenue_minor }) => sum + (revenue_minor ?? 0), 0);
      return `${entries[0]?.txn_id} ${entries[0]?.event} ${entries.at(-1)?.status} ${net}`;
    })
    .toSorted();
}
