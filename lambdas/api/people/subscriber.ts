import { ledgerKey } from '../../contract/keys.ts';
import { Problem } from '../../core/api/problem.ts';
import type { ApiServices } from '../services.ts';

/** A subscriber as the directory knows them. */
export interface KnownSubscriber {
  readonly id: string;
  readonly no: number;
  /** When first minted, epoch ms; null where it was not recorded. */
  readonly firstSeen: number | null;
  /** Kinds of identities that are known, never the identities: `email`, `phone`, `customer`. */
  readonly identities: readonly string[];
}

/** @throws Problem 404 where nobody of this id was ever minted */
export async function findSubscriber(id: string, { ledgerTable }: ApiServices): Promise<KnownSubscriber> {
  const item = await ledgerTable.get(ledgerKey.subscriber(id));
  if (typeof item?.no !== 'number')
    throw new Problem(404, 'not_found', 'there is no such subscriber: a subscriber is known once minted');
  const marks = [...((item.identities as Iterable<string> | undefined) ?? [])];
  const identities = [...new Set(marks.map((mark) => mark.split('#', 1)[0] ?? ''))].sort();
  return { id, no: item.no, firstSeen: typeof item.first_seen === 'number' ? item.first_seen : null, identities };
}
