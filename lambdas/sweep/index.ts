import type { Context } from 'aws-lambda';
import { ledgerServices } from '../adapters/attribution/on-aws.ts';
import { SILENCE_CHECK } from '../contract/sweep.ts';
import { createSweep } from './handler.ts';
import { createSilenceCheck } from './silence.ts';

const services = ledgerServices('sweep');
const sweep = createSweep(services);
const listen = createSilenceCheck(services);

/** Sweeps every five minutes, for as long as the platform lets it; every hour it listens whether a source fell silent. */
export const handler = ({ check }: { readonly check?: string }, context: Pick<Context, 'getRemainingTimeInMillis'>) =>
  check === SILENCE_CHECK.check ? listen() : sweep({ endsAt: services.now() + context.getRemainingTimeInMillis() });
