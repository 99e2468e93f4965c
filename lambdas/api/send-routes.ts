import { z } from 'zod';
import { readPriceList } from '../adapters/price-list.ts';
import { readSendFacts } from '../adapters/send-facts.ts';
import { fault } from '../core/api/problem.ts';
import { type SendInput, sendInput } from '../core/sends/send-input.ts';
import { type SendRow, type SendSubject, sendRow } from '../core/sends/send-row.ts';
import { subjectOf } from '../core/sends/subject.ts';
import { totalsInput } from '../core/sends/totals-input.ts';
import { batchBody, type Item, type ItemResult, MAX_ITEMS, readItems, rejection } from './batch.ts';
import type { ApiRequest, ApiResponse, Route } from './http.ts';
import { idempotent } from './idempotency.ts';
import { putTotals } from './send-totals.ts';
import type { ApiServices } from './services.ts';

export const sendRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/sends',
    success: 200,
    scopes: ['send'],
    summary: 'Tell what became of messages',
    tag: 'sends',
    takesList: true,
    input: z.array(z.unknown()),
    describedInput: z.array(sendInput).max(MAX_ITEMS),
    run: (request, services) =>
      idempotent(
        request,
        services,
        async () => ({}),
        () => receive(request, services),
      ),
  },
  {
    method: 'PUT',
    path: '/v1/sends/totals/{campaign_id}/{message_id}/{date}',
    success: 200,
    scopes: ['send'],
    summary: 'Put the totals of a message and day, for senders that tell no single messages',
    tag: 'sends',
    input: totalsInput,
    run: putTotals,
  },
];

/** A clock of the sender may be wrong by this much; what lies further ahead is a mistake. */
const AHEAD_MS = 24 * 3_600_000;

/** Every accepted item is durable when this answers. A repeat in another request makes another row, which views remove (ADR 20). */
async function receive(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const { items, rejected } = readItems(request.body, sendInput);
  const { fresh, repeats } = withoutRepeats(items);
  const { found, unknown } = await subjects(fresh, services);
  await services.streams.put('sends', await rowsOf(found, services));
  const accepted = found.map(({ index, data }): ItemResult => ({ index, status: 'accepted', id: data.id, errors: [] }));
  return { status: 200, body: batchBody([...rejected, ...repeats, ...unknown, ...accepted]) };
}

/** The natural key of an item is id and type; the first of a request counts. */
function withoutRepeats(items: readonly Item<SendInput>[]) {
  const seen = new Set<string>();
  const fresh: Item<SendInput>[] = [];
  const repeats: ItemResult[] = [];
  for (const item of items) {
    const key = JSON.stringify([item.data.id, item.data.type]);
    if (seen.has(key)) repeats.push({ index: item.index, status: 'duplicate', id: item.data.id, errors: [] });
    else fresh.push(item);
    seen.add(key);
  }
  return { fresh, repeats };
}

interface Found extends Item<SendInput> {
  readonly subject: SendSubject;
}

async function subjects(items: readonly Item<SendInput>[], services: ApiServices) {
  const facts = await readSendFacts(
    items.map(({ data }) => data),
    { ...services, keyring: services.keys.edge },
  );
  const found: Found[] = [];
  const unknown: ItemResult[] = [];
  for (const item of items) {
    const result = subjectOf(item.data, facts);
    const faults = [...('faults' in result ? result.faults : []), ...timeFaults(item.data, services.now())];
    if ('subject' in result && faults.length === 0) found.push({ ...item, subject: result.subject });
    else unknown.push(rejection(item.index, item.data.id, faults));
  }
  return { found, unknown };
}

function timeFaults({ ts }: SendInput, now: number) {
  return Date.parse(ts) <= now + AHEAD_MS ? [] : [fault('ts', 'in_future', 'lies more than a day ahead')];
}

async function rowsOf(found: readonly Found[], services: ApiServices): Promise<SendRow[]> {
  const prices = await readPriceList(
    services.linksTable,
    found.map(({ subject }) => subject.campaign_id),
  );
  const now = services.now();
  return found.map(({ data, subject }) => sendRow(data, subject, now, prices(subject.campaign_id)));
}
