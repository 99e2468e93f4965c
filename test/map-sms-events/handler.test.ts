import type { FirehoseTransformationEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Column } from '../../lambdas/contract/column.ts';
import { sendColumns } from '../../lambdas/contract/sends.ts';
import { mapSmsEvents } from '../../lambdas/map-sms-events/handler.ts';
import { fits } from '../core/taps.ts';

const ARRIVED = 1_686_975_200_000;
const base64 = (data: Uint8Array | string) => Buffer.from(data).toString('base64');

function eventOf(datas: readonly string[]): FirehoseTransformationEvent {
  const records = datas.map((data, at) => ({ recordId: `${at}`, approximateArrivalTimestamp: ARRIVED, data }));
  return { invocationId: 'i', deliveryStreamArn: 'arn', region: 'us-east-1', records };
}

/** An event as AWS documents it, with names of ours as context. */
const EVENT = {
  eventType: 'TEXT_DELIVERED',
  eventVersion: '1.0',
  eventTimestamp: 1_686_975_103_470,
  isFinal: true,
  originationPhoneNumber: '+12065550152',
  destinationPhoneNumber: '+14255550156',
  isInternationalSend: false,
  isoCountryCode: 'US',
  mcc: '310',
  mnc: '800',
  carrierName: 'Example Mobile',
  messageId: '862a8790-60c0-4430-9b2b-658bdexample',
  messageRequestTimestamp: 1_686_975_103_170,
  messageEncoding: 'Unicode',
  messageType: 'PROMOTIONAL',
  messageStatus: 'DELIVERED',
  messageStatusDescription: 'Message has been accepted by phone',
  context: {
    onehop: 'campaign_id=welcome&message_id=w-1&creative=a&segment=vip&link_no=5&subscriber_id=Ann%20%26%20Co',
  },
  totalMessageParts: 2,
  totalMessagePrice: 0.01162,
  totalCarrierFee: 0.006,
};

const map = (...events: object[]) =>
  mapSmsEvents(eventOf(events.map((event) => base64(JSON.stringify(event))))).records;
const rowsOf = (...events: object[]) =>
  map(...events).map(({ data = '' }) => JSON.parse(Buffer.from(data, 'base64').toString()));

describe('a delivery event of AWS', () => {
  it('becomes a row of sends, with its price and the carrier’s fee together', () => {
    expect(rowsOf(EVENT)).toEqual([
      {
        id: EVENT.messageId,
        type: 'delivered',
        ts: EVENT.eventTimestamp,
        received_at: ARRIVED,
        requested_at: EVENT.messageRequestTimestamp,
        is_final: true,
        campaign_id: 'welcome',
        message_id: 'w-1',
        creative: 'a',
        segment: 'vip',
        link_no: 5,
        subscriber_no: null,
        subscriber_id: 'Ann & Co',
        provider: 'aws-sms',
        detail: 'DELIVERED',
        parts: 2,
        encoding: 'UCS-2',
        price_micros: 17_620,
        currency: 'USD',
        price_kind: 'told',
        country: 'US',
        carrier: 'Example Mobile',
      },
    ]);
  });

  it('is the same from EventBridge, and may carry each name by itself', () => {
    const detail = { ...EVENT, context: { campaign_id: 'welcome', link_no: '5', subscriber_no: '7', other: 'x' } };
    const [row] = rowsOf({ source: 'aws.sms-voice', 'detail-type': 'Text Message Delivery Status Updated', detail });
    expect(row).toMatchObject({
      type: 'delivered',
      campaign_id: 'welcome',
      link_no: 5,
      subscriber_no: 7,
      segment: null,
    });
  });

  it('leaves out names that have not their form, and what is missing', () => {
    const { messageId, eventTimestamp, eventType } = EVENT;
    const context = { campaign_id: 'no spaces', link_no: '-5', subscriber_id: '' };
    const [row] = rowsOf({ messageId, eventTimestamp, eventType, context });
    expect(Object.entries(row).filter(([, value]) => value !== null)).toEqual([
      ['id', messageId],
      ['type', 'delivered'],
      ['ts', eventTimestamp],
      ['received_at', ARRIVED],
      ['provider', 'aws-sms'],
    ]);
  });

  it.each([
    ['TEXT_QUEUED', 'queued'],
    ['TEXT_PENDING', 'queued'],
    ['TEXT_SUCCESSFUL', 'sent'],
    ['TEXT_UNKNOWN', 'sent'],
    ['TEXT_DELIVERED', 'delivered'],
    ['MEDIA_DELIVERED', 'delivered'],
    ...['INVALID', 'INVALID_MESSAGE', 'UNREACHABLE', 'CARRIER_UNREACHABLE', 'BLOCKED', 'CARRIER_BLOCKED', 'SPAM'].map(
      (kind) => [`TEXT_${kind}`, 'failed'],
    ),
    ['TEXT_TTL_EXPIRED', 'failed'],
    ['TEXT_PROTECT_BLOCKED', 'failed'],
  ])('%s means %s', (eventType, type) => {
    expect(rowsOf({ ...EVENT, eventType })).toMatchObject([{ type }]);
  });

  it('is dropped where it is of no message, and kept as failed where nobody knows it', () => {
    const results = (eventType: unknown) => map({ ...EVENT, eventType }).map(({ result }) => result);
    expect(results('VOICE_COMPLETED')).toEqual(['Dropped']);
    for (const type of ['TEXT_NEWS', 'text', undefined, 5]) expect(results(type)).toEqual(['ProcessingFailed']);
    expect(map({ ...EVENT, messageId: '' }, { ...EVENT, eventTimestamp: 1e20 }).map(({ result }) => result)).toEqual([
      'ProcessingFailed',
      'ProcessingFailed',
    ]);
  });

  it('whatever it holds, is answered once and in order, with a row that fits the table or its data as it came', () => {
    const changed = fc.record(
      Object.fromEntries(
        Object.keys(EVENT).map((name) => [
          name,
          fc.oneof(fc.constant(EVENT[name as keyof typeof EVENT]), fc.jsonValue()),
        ]),
      ),
      { requiredKeys: [] },
    );
    const anyData = fc.oneof(
      changed.map((event) => base64(JSON.stringify(event))),
      fc.json().map(base64),
      fc.uint8Array({ maxLength: 50 }).map(base64),
    );
    fc.assert(
      fc.property(fc.array(anyData, { maxLength: 8 }), (datas) => {
        const { records } = mapSmsEvents(eventOf(datas));
        expect(records.map(({ recordId }) => recordId)).toEqual(datas.map((_, at) => `${at}`));
        for (const [at, { result, data = '' }] of records.entries())
          if (result === 'Ok') expectSend(data);
          else expect(data).toBe(datas[at]);
      }),
    );
  });
});

function expectSend(data: string): void {
  const row = JSON.parse(Buffer.from(data, 'base64').toString()) as Record<string, unknown>;
  expect(Object.keys(row).sort()).toEqual(sendColumns.map(({ name }) => name).sort());
  expect((sendColumns as readonly Column[]).filter((column) => !fits(column, row[column.name]))).toEqual([]);
}
