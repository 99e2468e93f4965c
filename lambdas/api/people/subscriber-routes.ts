import { timelineStatement } from '../../../sql/catalog.ts';
import { LabelStore } from '../../adapters/label-store.ts';
import { decodeCursor, encodeCursor, parseLimit } from '../../core/api/cursor.ts';
import { type Fault, fault, invalid } from '../../core/api/problem.ts';
import { rangeEnd, rangeStart } from '../../core/reports/time-range.ts';
import type { ApiRequest, ApiResponse, Route } from '../http.ts';
import { type Place, pageFrom } from '../query-pages.ts';
import { isDone, stillRunning } from '../query-run.ts';
import type { ApiServices } from '../services.ts';
import { readSettings } from '../settings-routes.ts';
import { attributesOf, timeOf } from './person.ts';
import { findSubscriber, type KnownSubscriber } from './subscriber.ts';
import { eventOf, labelEvents } from './timeline.ts';

const DAY_MS = 86_400_000;
const STANDARD_DAYS = 90;
const QUERY = {
  from: `date or time the timeline begins with; ${STANDARD_DAYS} days before its end if not given`,
  to: 'date (included) or time (excluded); now if not given',
  limit: '1 to 500 events, 50 if not given',
  cursor: 'next_cursor of the page before',
} as const;

export const subscriberRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/subscribers/{id}',
    success: [200, 202],
    scopes: ['read', 'manage'],
    summary: 'A subscriber: labels, attributes, and what happened, the newest first',
    tag: 'subscribers',
    query: QUERY,
    run: show,
  },
];

/** What a cursor carries: the place, and the end of the page before, so that labels come once. */
interface Page {
  readonly place: Place;
  readonly before: number;
}

async function show(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const limit = parseLimit(request.query.limit);
  const subscriber = await findSubscriber(request.params.id ?? '', services);
  const range = await rangeOf(request, services);
  const list = `subscribers/${subscriber.id}`;
  const page = pageOf(list, request.query.cursor) ?? (await begin(subscriber, range, services));
  if (!(await isDone(page.place.queryId, 'subscriber-timeline', services)))
    return stillRunning(page.place.queryId, locationOf(subscriber, range, limit, cursorOf(list, page)));
  const labels = await new LabelStore(services.ledgerTable, services.now).of(subscriber.id);
  const { rows, next } = await pageFrom(page.place, limit, services);
  const last = Number(rows.at(-1)?.ts ?? range.from);
  const told = labelEvents(labels).filter(({ ts }) => ts >= (next ? last : range.from) && ts < page.before);
  const timeline = [...rows.map(eventOf), ...told].sort((a, b) => b.ts - a.ts);
  const body = {
    ...shown(subscriber),
    attributes: attributesOf(rows[0]?.latest_attributes),
    labels: labels.map(({ label }) => label),
    timeline: timeline.map((event) => ({ ...event, ts: timeOf(event.ts) })),
    next_cursor: next && cursorOf(list, { place: next, before: last }),
  };
  return { status: 200, body };
}

const shown = ({ id, no, firstSeen, identities }: KnownSubscriber) => ({
  id,
  subscriber_no: no,
  first_seen: timeOf(firstSeen),
  identities,
});

interface Range {
  readonly from: number;
  readonly to: number;
}

async function begin(subscriber: KnownSubscriber, range: Range, { queryEngine }: ApiServices): Promise<Page> {
  const asked = { subscriberId: subscriber.id, subscriberNo: subscriber.no, ...range };
  return { place: { queryId: await queryEngine.start(timelineStatement(asked)), at: null }, before: range.to };
}

/** @throws Problem 422 */
async function rangeOf({ query }: ApiRequest, services: ApiServices): Promise<Range> {
  const { time_zone: tz } = await readSettings(services);
  const unknown = Object.keys(query).filter((name) => !Object.hasOwn(QUERY, name));
  const faults: Fault[] = unknown.map((name) =>
    fault(name, 'unknown_parameter', `is not a parameter; known are ${Object.keys(QUERY).join(', ')}`),
  );
  // What happens in this very millisecond is part of it.
  const to = query.to === undefined ? services.now() + 1 : rangeEnd(query.to, tz);
  const from = query.from === undefined ? (to ?? 0) - STANDARD_DAYS * DAY_MS : rangeStart(query.from, tz);
  const rule = 'must be a date such as 2026-06-01 or a time such as 2026-06-01T12:00:00Z';
  if (from === null) faults.push(fault('from', 'invalid', rule));
  if (to === null) faults.push(fault('to', 'invalid', rule));
  if (from !== null && to !== null && from >= to) faults.push(fault('to', 'invalid', 'must be after from'));
  if (faults.length > 0 || from === null || to === null) throw invalid(faults);
  return { from, to };
}

function cursorOf(list: string, { place, before }: Page): string {
  return encodeCursor(list, { query: place.queryId, at: place.at ?? BEGINNING, before: String(before) });
}

const BEGINNING = 'first';

/** @throws Problem 400 where the text is no cursor of this subscriber */
function pageOf(list: string, cursor: string | undefined): Page | undefined {
  const key = decodeCursor(list, cursor, ['query', 'at', 'before']);
  if (!key) return undefined;
  const place = { queryId: key.query ?? '', at: key.at === BEGINNING ? null : (key.at ?? null) };
  return { place, before: Number(key.before) };
}

function locationOf({ id }: KnownSubscriber, { from, to }: Range, limit: number, cursor: string): string {
  const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  return `/v1/subscribers/${encodeURIComponent(id)}?${new URLSearchParams({ ...range, limit: String(limit), cursor })}`;
}
