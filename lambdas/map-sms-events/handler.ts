import type {
  FirehoseTransformationEvent,
  FirehoseTransformationEventRecord,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';
import { mapSmsEvent } from '../core/sends/aws-sms.ts';

/**
 * Answers every record once: as a row of `sends`; dropped where it tells nothing of a message; or marked as failed with its
 * data as it came, which Firehose keeps under the error prefix.
 */
export function mapSmsEvents(event: FirehoseTransformationEvent): FirehoseTransformationResult {
  return { records: event.records.map(mapRecord) };
}

function mapRecord(record: FirehoseTransformationEventRecord): FirehoseTransformationResultRecord {
  const { recordId, data, approximateArrivalTimestamp } = record;
  try {
    const row = mapSmsEvent(JSON.parse(decodeUtf8(data)), approximateArrivalTimestamp);
    if (!row) return { recordId, result: 'Dropped', data };
    return { recordId, result: 'Ok', data: Buffer.from(`${JSON.stringify(row)}\n`).toString('base64') };
  } catch {
    return { recordId, result: 'ProcessingFailed', data };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws TypeError on bytes that are not UTF-8 */
function decodeUtf8(data: string): string {
  return utf8.decode(Buffer.from(data, 'base64'));
}
