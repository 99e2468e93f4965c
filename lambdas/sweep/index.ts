import { ledgerServices } from '../adapters/attribution/on-aws.ts';
import { SILENCE_CHECK } from '../contract/sweep.ts';
import { createSweep } from './handler.ts';
import { createSilenceCheck } from './silence.ts';

const services = ledgerServices('sweep');
const sweep = createSweep(services);
const listen = createSilenceCheck(services);

/** Sweeps every five minutes; every hour it listens whether a source fell silent. */
export const handler = ({ check }: { readonly check?: string }) => (check === SILENCE_CHECK.check ? listen() : sweep());
