import { promoCodesStatement } from '../../sql/catalog.ts';
import { EntityStore } from '../adapters/entity-store.ts';
import { linksKey } from '../contract/keys.ts';
import { badCursor, decodeCursor, encodeCursor, parseLimit } from '../core/api/cursor.ts';
import { Problem } from '../core/api/problem.ts';
import type { Campaign } from '../core/entities/campaign.ts';
import { csvResponse, prefersCsv } from './csv-response.ts';
import type { ApiRequest, ApiResponse, Route } from './http.ts';
import { noSuchRun, rowsOf, stillRunning } from './query-run.ts';
import type { ApiServices } from './services.ts';

/** Most codes of one answer: about 1 MB, and 20 pages of Athena's results. A query per 500 would make a million codes 2,000 queries. */
const MAX_LIMIT = 20_000;
const STANDARD_LIMIT = 1_000;

export const promoRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/campaigns/{id}/promo-codes',
    success: [200, 202],
    scopes: ['read', 'manage'],
    summary: 'Promo codes of everyone minted on the campaign, JSON or CSV; holdouts have none',
    tag: 'campaigns',
    query: {
      limit: `1 to ${MAX_LIMIT}, ${STANDARD_LIMIT} if not given`,
      cursor: 'next_cursor of the page before; x-next-cursor in CSV',
      run: 'a run that an answer 202 named',
    },
    run: list,
  },
];

/** Where the rows come from and how many a page has; all that an answer needs. */
interface Page {
  readonly campaignId: string;
  readonly limit: number;
  readonly cursor: string | undefined;
}

async function list(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const { limit, cursor, run } = request.query;
  const page = { campaignId: request.params.id ?? '', limit: parseLimit(limit, MAX_LIMIT, STANDARD_LIMIT), cursor };
  const queryId = run === undefined ? await start(page, services) : decodeRun(run, page);
  const rows = await rowsOf(queryId, 'promo-codes', services);
  if (rows) return answer(rows, page, request);
  const id = encodeRun(queryId, page);
  const query = new URLSearchParams({ run: id, limit: String(page.limit), ...(cursor !== undefined && { cursor }) });
  return stillRunning(id, `/v1/campaigns/${encodeURIComponent(page.campaignId)}/promo-codes?${query}`);
}

/** @throws Problem 404 where there is no such campaign */
async function start({ campaignId, limit, cursor }: Page, services: ApiServices): Promise<string> {
  const after = afterOf(campaignId, cursor);
  const store = new EntityStore(services.linksTable, services.now);
  const campaign = await store.get<Campaign>(linksKey.campaign(campaignId));
  if (!campaign) throw new Problem(404, 'not_found', `there is no campaign ${campaignId}`);
  const range = { from: Date.parse(campaign.createdAt), to: services.now() };
  // One row more than asked for tells whether there is another page.
  return services.queryEngine.start(promoCodesStatement({ campaignId, ...range, after, limit: limit + 1 }));
}

const listOf = (campaignId: string) => `campaigns/${campaignId}/promo-codes`;

function afterOf(campaignId: string, cursor: string | undefined) {
  const key = decodeCursor(listOf(campaignId), cursor, ['subscriber_no', 'promo_code']);
  if (!key) return null;
  const subscriberNo = Number(key.subscriber_no);
  if (!Number.isSafeInteger(subscriberNo)) throw badCursor();
  return { subscriberNo, promoCode: key.promo_code ?? '' };
}

type Row = Readonly<Record<string, unknown>>;

function answer(found: readonly Row[], { campaignId, limit }: Page, request: ApiRequest): ApiResponse {
  const promo_codes = found.slice(0, limit);
  const last = found.length > limit ? promo_codes.at(-1) : undefined;
  const key = { subscriber_no: String(last?.subscriber_no), promo_code: String(last?.promo_code) };
  const next_cursor = last ? encodeCursor(listOf(campaignId), key) : null;
  const columns = ['subscriber_no', 'subscriber_id', 'promo_code'];
  return prefersCsv(request)
    ? csvResponse('promo-codes', columns, promo_codes, next_cursor)
    : { status: 200, body: { promo_codes, next_cursor } };
}

/** The id of a run names its campaign, so that no other one's codes are read with it. */
function encodeRun(queryId: string, { campaignId }: Page): string {
  return encodeCursor('promo-codes/run', { query: queryId, campaign: campaignId });
}

/** @throws Problem 404 where the text is no run of this campaign */
function decodeRun(run: string, { campaignId }: Page): string {
  try {
    const key = decodeCursor('promo-codes/run', run, ['query', 'campaign']);
    if (key?.campaign === campaignId && key.query) return key.query;
  } catch {
    // A text that is no cursor is no run either.
  }
  throw noSuchRun();
}
