import { checkDestination } from '../adapters/destination/check-destination.ts';
import type { DestinationReport } from '../core/destination/report.ts';

/** Checks one destination. This function asks hosts that others chose, so it has no rights to any data. */
export const handler = ({ url }: { readonly url: string }): Promise<DestinationReport> => checkDestination(url);
