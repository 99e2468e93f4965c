import type { EventPlace } from '../../adapters/event-log.ts';
import { badCursor, decodeCursor, encodeCursor, parseLimit } from '../../core/api/cursor.ts';
import { type Fault, fault, invalid, Problem } from '../../core/api/problem.ts';
import { OUTCOMES, type Outcome, type SourceEvent } from '../../core/ledger/source-event.ts';
import { REASONS } from '../../core/postback/reasons.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { ApiServices } from '../services.ts';
import { faultsOfReason } from './quarantine-filter.ts';

/** Which events are meant. */
interface EventFilter {
  readonly outcome?: string | undefined;
  readonly reason?: string | undefined;
}

/** Events read at a time where a filter lets few through, and how often in one call. */
const PAGE = 500;
const MAX_PAGES = 10;

/** What became of a source's items, the newest first. A page may be short where a filter fits few. @throws Problem 404, 422 */
export async function listSourceEvents({ params, query }: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const id = params.id ?? '';
  const limit = parseLimit(query.limit);
  const list = `sources/${id}/events`;
  const now = services.now();
  const place = placeOf(decodeCursor(list, query.cursor, ['id', 'received_at'])) ?? { received_at: now + 1, id: '' };
  if (!(await services.ledger.known.source(id))) throw new Problem(404, 'not_found', `there is no source ${id}`);
  checkFilter(query);
  const { found, next } = await search(id, query, place, limit, services);
  const next_cursor = next && encodeCursor(list, { id: next.id, received_at: String(next.received_at) });
  return { status: 200, body: { events: found.map(shown), next_cursor } };
}

const shown = ({ received_at, reason, ...event }: SourceEvent) => ({
  ...event,
  received_at: new Date(received_at).toISOString(),
  reason,
  message: reason && REASONS[reason].replaceAll('{parameter}', event.parameter ?? 'A value'),
});

/** A slip of the pen must not read as a source to which nothing came. */
function checkFilter({ outcome, reason }: EventFilter): void {
  const faults: Fault[] = [];
  if (outcome !== undefined && !OUTCOMES.includes(outcome as Outcome))
    faults.push(fault('outcome', 'unknown', `${outcome} is no outcome; there are ${OUTCOMES.join(', ')}`));
  faults.push(...faultsOfReason(reason));
  if (faults.length > 0) throw invalid(faults);
}

const fits = (event: SourceEvent, { outcome, reason }: EventFilter) =>
  (outcome === undefined || outcome === event.outcome) && (reason === undefined || reason === event.reason);

/** Events that fit, and the place behind which the list goes on; null at its end. */
async function search(id: string, filter: EventFilter, from: EventPlace, limit: number, services: ApiServices) {
  const { events } = services.ledger;
  const isFiltered = filter.outcome !== undefined || filter.reason !== undefined;
  const size = isFiltered ? PAGE : limit + 1;
  const found: SourceEvent[] = [];
  let place = from;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await events.before(id, place, size, services.now());
    for (const [at, event] of page.entries()) {
      if (found.length === limit) return { found, next: page[at - 1] ?? place };
      if (fits(event, filter)) found.push(event);
    }
    const last = page.at(-1);
    if (!last || page.length < size) return { found, next: null };
    place = last;
  }
  return { found, next: place };
}

function placeOf(key: Readonly<Record<string, string>> | undefined) {
  if (!key) return null;
  const received_at = Number(key.received_at);
  if (!Number.isSafeInteger(received_at)) throw badCursor();
  return { received_at, id: String(key.id) };
}
