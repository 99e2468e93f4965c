import { campaignRecipientsStatement } from '../../../sql/catalog.ts';
import { EntityStore } from '../../adapters/entity-store.ts';
import { LabelStore } from '../../adapters/label-store.ts';
import { linksKey } from '../../contract/keys.ts';
import { parseLimit } from '../../core/api/cursor.ts';
import { Problem } from '../../core/api/problem.ts';
import type { Campaign } from '../../core/entities/campaign.ts';
import { hasLinks } from '../campaign-links.ts';
import { csvResponse, prefersCsv } from '../csv-response.ts';
import type { ApiRequest, ApiResponse, Route } from '../http.ts';
import { decodePlace, encodePlace, pageFrom } from '../query-pages.ts';
import { isDone, stillRunning } from '../query-run.ts';
import type { ApiServices } from '../services.ts';
import { readSettings } from '../settings-routes.ts';
import { MAX_LIMIT, type PeopleFilter, peopleFilter, RECIPIENTS_QUERY, STANDARD_LIMIT } from './people-filter.ts';
import { csvPerson, PERSON_COLUMNS, personOf } from './person.ts';

const PATH = '/v1/campaigns/{id}/recipients';

export const campaignPeopleRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: PATH,
    success: [200, 202],
    scopes: ['read', 'manage'],
    summary: 'People of a campaign to message next, JSON or CSV; holdouts only where asked for',
    tag: 'campaigns',
    query: RECIPIENTS_QUERY,
    run: list,
  },
];

async function list(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const campaignId = request.params.id ?? '';
  const filter = peopleFilter(request.query);
  const limit = parseLimit(request.query.limit, MAX_LIMIT, STANDARD_LIMIT);
  const { cursor } = request.query;
  const name = `campaigns/${campaignId}/recipients?${filter.text}`;
  const place =
    cursor === undefined ? { queryId: await start(campaignId, filter, services), at: null } : decodePlace(name, cursor);
  if (!(await isDone(place.queryId, 'campaign-recipients', services)))
    return stillRunning(place.queryId, locationOf(campaignId, filter, limit, encodePlace(name, place)));
  const { label } = filter;
  const labels = new LabelStore(services.ledgerTable, services.now);
  const { rows, next } = await pageFrom(place, limit, services, async (found) => {
    if (label === undefined) return found;
    const having = await labels.having(
      label,
      found.map(({ subscriber_id }) => String(subscriber_id)),
    );
    return found.filter(({ subscriber_id }) => having.has(String(subscriber_id)));
  });
  return answer(request, rows, next && encodePlace(name, next));
}

function answer(request: ApiRequest, rows: readonly Readonly<Record<string, unknown>>[], nextCursor: string | null) {
  const recipients = rows.map(personOf);
  return prefersCsv(request)
    ? csvResponse('recipients', PERSON_COLUMNS, recipients.map(csvPerson), nextCursor)
    : { status: 200, body: { recipients, next_cursor: nextCursor } };
}

/** @throws Problem 404 where nothing is known of the campaign */
async function start(campaignId: string, filter: PeopleFilter, services: ApiServices): Promise<string> {
  const campaign = await new EntityStore(services.linksTable, services.now).get<Campaign>(
    linksKey.campaign(campaignId),
  );
  if (!campaign && !(await hasLinks(campaignId, services.linksTable)))
    throw new Problem(404, 'not_found', `there is no campaign ${campaignId}`);
  const { conversion_events } = await readSettings(services);
  const events = campaign?.document.conversion_events ?? conversion_events;
  return services.queryEngine.start(
    campaignRecipientsStatement({ ...filter.asked, campaignId, events, asOf: services.now() }),
  );
}

function locationOf(campaignId: string, { text }: PeopleFilter, limit: number, cursor: string): string {
  const query = new URLSearchParams(text);
  query.set('limit', String(limit));
  query.set('cursor', cursor);
  return `${PATH.replace('{id}', encodeURIComponent(campaignId))}?${query}`;
}
