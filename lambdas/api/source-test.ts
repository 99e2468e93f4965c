import { z } from 'zod';
import { Problem, parseInput } from '../core/api/problem.ts';
import { mintClickId, verifyClickId } from '../core/click-id.ts';
import type { Source } from '../core/entities/source.ts';
import { formatAmount } from '../core/money.ts';
import { isBodySigned } from '../core/postback/authenticate.ts';
import type { CanonicalConversion, Money } from '../core/postback/conversion.ts';
import { type Item, interpret } from '../core/postback/interpret.ts';
import { REASONS, type ReasonCode } from '../core/postback/reasons.ts';
import type { RawRequest } from '../core/postback/request.ts';
import { sampleRequest } from '../core/postback/sample.ts';
import { unreadParameters } from '../core/postback/unread.ts';
import { profiles } from '../core/profiles/index.ts';
import type { ConversionProfile } from '../core/profiles/profile.ts';
import type { ApiRequest, ApiResponse, Route } from './http.ts';
import { shownFault } from './ledger/quarantine-view.ts';
import type { ApiServices } from './services.ts';
import { sourceStore } from './source-routes.ts';

/** A message to be read; nothing of it given: one is made up. */
const testInput = z.strictObject({
  /** @default POST where there is a body */
  method: z.enum(['GET', 'POST']).optional(),
  /** What stands behind the ? of the URL, percent-encoded. */
  query: z.string().max(8_000).optional(),
  /** Headers that the profile reads, such as x-shopify-topic, and content-type. */
  headers: z.record(z.string().max(100), z.string().max(1_000)).default({}),
  /** The body as text; a JSON value is written as JSON. */
  body: z.union([z.string(), z.looseObject({}), z.array(z.unknown())]).optional(),
});
type TestInput = z.infer<typeof testInput>;

/** Items of a sample that are shown. */
const MAX_ITEMS = 50;
/** The made-up click lies so long before its sale, ms. */
const CLICK_AGE = 60_000;

export const sourceTestRoute: Route = {
  method: 'POST',
  path: '/v1/sources/{id}/test',
  scopes: ['admin'],
  summary: 'Read a sample as the source would, and show how each field was read; nothing is stored or counted',
  tag: 'sources',
  input: testInput,
  optionalBody: true,
  success: 200,
  run: testSource,
};

async function testSource({ params, body }: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const input = parseInput(testInput, body);
  const { source, profile, hasSecret } = await testable(params.id ?? '', services);
  const [keyring, accountCurrency] = await Promise.all([services.keys.edge(), services.ledger.known.anew().currency()]);
  const now = services.now();
  const isMade = input.query === undefined && input.body === undefined;
  const clicked = {
    time: now - CLICK_AGE,
    linkNo: 0,
    subscriberNo: 0,
    nonce: services.randomBytes(4).readUInt32BE() >>> 2,
  };
  const clickId = mintClickId(clicked, keyring.minting(now));
  const usual = sampleRequest({ source, profile, clickId, accountCurrency, now });
  const sample = given(input, isMade ? usual : null, now);
  const request = isBodySigned(sample, profile, hasSecret) ? { ...sample, body_signed: true as const } : sample;
  // a paused source is tried before it is resumed
  const by = { profile, source: { ...source, status: 'active' as const }, accountCurrency };
  const items = interpret(request, { ...by, verifyClickId: (text) => verifyClickId(text, keyring) });
  return {
    status: 200,
    body: {
      source: source.id,
      profile: source.profile,
      status: source.status,
      sample: isMade ? 'made' : 'given',
      request: shownRequest(request),
      items: items.slice(0, MAX_ITEMS).map((item) => shownItem(item, missingHeaders(sample, usual))),
      items_total: items.length,
      unread: unreadParameters(request, profile, source, items),
    },
  };
}

interface Testable {
  readonly source: Source;
  readonly profile: ConversionProfile;
  readonly hasSecret: boolean;
}

/** @throws Problem 404, or 409 where the source reports no conversions */
async function testable(id: string, services: ApiServices): Promise<Testable> {
  const stored = await sourceStore(services).get(id);
  if (!stored) throw new Problem(404, 'not_found', `there is no source ${id}`);
  const { secret_set_at, ...document } = stored.document;
  const profile = profiles[document.profile];
  if (profile?.reports === 'conversions')
    return { source: { ...document, secret: null }, profile, hasSecret: secret_set_at !== null };
  throw new Problem(
    409,
    'reports_no_conversions',
    `${document.profile} reports deliveries, not conversions: send a message and look at its sends instead`,
  );
}

/** What was given, over what was made up. */
function given({ method, query, headers, body }: TestInput, made: RawRequest | null, now: number): RawRequest {
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  if (made) return { ...made, headers: { ...made.headers, ...named } };
  const isJson = body !== undefined && typeof body !== 'string';
  const text = isJson ? JSON.stringify(body) : (body ?? '');
  return {
    method: method ?? (text === '' ? 'GET' : 'POST'),
    query: query ?? '',
    headers: { ...(isJson && { 'content-type': 'application/json' }), ...named },
    body: Buffer.from(text),
    received_at: now,
  };
}

const shownRequest = ({ method, query, headers, body }: RawRequest) => ({
  method,
  query,
  headers,
  body: body.length === 0 ? null : Buffer.from(body).toString('utf8'),
});

/** Headers by which the sender says what a message is, and which a sample taken from its body alone lacks. */
function missingHeaders(sample: RawRequest, usual: RawRequest): string {
  const missing = Object.entries(usual.headers).filter(
    ([name]) => name !== 'content-type' && sample.headers[name] === undefined,
  );
  return missing.map(([name, value]) => `--header '${name}: ${value}'`).join(' ');
}

/** Why an item is ignored: for want of a header, where it has not been given what the sender would send. */
function ignoredBecause(reason: ReasonCode, missing: string): string {
  if (missing === '') return REASONS[reason];
  return `The sample lacks the header by which the sender says what the message is. Give it beside the body (in "headers"), such as ${missing}`;
}

function shownItem(item: Item, missing: string) {
  return {
    item: item.part,
    outcome: item.outcome,
    reason: item.outcome === 'ignored' ? item.reason : null,
    message: item.outcome === 'ignored' ? ignoredBecause(item.reason, missing) : null,
    fields: item.readings.map(({ parameter, path, value }) => ({ parameter, path, value })),
    faults: item.outcome === 'quarantined' ? item.faults.map(shownFault) : [],
    notes: item.notes.map(shownFault),
    conversion: item.outcome === 'conversion' ? shownConversion(item.conversion) : null,
  };
}

function shownConversion({ money, click, ...conversion }: CanonicalConversion) {
  const { occurred_at, received_at, revised_at, unmatched_reason } = conversion;
  return {
    ...conversion,
    ...(money && shownMoney(money)),
    ...(click && { clicked_at: instant(click.time), link_no: click.linkNo, subscriber_no: click.subscriberNo }),
    unmatched_message: unmatched_reason && REASONS[unmatched_reason],
    occurred_at: instant(occurred_at),
    received_at: instant(received_at),
    revised_at: revised_at === null ? null : instant(revised_at),
  };
}

const shownMoney = ({ currency, revenue, payout, sale_value }: Money) => ({
  currency,
  revenue: formatAmount(revenue, currency),
  payout: formatAmount(payout, currency),
  sale_value: formatAmount(sale_value, currency),
});

const instant = (time: number) => new Date(time).toISOString();
