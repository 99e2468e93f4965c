import { enrichClicks } from '../../lambdas/enrich-clicks/handler.ts';
import { type Arrival, type DeliverableRow, type FailedRecord, failure } from './arrivals.ts';

/** Records enriched at a time; between two such lots others get their turn, for puts must be answered within milliseconds. */
const LOT = 50;

const turnOfOthers = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Passes clicks through the processor of their stream, as Firehose does. */
export async function enriched(arrivals: readonly Arrival[]): Promise<(DeliverableRow | FailedRecord)[]> {
  const rows: (DeliverableRow | FailedRecord)[] = [];
  for (let start = 0; start < arrivals.length; start += LOT) {
    rows.push(...enrichLot(arrivals.slice(start, start + LOT)));
    await turnOfOthers();
  }
  return rows;
}

function enrichLot(arrivals: readonly Arrival[]): (DeliverableRow | FailedRecord)[] {
  const records = arrivals.map(({ arrived, data }, index) => ({
    recordId: String(index),
    approximateArrivalTimestamp: arrived,
    data,
  }));
  const event = { invocationId: 'local', deliveryStreamArn: 'local', region: 'us-east-1', records };
  return enrichClicks(event).records.map(({ result, data = '' }, index) => {
    const arrival = arrivals[index] as Arrival;
    if (result !== 'Ok')
      return failure(arrival, 'Lambda.ProcessingFailedStatus', 'ProcessingFailed status set for record');
    return { arrival, json: Buffer.from(data, 'base64').toString().trimEnd() };
  });
}
