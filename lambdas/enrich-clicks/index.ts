import { Logger } from '@aws-lambda-powertools/logger';
import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { enrichClicks } from './handler.ts';

const logger = new Logger({ serviceName: 'enrich-clicks' });

/** Processor of the clicks streams. */
export async function handler(event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> {
  const result = enrichClicks(event);
  const failed = result.records.filter((record) => record.result === 'ProcessingFailed').length;
  if (failed > 0) logger.warn('enrich:unreadable', { failed, records: result.records.length });
  return result;
}
