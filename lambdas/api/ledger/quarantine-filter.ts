import type { QuarantineFilter } from '../../adapters/attribution/replay.ts';
import { type Fault, fault, invalid } from '../../core/api/problem.ts';
import { API_SOURCE } from '../../core/postback/api-convention.ts';
import { REASONS } from '../../core/postback/reasons.ts';
import type { ApiServices } from '../services.ts';
import { sourceStore } from '../source-routes.ts';

/** Sources that are named where one is asked for that there is not. */
const NAMED = 50;

/**
 * Refuses a filter that can fit nothing: a slip of the pen must not read as an empty quarantine.
 * @throws Problem 422 with every fault, and what there is
 */
export async function checkFilter({ source, reason }: QuarantineFilter, services: ApiServices): Promise<void> {
  const faults: Fault[] = [];
  if (source !== undefined && !(await services.ledger.known.anew().source(source)))
    faults.push(fault('source', 'unknown', `there is no source ${source}; there are ${await sourcesOf(services)}`));
  faults.push(...faultsOfReason(reason));
  if (faults.length > 0) throw invalid(faults);
}

/** What is wrong with a reason that is asked for. */
export const faultsOfReason = (reason: string | undefined): readonly Fault[] =>
  reason === undefined || Object.hasOwn(REASONS, reason)
    ? []
    : [fault('reason', 'unknown', `${reason} is no reason; there are ${Object.keys(REASONS).join(', ')}`)];

async function sourcesOf(services: ApiServices): Promise<string> {
  const { entities, next } = await sourceStore(services).page(NAMED);
  return [API_SOURCE, ...entities.map(({ document }) => document.id), ...(next ? ['…'] : [])].join(', ');
}
