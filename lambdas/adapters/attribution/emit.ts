import { isPending } from '../../core/ledger/record.ts';
import { rowsOf } from '../../core/ledger/rows.ts';
import { each } from '../dynamo-batches.ts';
import type { KnownConversion } from '../ledger-store.ts';
import type { Ledger } from './ledger.ts';

/**
 * Delivers what conversions still owe the lake and the log of events, then clears it. May be run by any number at a time, and again
 * after any failure: rows carry their ids.
 * @throws where the stream or the table does not take them; then nothing is cleared that is not delivered
 */
export async function emit(conversions: readonly KnownConversion[], ledger: Ledger): Promise<number> {
  const due = newest(conversions).filter(({ record }) => isPending(record));
  if (due.length === 0) return 0;
  const rows = due.flatMap(({ record }) => rowsOf(record, new Set(record.pending)));
  await ledger.services.streams.put('conversions', rows);
  await ledger.events.put(due.flatMap(({ record }) => record.events));
  await each(due, (conversion) => ledger.store.settle(conversion, deliveredOf(conversion)));
  return rows.length;
}

/** Delivers at once what can be; what cannot is left to the sweep. */
export async function deliver(conversions: readonly KnownConversion[], ledger: Ledger): Promise<void> {
  try {
    await emit(conversions, ledger);
  } catch (error) {
    ledger.services.log('ledger:delivery_late', { error: error instanceof Error ? error.name : 'unknown' });
  }
}

const deliveredOf = ({ record }: KnownConversion) => ({
  entries: new Set(record.pending),
  events: new Set(record.events.map(({ id }) => id)),
  version: record.join.version,
});

/** Each conversion once, as last written. */
function newest(conversions: readonly KnownConversion[]): KnownConversion[] {
  const byId = new Map<string, KnownConversion>();
  for (const one of conversions) {
    const before = byId.get(one.id);
    if (!before || before.revision < one.revision) byId.set(one.id, one);
  }
  return [...byId.values()];
}
