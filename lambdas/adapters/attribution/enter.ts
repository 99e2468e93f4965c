import { apply } from '../../core/ledger/apply.ts';
import { judgedByAge } from '../../core/ledger/click-age.ts';
import { conversionIdOf } from '../../core/ledger/keys.ts';
import { type ConversionRecord, isOnRecord, type Recording, recorded } from '../../core/ledger/record.ts';
import type { SourceEvent } from '../../core/ledger/source-event.ts';
import { matchKeysOf, withKeys } from '../../core/match-keys.ts';
import type { CanonicalConversion } from '../../core/postback/conversion.ts';
import { ConversionTooLargeError, hasSale, type KnownConversion, type StoredConversion } from '../ledger-store.ts';
import { retryOnConflict } from '../retry-on-conflict.ts';
import type { Inheritance } from './give-way.ts';
import type { Ledger } from './ledger.ts';
import { placementOf } from './placement.ts';
import { originOf, type ReadMessage } from './read-message.ts';

/** What became of a conversion's message in the ledger. */
export interface Entered {
  readonly event: SourceEvent;
  /** The conversion as it is now; null where the message is another's duplicate. */
  readonly conversion: KnownConversion | null;
  /** True where the event is on record with the effect, and needs no note of its own. */
  readonly isRecorded: boolean;
}

/** Others write at the same time, again and again: each attempt that fails is one of theirs that went through. */
const ATTEMPTS = 40;

/**
 * Enters one conversion of a message. Claim and effect are one conditional write; whoever loses it begins anew. What would not fit into
 * an item is refused.
 */
export async function enter(
  conversion: CanonicalConversion,
  eventId: string,
  read: ReadMessage,
  ledger: Ledger,
): Promise<Entered> {
  try {
    return await retryOnConflict(() => enterOnce(conversion, eventId, read, ledger), ATTEMPTS);
  } catch (error) {
    if (!(error instanceof ConversionTooLargeError)) throw error;
    const event = { ...blankEvent(eventId, conversion), ...TOO_LARGE };
    return { event, conversion: null, isRecorded: false };
  }
}

async function enterOnce(
  told: CanonicalConversion,
  eventId: string,
  read: ReadMessage,
  ledger: Ledger,
): Promise<Entered> {
  const placement = await placementOf(told, read, ledger);
  const blank = blankEvent(eventId, told);
  const aside = (event: Partial<SourceEvent> & Pick<SourceEvent, 'outcome' | 'reason'>): Entered => {
    return { event: { ...blank, ...event }, conversion: null, isRecorded: false };
  };
  if ('awaits' in placement) return aside({ outcome: 'accepted', reason: 'awaiting_sale' });
  if ('duplicate_of' in placement) {
    const reason = told.entry === 'sale' ? 'order_of_another_source' : 'refund_of_another_source';
    return aside({ outcome: 'duplicate', reason, duplicate_of: placement.duplicate_of });
  }
  const { conversion, key, stored, inherited } = placement;
  const conversion_id = conversionIdOf(key);
  if (conversion.by_pixel && hasSale(stored)) return aside({ outcome: 'duplicate', reason: 'repeat', conversion_id });
  const before = stored.record?.state ?? null;
  const transition = judgedByAge(apply(before, key, conversion, policyOf(read), inherited.facts), before, conversion);
  const { outcome, reason } = transition;
  if (reason === 'click_too_old') return aside({ outcome, reason, parameter: 'click_id' });
  const join = await joinOf(conversion, stored, inherited, ledger);
  const event: SourceEvent = {
    ...blank,
    outcome,
    reason,
    conversion_id: reason === 'awaiting_sale' ? null : conversion_id,
  };
  return saved(stored, { transition, join, event, from: originOf(read) }, ledger);
}

const TOO_LARGE = { outcome: 'quarantined', reason: 'too_many_changes' } as const;

const policyOf = ({ source, profile }: ReadMessage) => source.duplicates ?? profile.duplicates;

function blankEvent(id: string, { source_id, received_at, entry, event, txn_id, order_id }: CanonicalConversion) {
  const about = { event: entry === 'sale' ? event : entry, txn_id, order_id };
  return { id, source_id, received_at, parameter: null, conversion_id: null, duplicate_of: null, ...about };
}

/** Writes where there is anything to write. */
async function saved(stored: StoredConversion, writing: Recording, { store }: Ledger): Promise<Entered> {
  const { event, transition } = writing;
  const isRefused = transition.outcome === 'quarantined';
  const record = isRefused ? stored.record : recorded(stored.record, writing);
  if (record === null || record === stored.record)
    return { event, conversion: record && { ...stored, record }, isRecorded: false };
  return { event, conversion: await store.save(record, stored), isRecorded: isOnRecord(transition) };
}

/** Whose it is, by all keys known now. Nothing is looked up where a message brings no new key. */
async function joinOf(
  conversion: CanonicalConversion,
  { record, id }: StoredConversion,
  inherited: Inheritance,
  { matcher, homeKeys }: Ledger,
) {
  const told = matchKeysOf(conversion, await homeKeys());
  const more = inherited.keys ? withKeys(inherited.keys, told) : told;
  const known: ConversionRecord['join'] | undefined = record?.join;
  const keys = known ? withKeys(known.keys, more) : more;
  return known && keys === known.keys ? { keys, match: known.match } : { keys, match: await matcher.match(keys, id) };
}
