import { type Fault, fault } from '../../core/api/problem.ts';
import { type Mark, readAddresses } from '../../core/identity/addresses.ts';
import { claimedClick, REFUSALS } from '../../core/identity/claimed-click.ts';
import { type IdentifyInput, identifyInput } from '../../core/identity/identify-input.ts';
import { batchBody, type Item, type ItemResult, readItems, rejection } from '../batch.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { ApiServices } from '../services.ts';
import { bindClaims, type ClickClaim } from './bind.ts';

/** How long writing may take, ms; the platform ends a call after 29 s. */
const WRITING_MS = 20_000;
/** A clock of the sender may be wrong by this much. */
const AHEAD_MS = 24 * 3_600_000;

interface Read {
  readonly marks: readonly Mark[];
  readonly claim: ClickClaim | null;
  readonly subscriberId: string | null;
}

/**
 * A sender's word about a subscriber of the list binds as a list does, and makes a subscriber of whoever is new; what it relays
 * of a click's visitor binds as the visitor's own word does. Doing so again changes nothing.
 */
export async function identify(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const { items, rejected } = readItems(request.body, identifyInput);
  const { read, faulty } = await readAll(items, services);
  await bindSubscribers(read, services);
  await bindClaims(
    read.flatMap(({ claim }) => claim ?? []),
    services,
  );
  const accepted = read.map(({ index }): ItemResult => ({ index, status: 'accepted', id: null, errors: [] }));
  return { status: 200, body: batchBody([...rejected, ...faulty, ...accepted]) };
}

async function readAll(items: readonly Item<IdentifyInput>[], services: ApiServices) {
  const [home, edge] = await Promise.all([services.keys.home(), services.keys.edge()]);
  const read: (Read & { readonly index: number })[] = [];
  const faulty: ItemResult[] = [];
  for (const { index, data } of items) {
    const { marks, faults } = readAddresses(data, home);
    const clicked = data.click_id === undefined ? null : claimedClick(data.click_id, edge, services.now());
    const all = [...faults, ...timeFaults(data, services.now())];
    if (clicked && 'refused' in clicked)
      all.push(fault('click_id', `click_id_${clicked.refused}`, REFUSALS[clicked.refused]));
    const claim =
      clicked && 'click' in clicked
        ? { clickId: String(data.click_id).trim().toLowerCase(), click: clicked.click, marks }
        : null;
    if (all.length > 0) faulty.push(rejection(index, null, all));
    else read.push({ index, marks, claim, subscriberId: data.subscriber_id?.trim() ?? null });
  }
  return { read, faulty };
}

function timeFaults({ ts }: IdentifyInput, now: number): Fault[] {
  return ts === undefined || Date.parse(ts) <= now + AHEAD_MS
    ? []
    : [fault('ts', 'in_future', 'lies more than a day ahead')];
}

async function bindSubscribers(read: readonly Read[], services: ApiServices): Promise<void> {
  const told = read.filter(({ subscriberId }) => subscriberId !== null);
  if (told.length === 0) return;
  const people = told.map(({ subscriberId, marks }) => ({
    id: String(subscriberId),
    identities: Object.fromEntries(marks.map(({ kind, hash }) => [kind, hash])),
  }));
  await services.subscribers.enrol(people, services.now() + WRITING_MS);
  await services.rematch(told.flatMap(({ marks }) => marks));
}
