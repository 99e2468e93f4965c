import type { FirehoseTransformationEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clickColumns } from '../../lambdas/contract/clicks.ts';
import { enrichClicks } from '../../lambdas/enrich-clicks/handler.ts';
import { anyTap, fits } from '../core/taps.ts';

const base64 = (data: Uint8Array | string) => Buffer.from(data).toString('base64');

function eventOf(datas: readonly string[]): FirehoseTransformationEvent {
  const records = datas.map((data, at) => ({ recordId: `record-${at}`, approximateArrivalTimestamp: 0, data }));
  return { invocationId: 'i', deliveryStreamArn: 'arn', sourceKinesisStreamArn: 'arn', region: 'us-east-1', records };
}

const anyBytes = fc.uint8Array({ maxLength: 300 });
const anyText = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary' }),
  anyTap.map((tap) => `${JSON.stringify(tap)}\n`),
  anyTap.map((tap) => JSON.stringify(tap).slice(0, -1)),
  fc.tuple(anyTap, fc.jsonValue()).map(([tap, ts]) => JSON.stringify({ ...tap, ts })),
);
const anyData = fc.oneof(anyBytes.map(base64), anyText.map(base64), fc.string());

describe('enrich-clicks', () => {
  it('answers every record once, in order, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(anyData, { maxLength: 20 }), (datas) => {
        const event = eventOf(datas);
        const { records } = enrichClicks(event);
        expect(records.map(({ recordId }) => recordId)).toEqual(event.records.map(({ recordId }) => recordId));
        for (const [at, { result, data }] of records.entries()) {
          if (result === 'Ok') expectClick(data);
          else expect({ result, data }).toEqual({ result: 'ProcessingFailed', data: datas[at] });
        }
      }),
    );
  });

  it('enriches every tap that the contract allows', () => {
    fc.assert(
      fc.property(fc.array(anyTap, { maxLength: 5 }), (taps) => {
        const { records } = enrichClicks(eventOf(taps.map((tap) => base64(`${JSON.stringify(tap)}\n`))));
        expect(records.map(({ result }) => result)).toEqual(taps.map(() => 'Ok'));
      }),
    );
  });

  it('keeps a record whose bytes are not UTF-8 instead of changing them', () => {
    const [tap] = fc.sample(anyTap, { numRuns: 1, seed: 1 });
    const text = JSON.stringify({ ...tap, code: 'CODE' });
    const data = Buffer.from(text).toString('latin1').replace('CODE', 'CO\xffDE');
    const broken = Buffer.from(data, 'latin1').toString('base64');
    expect(enrichClicks(eventOf([broken])).records).toEqual([
      { recordId: 'record-0', result: 'ProcessingFailed', data: broken },
    ]);
  });

  it('has nothing to answer where nothing was asked', () => {
    expect(enrichClicks(eventOf([]))).toEqual({ records: [] });
  });
});

/** One line of JSON with exactly the columns of the table, each in a type that the conversion to Parquet takes. */
function expectClick(data: string | undefined): void {
  const line = Buffer.from(data ?? '', 'base64').toString();
  expect(line.indexOf('\n')).toBe(line.length - 1);
  const click = JSON.parse(line) as Record<string, unknown>;
  expect(Object.keys(click).sort()).toEqual(clickColumns.map(({ name }) => name).sort());
  expect(clickColumns.filter((column) => !fits(column, click[column.name]))).toEqual([]);
}
