import { HistoryStore, type Journal } from '../adapters/history-store.ts';
import type { ApiRequest } from './http.ts';
import type { ApiServices } from './services.ts';

/** Records what a request writes under the token it came with. */
export function journalOf({ token }: ApiRequest, verb: Journal['verb'], services: ApiServices): Journal {
  return {
    history: new HistoryStore(services.ledgerTable),
    actor: { token_id: token.id, token_name: token.name },
    verb,
    late: (error) => services.log('history:late', { error: error instanceof Error ? error.name : 'unknown' }),
  };
}
