import { ledgerServices } from '../adapters/attribution/on-aws.ts';
import { createSweep } from './handler.ts';

const sweep = createSweep(ledgerServices('sweep'));

/** Runs every five minutes. */
export const handler = () => sweep();
