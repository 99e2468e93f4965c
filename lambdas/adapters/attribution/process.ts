import { subjectOf } from '../../core/ledger/keys.ts';
import type { CanonicalConversion } from '../../core/postback/conversion.ts';
import type { Item } from '../../core/postback/interpret.ts';
import type { StoredMessage } from '../../core/postback/stored-message.ts';
import type { SourceKind } from '../../core/profiles/profile.ts';
import { each } from '../dynamo-batches.ts';
import type { QuarantinedPart } from '../quarantine-item.ts';
import { deliver } from './emit.ts';
import { type ItemOutcome, isWaiting, itemOutcome } from './item-outcome.ts';
import type { Ledger } from './ledger.ts';
import { type ReadMessage, readMessage } from './read-message.ts';

/** What became of a message: its items in their order, or the error that kept it from being done. */
export type MessageOutcome =
  | { readonly message: StoredMessage; readonly kind: SourceKind; readonly items: readonly ItemOutcome[] }
  | { readonly message: StoredMessage; readonly error: unknown };

export interface ProcessOptions {
  /** How often the messages were replayed. @default 0 */
  readonly replays?: number;
  /** What to do with items that are at fault. `tell`: the caller is told and nothing is kept. @default keep */
  readonly faulty?: 'keep' | 'tell';
  /** The parts to take; what others of the messages came to stays. @default all */
  readonly only?: ReadonlySet<string>;
}

interface Task {
  readonly at: number;
  readonly read: ReadMessage;
  readonly item: Item;
}

/**
 * Takes messages through interpretation and ledger and delivers what follows. Every step may be repeated after any failure. What of
 * one message fails does not keep the others; a message that is done here is durable, and a delivery that fails is left to the sweep.
 */
export async function processMessages(
  messages: readonly StoredMessage[],
  ledger: Ledger,
  options: ProcessOptions = {},
): Promise<readonly MessageOutcome[]> {
  const errors = new Map<number, unknown>();
  const attempt = async (at: number, step: () => Promise<void>) => {
    try {
      await step();
    } catch (error) {
      errors.set(at, error);
    }
  };
  const tasks: Task[] = [];
  const kinds = new Map<number, SourceKind>();
  await each([...messages.entries()], ([at, message]) =>
    attempt(at, async () => {
      const read = await readMessage(message, ledger.known, ledger.services);
      kinds.set(at, read.profile.kind);
      const items = read.items.filter(({ part }) => options.only?.has(part) ?? true);
      tasks.push(...items.map((item) => ({ at, read, item })));
    }),
  );
  const done = messages.map((): ItemOutcome[] => []);
  await each(lanesOf(tasks), async (lane) => {
    for (const { at, read, item } of lane)
      await attempt(at, async () => void done[at]?.push(await itemOutcome(item, read, ledger)));
  });
  await each([...messages.entries()], ([at, message]) =>
    attempt(at, async () => {
      if (!errors.has(at)) await keep(message, done[at] ?? [], ledger, options);
    }),
  );
  await deliver(
    done.flat().flatMap(({ conversion }) => conversion ?? []),
    ledger,
  );
  return messages.map((message, at) => {
    const kind = kinds.get(at);
    if (kind === undefined || errors.has(at)) return { message, error: errors.get(at) };
    return { message, kind, items: (done[at] ?? []).toSorted(byPart) };
  });
}

const byPart = (a: ItemOutcome, b: ItemOutcome) => a.part.localeCompare(b.part, 'en', { numeric: true });

/** Items about one thing in the order of their messages, one after another: at once they would only be in each other's way. */
function lanesOf(tasks: readonly Task[]): Task[][] {
  const lanes = new Map<string, Task[]>();
  for (const task of tasks.toSorted((a, b) => a.at - b.at)) {
    const { item, at } = task;
    const key = item.outcome === 'conversion' ? laneOf(item.conversion) : `${at} ${item.part}`;
    const lane = lanes.get(key);
    if (lane) lane.push(task);
    else lanes.set(key, [task]);
  }
  return [...lanes.values()];
}

const laneOf = (conversion: CanonicalConversion) => `${conversion.source_id} ${subjectOf(conversion) ?? ''}`;

/** Puts aside what was not counted, and notes what became of the items that changed nothing. */
async function keep(
  message: StoredMessage,
  items: readonly ItemOutcome[],
  { quarantine, events, services }: Ledger,
  { replays = 0, faulty = 'keep', only }: ProcessOptions,
): Promise<void> {
  const isTold = faulty === 'tell';
  const isReplay = replays > 0 && !items.some(isStopped);
  const bad = items.filter(({ faults }) => faults.length > 0).map(({ part, faults }) => ({ part, faults }));
  const waiting = items.filter(isWaiting).map(waits);
  if (waiting.length > 0) await quarantine.wait(message, waiting, services.now());
  else if (isReplay) await quarantine.stopWaiting(message);
  if (bad.length > 0 && only) await quarantine.add(message, bad, services.now());
  else if (bad.length > 0 && !isTold) await quarantine.put(message, bad, services.now(), replays);
  else if (isReplay) await quarantine.delete(message.id);
  await each(
    items.filter(({ isRecorded }) => !isRecorded),
    ({ event }) => events.note(isTold && event.outcome === 'quarantined' ? { ...event, outcome: 'rejected' } : event),
  );
}

/** A source that is paused or archived reads nothing: what it could not read before stays for the time after. */
export const isStopped = ({ event }: Pick<ItemOutcome, 'event'>): boolean =>
  event.reason === 'source_paused' || event.reason === 'source_archived';

const waits = ({ part }: ItemOutcome): QuarantinedPart => ({
  part,
  faults: [{ code: 'awaiting_sale', parameter: null }],
});
