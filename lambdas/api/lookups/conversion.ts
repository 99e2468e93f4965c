import { conversionEntriesStatement, personTouchesStatement } from '../../../sql/catalog.ts';
import { LedgerStore } from '../../adapters/ledger-store.ts';
import { Problem } from '../../core/api/problem.ts';
import { windowMs } from '../../core/attribution/window.ts';
import type { ConversionRecord } from '../../core/ledger/record.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import { timeOf } from '../people/person.ts';
import type { ApiServices } from '../services.ts';
import { readSettings } from '../settings-routes.ts';
import { amountsOf, keysTried } from './conversion-view.ts';
import { type Row, rowsOfAll } from './queries.ts';

const DAY_MS = 86_400_000;
/** Touches are shown this far back, or as far as the account's window reaches. */
const TOUCHES_MS = 30 * DAY_MS;
/** How long the ledger keeps a conversion after its last change, and longer: what is older is looked for in all of the lake. */
const EVER_MS = 10 * 365 * DAY_MS;

/** Where and when to look for what belongs to a conversion. */
interface Found {
  readonly subscriberNo: number | null;
  readonly clickId: string | null;
  readonly convertedAt: number;
}

/**
 * Everything known of a conversion: its entries and their versions, the keys it was joined by, what may have led to it, and the
 * messages it was read from.
 * @throws Problem 404
 */
export async function showConversion(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const id = request.params.id ?? '';
  const { record } = await new LedgerStore(services.ledgerTable, services.now).byId(id);
  return record?.entries.some(({ conversion_id }) => conversion_id === id)
    ? fromLedger(id, record, request, services)
    : fromLake(id, request, services);
}

async function fromLedger(
  id: string,
  record: ConversionRecord,
  request: ApiRequest,
  services: ApiServices,
): Promise<ApiResponse> {
  const entries = record.entries.filter(({ conversion_id }) => conversion_id === id).map((entry) => ({ ...entry }));
  const times = entries.flatMap(({ received_at, converted_at }) => [received_at, converted_at]);
  const { keys, match, version } = record.join;
  const about = {
    subscriberNo: match.subscriber_no,
    clickId: match.click?.id ?? null,
    convertedAt: entries[0]?.converted_at ?? 0,
  };
  // Versions come later than entries: whenever a key turned up.
  const lake = conversionEntriesStatement(id, Math.min(...times), services.now());
  const path = pathOf(id);
  const found = await rowsOfAll(path, [lake, await touchesOf(about, services)], request, services);
  if ('later' in found) return found.later;
  const [rows = [], touches = []] = found.rows;
  const body = {
    conversion_id: id,
    held_by: 'ledger',
    ...stateOf(entries.at(-1) ?? {}),
    duplicate_of: record.state.duplicate_of ?? null,
    version,
    match: { ...match, keys: await keysTried(keys, services) },
    entries: entries.map((entry) => ({ ...shownEntry(entry), in_lake: !record.pending.includes(entry.entry_id) })),
    versions: rows.map(shownVersion),
    touches: await shownTouches(touches, about, services),
    raw_refs: [...new Set(entries.map(({ raw_ref }) => raw_ref))],
  };
  return { status: 200, body };
}

/** What left the ledger is only in the lake. @throws Problem 404 */
async function fromLake(id: string, request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const now = services.now();
  const lake = conversionEntriesStatement(id, now - EVER_MS, now);
  const found = await rowsOfAll(pathOf(id), [lake], request, services);
  if ('later' in found) return found.later;
  const [rows = []] = found.rows;
  const newest = newestOf(rows);
  const last = newest.at(-1);
  if (!last) throw new Problem(404, 'not_found', `there is no conversion ${id}`);
  const { match, match_conflict, unmatched_reason, subscriber_no, subscriber_id, click_id } = last;
  const body = {
    conversion_id: id,
    held_by: 'lake',
    ...stateOf(last),
    version: last.version,
    match: { match, match_conflict, unmatched_reason, subscriber_no, subscriber_id, click_id },
    entries: newest.map((entry) => ({ ...shownEntry(entry), in_lake: true })),
    versions: rows.map(shownVersion),
    touches: null,
    raw_refs: [...new Set(newest.flatMap(({ raw_ref }) => raw_ref ?? []))],
  };
  return { status: 200, body };
}

const pathOf = (id: string) => `/v1/conversions/${encodeURIComponent(id)}`;

/** Of each entry the highest version. */
function newestOf(rows: readonly Row[]): Row[] {
  const newest = new Map<unknown, Row>();
  for (const row of rows) {
    const known = newest.get(row.entry_id);
    if (!known || Number(row.version) >= Number(known.version)) newest.set(row.entry_id, row);
  }
  return [...newest.values()];
}

function stateOf({ source_id, source_kind, event, status, txn_id, order_id, promo_code, converted_at }: Row) {
  return { source_id, source_kind, event, status, txn_id, order_id, promo_code, converted_at: timeOf(converted_at) };
}

function shownEntry(entry: Row) {
  const { entry_id, entry: kind, status, origin, raw_ref, refund_id } = entry;
  return {
    ...{ entry_id, entry: kind, status },
    occurred_at: timeOf(entry.occurred_at),
    received_at: timeOf(entry.received_at),
    ...amountsOf(entry),
    ...{ origin, raw_ref, ...(refund_id !== undefined && { refund_id }) },
  };
}

const shownVersion = ({ entry_id, version, match, subscriber_no, campaign_id }: Row) => ({
  entry_id,
  version,
  match,
  subscriber_no,
  campaign_id,
});

async function reachOf(services: ApiServices): Promise<number> {
  return windowMs((await readSettings(services)).attribution.window) ?? TOUCHES_MS;
}

async function touchesOf({ convertedAt, ...who }: Found, services: ApiServices) {
  const reach = Math.max(TOUCHES_MS, await reachOf(services));
  return personTouchesStatement({ ...who, from: convertedAt - reach, to: convertedAt });
}

/** Touches with what decides whether they count under the account's window; a campaign's or an offer's own may differ. */
async function shownTouches(touches: readonly Row[], { convertedAt, clickId }: Found, services: ApiServices) {
  const reach = await reachOf(services);
  return touches.map((touch) => ({
    ...touch,
    ts: timeOf(touch.ts),
    named: touch.touch_id === clickId,
    in_account_window: convertedAt - Number(touch.ts) <= reach,
  }));
}
