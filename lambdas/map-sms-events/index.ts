import { Logger } from '@aws-lambda-powertools/logger';
import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { mapSmsEvents } from './handler.ts';

const logger = new Logger({ serviceName: 'map-sms-events' });

/** Processor of the stream of delivery events. */
export async function handler(event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> {
  const result = mapSmsEvents(event);
  const failed = result.records.filter((record) => record.result === 'ProcessingFailed').length;
  if (failed > 0) logger.warn('sms:unreadable', { failed, records: result.records.length });
  return result;
}
