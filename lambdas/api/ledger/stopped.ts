import type { Quarantined } from '../../adapters/quarantine-item.ts';
import { REASONS } from '../../core/postback/reasons.ts';
import type { ApiServices } from '../services.ts';

/** A source of which nothing can be replayed, and what to do about it. */
export interface Stopped {
  readonly source_id: string;
  readonly reason: 'source_paused' | 'source_archived';
  readonly message: string;
}

/** Sources of these messages that are not active, as they are now: each once. */
export async function stopped(messages: readonly Quarantined[], { ledger }: ApiServices): Promise<Stopped[]> {
  const known = ledger.known.anew();
  const ids = [...new Set(messages.map(({ source_id }) => source_id))];
  const sources = await Promise.all(ids.map((id) => known.source(id)));
  return sources.flatMap((source) => {
    if (!source || source.status === 'active') return [];
    const reason = `source_${source.status}` as const;
    return [{ source_id: source.id, reason, message: REASONS[reason].replaceAll('<source>', source.id) }];
  });
}
