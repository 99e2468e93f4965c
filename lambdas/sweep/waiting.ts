import { type ItemOutcome, isWaiting } from '../adapters/attribution/item-outcome.ts';
import type { Ledger } from '../adapters/attribution/ledger.ts';
import { type MessageOutcome, processMessages } from '../adapters/attribution/process.ts';
import { MessageUnreadableError } from '../adapters/attribution/read-message.ts';
import { each } from '../adapters/dynamo-batches.ts';
import type { Quarantined, QuarantinedPart, QuarantinePlace } from '../adapters/quarantine-item.ts';
import type { QuarantinePage } from '../adapters/quarantine-store.ts';
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

/** Delivers what waits again. @returns whether anything of it is a person's now */
async function lookAfter(one: Quarantined, ledger: Ledger): Promise<boolean> {
  const { message } = one;
  const { quarantine, events, services } = ledger;
  const only = new Set(one.parts.map(({ part }) => part));
  const [outcome] = await processMessages([message], ledger, { only });
  if (!outcome || 'error' in outcome || !isTried(one, outcome.items)) return untried(one, outcome, ledger);
  const now = services.now();
  const vain = outcome.items.filter(isWaiting).map(givenUp);
  const isOver = isLate(one, now);
  if (isOver && vain.length > 0) await quarantine.add(message, vain, now);
  if (isOver || vain.length === 0) await quarantine.stopWaiting(one);
  else await quarantine.waitOn(one, vain.map(stillWaits), now);
  await events.put(outcome.items.flatMap((item) => eventOf(item, isOver ? vain : []) ?? []));
  return (isOver && vain.length > 0) || outcome.items.some(({ faults }) => faults.length > 0);
}

/** A source that is paused, or was changed in between, reads other items than those that wait. */
const isTried = ({ parts }: Quarantined, items: readonly ItemOutcome[]) =>
  parts.every(({ part }) => items.some((item) => item.part === part));

/** What cannot be tried waits on, and what of a paused source does so till that reads again; else it is a person's after its time. */
async function untried(one: Quarantined, outcome: MessageOutcome | undefined, ledger: Ledger): Promise<boolean> {
  const { message, parts } = one;
  const { known, quarantine, services } = ledger;
  const error = outcome && 'error' in outcome ? outcome.error : null;
  if (error) services.log('sweep:waiting_failed', { error: error instanceof Error ? error.name : 'unknown' });
  // what fails otherwise (a table that is busy) goes through at another time
  const isHopeless = !error || error instanceof MessageUnreadableError;
  const isPausedOnly = (await known.source(message.source_id))?.status === 'paused';
  if (!isHopeless || isPausedOnly || !isLate(one, services.now())) return false;
  await quarantine.add(message, parts.map(givenUp), services.now());
  await quarantine.stopWaiting(one);
  return true;
}

const givenUp = ({ part }: Pick<QuarantinedPart, 'part'>): QuarantinedPart => ({
  part,
  faults: [{ code: 'sale_never_came', parameter: null }],
});
const stillWaits = ({ part }: QuarantinedPart): QuarantinedPart => ({
  part,
  faults: [{ code: 'awaiting_sale', parameter: null }],
});

/** What became of an item that waited, where the ledger did not put that on record; null where it is as before. */
function eventOf(item: ItemOutcome, givenUp: readonly QuarantinedPart[]): SourceEvent | null {
  const fault = givenUp.find(({ part }) => part === item.part)?.faults[0];
  if (fault) return { ...item.event, outcome: 'quarantined', reason: fault.code };
  if (item.isRecorded || isWaiting(item)) return null;
  // it counted when its sale came
  return item.event.reason === 'repeat' ? { ...item.event, outcome: 'accepted', reason: null } : item.event;
}
