import type { Fault } from '../../core/postback/reasons.ts';
import { each } from '../dynamo-batches.ts';
import type { Quarantined, QuarantinePlace } from '../quarantine-item.ts';
import type { QuarantinePage } from '../quarantine-store.ts';
import type { Ledger } from './ledger.ts';
import { isStopped, type MessageOutcome, processMessages } from './process.ts';

/** Which messages are meant. */
export interface QuarantineFilter {
  readonly source?: string | undefined;
  readonly reason?: string | undefined;
}

/** What became of a message that was replayed. */
export interface Replayed {
  readonly id: string;
  readonly source_id: string;
  /** `failed`: it could not be tried, and is where it was. */
  readonly status: 'replayed' | 'quarantined' | 'failed';
  readonly reasons: readonly string[];
  readonly items: readonly object[];
}

/** Pages looked at in one search, and messages of a page: fewer where they are large. */
const MAX_PAGES = 10;
const PAGE = 200;

/** Messages in quarantine that fit a filter, those received first at the top. */
export async function searchQuarantine(
  filter: QuarantineFilter,
  after: QuarantinePlace | null,
  limit: number,
  { quarantine }: Pick<Ledger, 'quarantine'>,
): Promise<QuarantinePage> {
  const found: Quarantined[] = [];
  let place = after;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await quarantine.list('quarantine', place, PAGE);
    for (const one of page.found) {
      if (fits(one, filter)) found.push(one);
      if (found.length === limit) return { found, next: one };
    }
    place = page.next;
    if (place === null) break;
  }
  return { found, next: place };
}

const fits = ({ source_id, parts }: Quarantined, { source, reason }: QuarantineFilter) =>
  (source === undefined || source === source_id) &&
  (reason === undefined || parts.some(({ faults }) => faults.some(({ code }) => code === reason)));

/**
 * Takes messages through interpretation and ledger again, by their sources as they are now. What was counted before is found there, so
 * nothing counts twice.
 */
export async function replayMessages(messages: readonly Quarantined[], opened: Ledger): Promise<Replayed[]> {
  const ledger = { ...opened, known: opened.known.anew() };
  const outcomes: MessageOutcome[] = [];
  await each(messages, async ({ message, replays }) =>
    outcomes.push(...(await processMessages([message], ledger, { replays: replays + 1 }))),
  );
  return outcomes.map(replayedOf);
}

function replayedOf(outcome: MessageOutcome): Replayed {
  const { id, source_id } = outcome.message;
  if ('error' in outcome) return { id, source_id, status: 'failed', reasons: [], items: [] };
  const why = outcome.items.find(isStopped)?.event.reason;
  if (why) return { id, source_id, status: 'failed', reasons: [why], items: [] };
  const faults = outcome.items.flatMap((item) => item.faults);
  const items = outcome.items.map(({ part, event }) => ({ item: part, outcome: event.outcome, reason: event.reason }));
  return { id, source_id, status: faults.length > 0 ? 'quarantined' : 'replayed', reasons: reasonsOf(faults), items };
}

/** Codes of faults, each once. */
export const reasonsOf = (faults: readonly Fault[]): string[] => [...new Set(faults.map(({ code }) => code))];
