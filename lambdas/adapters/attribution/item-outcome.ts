import { isAwaitingSale, takesForeignMoney } from '../../core/ledger/apply.ts';
import type { SourceEvent } from '../../core/ledger/source-event.ts';
import type { CanonicalConversion } from '../../core/postback/conversion.ts';
import type { Item } from '../../core/postback/interpret.ts';
import type { Fault } from '../../core/postback/reasons.ts';
import type { KnownConversion } from '../ledger-store.ts';
import { enter } from './enter.ts';
import type { Ledger } from './ledger.ts';
import type { ReadMessage } from './read-message.ts';

/** What became of one item of a message. */
export interface ItemOutcome {
  readonly part: string;
  readonly event: SourceEvent;
  /** What is wrong with it; empty where nothing is. */
  readonly faults: readonly Fault[];
  readonly conversion: KnownConversion | null;
  readonly isRecorded: boolean;
}

/** Whether an item takes back what has not come yet. */
export const isWaiting = ({ event, conversion }: ItemOutcome): boolean =>
  conversion ? isAwaitingSale(conversion.record.state) : event.reason === 'awaiting_sale';

/** A refund that waited could not be judged before its sale: where that is in another currency, the refund is not applied. */
function judgedAnew(
  event: SourceEvent,
  { received_at }: CanonicalConversion,
  known: KnownConversion | null,
): SourceEvent {
  const isForeign = event.reason === 'repeat' && known !== null && takesForeignMoney(known.record.state, received_at);
  return isForeign ? { ...event, outcome: 'quarantined', reason: 'refund_currency_differs' } : event;
}

/** Takes one item through the ledger. Done again after any failure it comes to the same. */
export async function itemOutcome(item: Item, read: ReadMessage, ledger: Ledger): Promise<ItemOutcome> {
  const { message } = read;
  const { part } = item;
  const id = `${message.id}_${part}`;
  if (item.outcome === 'conversion') {
    const entered = await enter(item.conversion, id, read, ledger);
    const event = judgedAnew(entered.event, item.conversion, entered.conversion);
    const { outcome, reason, parameter } = event;
    const faults = outcome === 'quarantined' && reason ? [{ code: reason, parameter }] : [];
    return { ...entered, event, part, faults };
  }
  if (item.outcome === 'ignored' && item.alias)
    await ledger.aliases.put(message.source_id, item.alias.name, { txn_id: item.alias.txn_id });
  const faults = item.outcome === 'quarantined' ? item.faults : [];
  const event: SourceEvent = {
    id,
    source_id: message.source_id,
    received_at: message.received_at,
    outcome: item.outcome,
    reason: item.outcome === 'ignored' ? item.reason : (faults[0]?.code ?? null),
    parameter: faults[0]?.parameter ?? null,
    conversion_id: null,
    duplicate_of: null,
  };
  return { part, event, faults, conversion: null, isRecorded: false };
}
