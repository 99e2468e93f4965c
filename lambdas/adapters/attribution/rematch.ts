import type { Mark } from '../../core/identity/addresses.ts';
import { rejoined } from '../../core/ledger/record.ts';
import { each } from '../dynamo-batches.ts';
import type { KnownConversion } from '../ledger-store.ts';
import { retryOnConflict } from '../retry-on-conflict.ts';
import { keyOfMark, type UnmatchedKey } from '../unmatched-index.ts';
import { emit } from './emit.ts';
import type { Ledger } from './ledger.ts';

/**
 * Matches conversions again that waited for these keys, and emits their entries with the next version. To be called once a key names
 * somebody, after that is written. May be run again after any failure.
 * @returns how many conversions changed
 */
export async function rematch(keys: readonly UnmatchedKey[], ledger: Ledger): Promise<number> {
  const waiting = await ledger.unmatched.waiting(keys);
  const matched: Matched[] = [];
  await each([...new Set([...waiting.values()].flat())], async (id) => matched.push(await rematchOne(id, ledger)));
  const changed = matched.flatMap((one) => one.changed ?? []);
  await emit(changed, ledger);
  // Last, so that nobody is forgotten by whoever dies before.
  const waits = new Map(matched.map((one) => [one.id, one.waits]));
  await each([...waiting], ([key, ids]) => forget(key, ids, waits, ledger));
  return changed.length;
}

/** The same for addresses that were bound to somebody. */
export function rematchMarks(ledger: Ledger): (marks: readonly Mark[]) => Promise<void> {
  return async (marks) => void (await rematch(marks.map(keyOfMark), ledger));
}

async function forget(
  key: UnmatchedKey,
  ids: readonly string[],
  waits: ReadonlyMap<string, ReadonlySet<string>>,
  { unmatched }: Ledger,
): Promise<void> {
  const done = ids.filter((id) => !waits.get(id)?.has(key.kind));
  if (done.length > 0) await unmatched.remove(key, done);
}

interface Matched {
  readonly id: string;
  /** The conversion as it is now, where its match changed. */
  readonly changed: KnownConversion | null;
  /** Kinds of keys it still waits for. */
  readonly waits: ReadonlySet<string>;
}

/**
 * Whoever waits looks once more after it told what it waits for, and saves after that: a key that got its meaning between the two is
 * missed. So a conversion that is not saved yet, or without the key, is touched, and the save begins anew.
 */
async function rematchOne(id: string, { store, matcher }: Ledger): Promise<Matched> {
  return retryOnConflict(async () => {
    const stored = await store.byId(id);
    if (!stored.record) {
      await store.touch(stored);
      return { id, changed: null, waits: new Set() };
    }
    const { keys } = stored.record.join;
    const found = await matcher.resolve(keys);
    const waits = new Set(found.waits.map(({ kind }) => kind));
    const record = rejoined(stored.record, { keys, match: found.match });
    if (record !== stored.record) return { id, changed: await store.save(record, stored), waits };
    await store.touch(stored);
    return { id, changed: null, waits };
  });
}
