import type {
  FirehoseTransformationEvent,
  FirehoseTransformationEventRecord,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';
import { enrichClick, readTap } from '../core/enrich-click.ts';

/** Answers every record once: enriched, or marked as failed with its data as it came, which Firehose keeps under the error prefix. */
export function enrichClicks(event: FirehoseTransformationEvent): FirehoseTransformationResult {
  return { records: event.records.map(enrichRecord) };
}

function enrichRecord({ recordId, data }: FirehoseTransformationEventRecord): FirehoseTransformationResultRecord {
  try {
    const click = enrichClick(readTap(JSON.parse(decodeUtf8(data))));
    return { recordId, result: 'Ok', data: Buffer.from(`${JSON.stringify(click)}\n`).toString('base64') };
  } catch {
    return { recordId, result: 'ProcessingFailed', data };
  }
}

/** Refuses bytes that are not UTF-8: replacing them would change what is stored. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws TypeError on bytes that are not UTF-8 */
function decodeUtf8(data: string): string {
  return utf8.decode(Buffer.from(data, 'base64'));
}
