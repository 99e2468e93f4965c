import { type ItemOutcome, isWaiting } from '../adapters/attribution/item-outcome.ts';
import type { Ledger } from '../adapters/attribution/ledger.ts';
import { isPaused, processMessages } from '../adapters/attribution/process.ts';
import { each } from '../adapters/dynamo-batches.ts';
import type { Quarantined, QuarantinedPart, QuarantinePage, QuarantinePlace } from '../adapters/quarantine-store.ts';
import { takesForeignMoney } from '../core/ledger/apply.ts';
import type { SourceEvent } from '../core/ledger/source-event.ts';

/** How long a refund waits for its sale, days: a network that reports a refund first corrects that within days. */
export const WAIT_DAYS = 7;
const WAIT_MS = WAIT_DAYS * 86_400_000;
/** Messages looked at in one go. */
const PAGE = 200;

/**
 * Looks after refunds that wait for their sale. A sale may turn up under another name than its refund (an order's transaction, an
 * invoice's payment), so they are delivered again now and then; after seven days they are for a person to look at.
 * @returns how many were put into quarantine
 */
export async function lookAfterWaiting(ledger: Ledger, isOver: () => boolean): Promise<number> {
  let quarantined = 0;
  let place: QuarantinePlace | null = null;
  while (!isOver()) {
    const { found, next }: QuarantinePage = await ledger.quarantine.list('waiting', place, PAGE);
    const due = found.filter((one) => isDue(one, ledger.services.now()));
    await each(due, async (one) => {
      if (await lookAfter(one, ledger)) quarantined++;
    });
    if (!next) break;
    place = next;
  }
  return quarantined;
}

const isLate = ({ received_at }: Quarantined, now: number) => received_at < now - WAIT_MS;

/** When it has waited as long again as before the last try: a dozen times in a week. */
const isDue = (one: Quarantined, now: number) =>
  isLate(one, now) || now - one.quarantined_at >= one.quarantined_at - one.received_at;

/** Delivers the message again. @returns whether it is a person's now */
async function lookAfter(one: Quarantined, ledger: Ledger): Promise<boolean> {
  const { message, replays } = one;
  const { quarantine, events } = ledger;
  const now = ledger.services.now();
  const [outcome] = await processMessages([message], ledger);
  // a source that is paused reads nothing: what waits, waits on
  if (!outcome || 'error' in outcome || outcome.items.some(isPaused)) return false;
  if (outcome.items.some(({ faults }) => faults.length > 0)) return true;
  const parts = outcome.items.flatMap((item) => vain(item, message.received_at) ?? []);
  const isGivenUp = parts.length > 0 && isLate(one, now);
  if (parts.length === 0) await quarantine.delete(message.id);
  else if (isGivenUp) await quarantine.put(message, parts, now, replays);
  else await quarantine.waitOn(one, now);
  await events.put(outcome.items.flatMap((item) => eventOf(item, isGivenUp ? parts : []) ?? []));
  return isGivenUp;
}

/** What became of an item that waited, where the ledger did not put that on record; null where it is as before. */
function eventOf(item: ItemOutcome, givenUp: readonly QuarantinedPart[]): SourceEvent | null {
  const fault = givenUp.find(({ part }) => part === item.part)?.faults[0];
  if (fault) return { ...item.event, outcome: 'quarantined', reason: fault.code };
  return item.isRecorded || isWaiting(item) || item.event.reason === 'repeat' ? null : item.event;
}

/** An item of a message that took nothing back; null where it did. */
function vain(item: ItemOutcome, receivedAt: number): QuarantinedPart | null {
  const { part, conversion } = item;
  if (isWaiting(item)) return { part, faults: [{ code: 'sale_never_came', parameter: null }] };
  return conversion && takesForeignMoney(conversion.record.state, receivedAt)
    ? { part, faults: [{ code: 'refund_currency_differs', parameter: null }] }
    : null;
}
