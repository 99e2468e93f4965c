import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { enrichClicks } from '../../lambdas/enrich-clicks/handler.ts';
import { mapSmsEvents } from '../../lambdas/map-sms-events/handler.ts';
import { type Arrival, type DeliverableRow, type FailedRecord, failure } from './arrivals.ts';

/** Records processed at a time; between two such lots others get their turn, for puts must be answered within milliseconds. */
const LOT = 50;

const turnOfOthers = () => new Promise<void>((resolve) => setImmediate(resolve));

type Processor = (event: FirehoseTransformationEvent) => FirehoseTransformationResult;
type Processed = (DeliverableRow | FailedRecord)[];

/** Passes clicks through the processor of their stream. */
export const enriched = (arrivals: readonly Arrival[]) => processed(arrivals, enrichClicks);

/** Passes delivery events of AWS through the processor of their stream. */
export const mappedSmsEvents = (arrivals: readonly Arrival[]) => processed(arrivals, mapSmsEvents);

/** Passes records through a processor, as Firehose does; what it drops is gone. */
async function processed(arrivals: readonly Arrival[], processor: Processor): Promise<Processed> {
  const rows: Processed = [];
  for (let start = 0; start < arrivals.length; start += LOT) {
    rows.push(...processLot(arrivals.slice(start, start + LOT), processor));
    await turnOfOthers();
  }
  return rows;
}

function processLot(arrivals: readonly Arrival[], processor: Processor): Processed {
  const records = arrivals.map(({ arrived, data }, index) => ({
    recordId: String(index),
    approximateArrivalTimestamp: arrived,
    data,
  }));
  const event = { invocationId: 'local', deliveryStreamArn: 'local', region: 'us-east-1', records };
  return processor(event).records.flatMap(({ result, data = '' }, index): Processed => {
    const arrival = arrivals[index] as Arrival;
    if (result === 'Dropped') return [];
    if (result !== 'Ok')
      return [failure(arrival, 'Lambda.ProcessingFailedStatus', 'ProcessingFailed status set for record')];
    return [{ arrival, json: Buffer.from(data, 'base64').toString().trimEnd() }];
  });
}
