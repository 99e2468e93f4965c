import { ledgerServices } from '../adapters/attribution/on-aws.ts';
import { createAttribute } from './handler.ts';

/** Takes batches of the queue of postbacks. */
export const handler = createAttribute(ledgerServices('attribute'));
