import { accessLogColumns } from './access-logs.ts';
import { clickColumns } from './clicks.ts';
import type { Column, RecordOf } from './column.ts';
import { conversionColumns, postbackColumns, rateColumns, touchColumns } from './conversions.ts';
import { recipientColumns } from './recipients.ts';
import { sendColumns, sendTotalColumns } from './sends.ts';

/** A table of the lake: `s3://bucket/<name>/dt=yyyy-MM-dd/`, `dt` being the UTC date of arrival. */
export interface LakeTable {
  readonly name: string;
  readonly doc: string;
  /** One row is … */
  readonly grain: string;
  readonly columns: readonly Column[];
}

export const PARTITION = 'dt';

export const lakeTables = {
  clicks: {
    name: 'clicks',
    grain: 'one delivery of one request on a short domain (at least once: views remove repeats)',
    doc: 'Every request on a code: people, bots, unknown codes and fallbacks alike, with verdicts as columns.',
    columns: clickColumns,
  },
  access_logs: {
    name: 'access_logs',
    grain: 'one request as CloudFront logged it (best effort)',
    doc: 'Standard access logs of the short domains, kept 30 days; the source from which lost clicks are rebuilt.',
    columns: accessLogColumns,
  },
  recipients: {
    name: 'recipients',
    grain: 'one minting of one subscriber on one link (at least once, and once more for each time it is minted again)',
    doc: 'Who was minted on which link, with arm, codes, attributes and hashed identities.',
    columns: recipientColumns,
  },
  sends: {
    name: 'sends',
    grain: 'one state of one message to one subscriber, as a provider told it (at least once)',
    doc: 'What became of messages: the denominators of every rate.',
    columns: sendColumns,
  },
  send_totals: {
    name: 'send_totals',
    grain: 'one put of the totals of a message and day (the newest counts)',
    doc: 'Totals for senders that tell no single messages.',
    columns: sendTotalColumns,
  },
  conversions: {
    name: 'conversions',
    grain: 'one entry of the ledger (at least once, and once more with each version of its conversion)',
    doc: 'Conversions as append-only entries: sales, refunds, chargebacks, corrections and changes of status.',
    columns: conversionColumns,
  },
  postbacks: {
    name: 'postbacks',
    grain: 'one authenticated message to a source (at least once)',
    doc: 'What senders sent, as it came: kept before it is interpreted, so that nothing is lost; deleted after 400 days, unless the configuration names others.',
    columns: postbackColumns,
  },
  touches: {
    name: 'touches',
    grain: 'one imported touch of another channel (at least once)',
    doc: 'Clicks, views and deliveries of other channels, for attribution.',
    columns: touchColumns,
  },
  rates: {
    name: 'rates',
    grain: 'one put of one exchange rate (the newest counts)',
    doc: 'Exchange rates by day, for reports in one currency.',
    columns: rateColumns,
  },
} as const satisfies Record<string, LakeTable>;

/** Tables that the API and other regional functions write, each through an event stream of its own. */
export const eventTables = [
  'recipients',
  'sends',
  'send_totals',
  'conversions',
  'postbacks',
  'touches',
  'rates',
] as const satisfies readonly (keyof typeof lakeTables)[];
export type EventTable = (typeof eventTables)[number];
/** A row of an event table. */
export type EventRecord<T extends EventTable> = RecordOf<(typeof lakeTables)[T]['columns']>;

/** Name of the stream into an event table. */
export const eventStreamName = (base: string, table: EventTable): string => `${base}-${table.replaceAll('_', '-')}`;

/** Name of the stream that takes delivery events of AWS End User Messaging SMS; its processor makes rows of `sends` of them. */
export const smsEventStreamName = (base: string): string => `${base}-sms-events`;

/** Prefix of what could not be delivered to a table: `errors/<table>/<kind>/…`. */
export const errorPrefix = (table: string) => `errors/${table}/`;

/** Prefixes of the lake's bucket that hold no table. */
export const blobPrefix = {
  /** Bodies too large for the queue. */
  bodies: 'postback-bodies/',
  /** Messages that the queue did not take, until they are queued. */
  undelivered: 'postback-undelivered/',
  /** Messages that the archive did not take, until they are archived. */
  unarchived: 'postback-unarchived/',
} as const;
