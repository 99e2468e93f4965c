import { LabelStore } from '../../adapters/label-store.ts';
import { decodeCursor, encodeCursor, type ListKey, parseLimit } from '../../core/api/cursor.ts';
import { fault, invalid } from '../../core/api/problem.ts';
import { ID_PATTERN } from '../../core/entities/fields.ts';
import { csvResponse, prefersCsv } from '../csv-response.ts';
import type { ApiRequest, ApiResponse, Route } from '../http.ts';
import type { ApiServices } from '../services.ts';
import { findSubscriber } from './subscriber.ts';

const ONE = '/v1/subscribers/{id}/labels/{label}';

export const labelRoutes: readonly Route[] = [
  {
    method: 'PUT',
    path: ONE,
    success: 200,
    scopes: ['manage'],
    summary: 'Put a label on a subscriber',
    tag: 'subscribers',
    run: put,
  },
  {
    method: 'DELETE',
    path: ONE,
    scopes: ['manage'],
    summary: 'Take a label off a subscriber',
    tag: 'subscribers',
    run: remove,
  },
  {
    method: 'GET',
    path: '/v1/labels/{label}/subscribers',
    scopes: ['read', 'manage'],
    summary: 'Subscribers of a label, JSON or CSV',
    tag: 'subscribers',
    query: { limit: '1 to 500, 50 if not given', cursor: 'next_cursor of the page before; x-next-cursor in CSV' },
    run: list,
  },
];

const storeOf = ({ ledgerTable, now }: ApiServices) => new LabelStore(ledgerTable, now);

/** @throws Problem 422 */
function labelOf({ params }: ApiRequest): string {
  const label = params.label ?? '';
  if (ID_PATTERN.test(label)) return label;
  throw invalid([fault('label', 'invalid', 'must be 1 to 64 characters of A-Z a-z 0-9 . _ -')]);
}

async function put(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const label = labelOf(request);
  const subscriber = await findSubscriber(request.params.id ?? '', services);
  await storeOf(services).add(label, subscriber);
  return labelsOf(subscriber.id, services);
}

async function remove(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const label = labelOf(request);
  const { id } = await findSubscriber(request.params.id ?? '', services);
  await storeOf(services).remove(label, id);
  return labelsOf(id, services);
}

/** What a change answers: the labels there are now. */
async function labelsOf(id: string, services: ApiServices): Promise<ApiResponse> {
  const labels = await storeOf(services).of(id);
  return { status: 200, body: { id, labels: labels.map(({ label }) => label) } };
}

async function list(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const label = labelOf(request);
  const name = `labels/${label}`;
  const from = decodeCursor(name, request.query.cursor, ['pk', 'kind', 'sort']);
  const { labels, next } = await storeOf(services).subscribers(label, parseLimit(request.query.limit), from);
  const subscribers = labels.map(({ subscriber_id, subscriber_no, labelled_at }) => ({
    subscriber_id,
    subscriber_no,
    labelled_at,
  }));
  const next_cursor = next ? encodeCursor(name, next as ListKey) : null;
  return prefersCsv(request)
    ? csvResponse(label, ['subscriber_id', 'subscriber_no', 'labelled_at'], subscribers, next_cursor)
    : { status: 200, body: { subscribers, next_cursor } };
}
