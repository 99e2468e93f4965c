import { z } from 'zod';
import { parseInput } from '../../core/api/problem.ts';
import * as field from '../../core/entities/fields.ts';
import { OUTCOMES } from '../../core/ledger/source-event.ts';
import { conversionInput } from '../../core/postback/api-convention.ts';
import { REASONS } from '../../core/postback/reasons.ts';
import { MAX_ITEMS } from '../batch.ts';
import type { Route } from '../http.ts';
import { idempotent } from '../idempotency.ts';
import { enterConversions } from './conversions.ts';
import { dismiss } from './dismiss.ts';
import { listQuarantine, replayMany, replayOne, showQuarantined, showReplay } from './quarantine.ts';
import { checkFilter } from './quarantine-filter.ts';
import { listSourceEvents } from './source-events.ts';

const FILTERS = {
  source: 'only messages of this source',
  reason: `only messages with this reason, such as ${Object.keys(REASONS).slice(10, 12).join(' or ')}`,
};

/** Which messages to replay; none named: all. */
const replayInput = z.strictObject({
  source: field.id.optional(),
  reason: z.string().max(64).optional(),
});

export const ledgerRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/conversions',
    scopes: ['convert'],
    summary: 'Tell conversions, refunds and chargebacks',
    tag: 'conversions',
    takesList: true,
    input: z.array(z.unknown()),
    describedInput: z.array(conversionInput).max(MAX_ITEMS),
    success: 200,
    run: (request, services) =>
      idempotent(
        request,
        services,
        async () => ({ batch: services.ledger.services.newId() }),
        ({ batch }) => enterConversions(request, batch, services),
      ),
  },
  {
    method: 'GET',
    path: '/v1/sources/{id}/events',
    scopes: ['read', 'admin'],
    summary: 'What became of the messages of a source, the newest first; kept 30 days',
    tag: 'sources',
    query: {
      outcome: `only items of which this became: ${OUTCOMES.join(', ')}`,
      reason: FILTERS.reason.replace('messages', 'items'),
      limit: '1 to 500, 50 if not given',
      cursor: 'next_cursor of the page before',
    },
    run: listSourceEvents,
  },
  {
    method: 'GET',
    path: '/v1/quarantine',
    scopes: ['read', 'admin'],
    summary: 'Messages that could not be understood, those received first at the top; kept 180 days',
    tag: 'quarantine',
    query: { ...FILTERS, limit: '1 to 500, 50 if not given', cursor: 'next_cursor of the page before' },
    run: listQuarantine,
  },
  {
    method: 'GET',
    path: '/v1/quarantine/{id}',
    scopes: ['read', 'admin'],
    summary: 'One message, what is wrong with it, and how its source would read it now; addresses are hidden',
    tag: 'quarantine',
    run: showQuarantined,
  },
  {
    method: 'DELETE',
    path: '/v1/quarantine/{id}',
    scopes: ['convert', 'admin'],
    summary:
      'Dismiss a message that cannot be mended: it is listed and replayed with others no more, and never counted',
    tag: 'quarantine',
    run: dismiss,
  },
  {
    method: 'POST',
    path: '/v1/quarantine/{id}/replay',
    scopes: ['convert', 'admin'],
    summary: 'Read one message again; what was counted before is not counted twice',
    tag: 'quarantine',
    success: 200,
    run: replayOne,
  },
  {
    method: 'POST',
    path: '/v1/quarantine/replay',
    scopes: ['convert', 'admin'],
    summary: 'Read messages of a source or with a reason again, or all: starts a run, which goes on by itself',
    tag: 'quarantine',
    input: replayInput,
    success: 202,
    run: async (request, services) => {
      const filter = parseInput(replayInput, request.body);
      await checkFilter(filter, services);
      const reserve = async () => ({ id: services.ledger.services.newId() });
      return idempotent(request, services, reserve, ({ id }) => replayMany(id, filter, services));
    },
  },
  {
    method: 'GET',
    path: '/v1/quarantine/runs/{id}',
    scopes: ['read', 'convert', 'admin'],
    summary: 'How far a replay is: messages that count now, that are still wrong, and that could not be tried',
    tag: 'quarantine',
    success: [200, 202],
    run: showReplay,
  },
];
