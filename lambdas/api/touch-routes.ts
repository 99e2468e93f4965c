import { z } from 'zod';
import { type IdentityOwner, IdentityStore, markKey } from '../adapters/identity-store.ts';
import { SubscriberLookup } from '../adapters/subscriber-lookup.ts';
import { fault } from '../core/api/problem.ts';
import { type Mark, readAddresses } from '../core/identity/addresses.ts';
import { type TouchInput, touchInput } from '../core/touches/touch-input.ts';
import { type TouchRow, type TouchSubject, touchRow } from '../core/touches/touch-row.ts';
import { batchBody, type Item, type ItemResult, MAX_ITEMS, readItems, rejection } from './batch.ts';
import type { ApiRequest, ApiResponse, Route } from './http.ts';
import { idempotent } from './idempotency.ts';
import type { ApiServices } from './services.ts';

export const touchRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/touches',
    scopes: ['send'],
    summary: 'Tell touches of other channels, for attribution',
    tag: 'people',
    takesList: true,
    input: z.array(z.unknown()),
    describedInput: z.array(touchInput).max(MAX_ITEMS),
    success: 200,
    run: (request, services) =>
      idempotent(
        request,
        services,
        async () => ({}),
        () => receive(request, services),
      ),
  },
];

/** A clock of the sender may be wrong by this much. */
const AHEAD_MS = 24 * 3_600_000;

interface ReadTouch extends Item<TouchInput> {
  readonly marks: readonly Mark[];
}

/** Every accepted touch is durable when this answers. A repeat in another request makes another row, which views remove. */
async function receive(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const { items, rejected } = readItems(request.body, touchInput);
  const { fresh, repeats } = withoutRepeats(items);
  const { read, faulty } = await readAll(fresh, services);
  await services.streams.put('touches', await rowsOf(read, services));
  const accepted = read.map(({ index, data }): ItemResult => ({ index, status: 'accepted', id: data.id, errors: [] }));
  return { status: 200, body: batchBody([...rejected, ...repeats, ...faulty, ...accepted]) };
}

function withoutRepeats(items: readonly Item<TouchInput>[]) {
  const seen = new Set<string>();
  const fresh: Item<TouchInput>[] = [];
  const repeats: ItemResult[] = [];
  for (const item of items) {
    if (seen.has(item.data.id)) repeats.push({ index: item.index, status: 'duplicate', id: item.data.id, errors: [] });
    else fresh.push(item);
    seen.add(item.data.id);
  }
  return { fresh, repeats };
}

async function readAll(items: readonly Item<TouchInput>[], services: ApiServices) {
  const keys = await services.keys.home();
  const read: ReadTouch[] = [];
  const faulty: ItemResult[] = [];
  for (const item of items) {
    const { marks, faults } = readAddresses(item.data, keys);
    const isAhead = Date.parse(item.data.ts) > services.now() + AHEAD_MS;
    const all = isAhead ? [...faults, fault('ts', 'in_future', 'lies more than a day ahead')] : faults;
    if (all.length > 0) faulty.push(rejection(item.index, item.data.id, all));
    else read.push({ ...item, marks });
  }
  return { read, faulty };
}

async function rowsOf(read: readonly ReadTouch[], services: ApiServices): Promise<TouchRow[]> {
  const { ledgerTable, now } = services;
  const owners = await new IdentityStore(ledgerTable, now).ownersOf(read.flatMap(({ marks }) => marks));
  const whose = read.map((touch) => ({ touch, id: subscriberOf(touch, owners) }));
  const numbers = await new SubscriberLookup(ledgerTable).numbersOf([...new Set(whose.flatMap(({ id }) => id ?? []))]);
  return whose.map(({ touch: { data, marks }, id }) => {
    const subject: TouchSubject = { subscriber_id: id, subscriber_no: (id !== null && numbers.get(id)) || null };
    return touchRow(data, subject, marks, now());
  });
}

/** The sender's own id is believed before e-mail, phone and customer id, as in conversions. */
function subscriberOf({ data, marks }: ReadTouch, owners: ReadonlyMap<string, IdentityOwner>): string | null {
  if (data.subscriber_id !== undefined) return data.subscriber_id.trim();
  for (const mark of marks) {
    const owner = owners.get(markKey(mark))?.subscriberId;
    if (owner) return owner;
  }
  return null;
}
