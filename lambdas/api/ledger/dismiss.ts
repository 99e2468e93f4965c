import type { Quarantined } from '../../adapters/quarantine-item.ts';
import { Problem } from '../../core/api/problem.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { ApiServices } from '../services.ts';
import { findQuarantined } from './quarantine.ts';
import { dismissedView } from './quarantine-view.ts';

/**
 * Takes a message that nobody can mend off the list, for good: said again it comes to the same. It stays readable by its id as long as
 * others, and its events say what became of it.
 * @throws Problem 404; 409 where it waits for its sale
 */
export async function dismiss(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const { quarantine, events } = services.ledger;
  const found = await findQuarantined(request, services);
  if (found.shelf === 'waiting')
    throw new Problem(409, 'awaiting_sale', `${found.id} is not in quarantine: it waits for the sale it takes back`);
  const { id: token_id, name: token_name } = request.token;
  if (found.dismissed === null) await quarantine.dismiss(found, { at: services.now(), token_id, token_name });
  const dismissed = await findQuarantined(request, services);
  for (const event of eventsOf(dismissed)) await events.note(event);
  return { status: 200, body: dismissedView(dismissed) };
}

const eventsOf = ({ id, source_id, received_at, parts }: Quarantined) =>
  parts.map(({ part }) => ({
    ...{ id: `${id}_${part}`, source_id, received_at, outcome: 'rejected' as const, reason: 'dismissed' as const },
    ...{ parameter: null, conversion_id: null, duplicate_of: null },
  }));
