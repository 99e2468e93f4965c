import { type RateLimit, withinLimit } from '../../adapters/rate-limit.ts';
import { fault, invalid, Problem, parseInput } from '../../core/api/problem.ts';
import { type HomeKeys, hashCaller } from '../../core/home-keys.ts';
import { readAddresses } from '../../core/identity/addresses.ts';
import { claimedClick, REFUSALS } from '../../core/identity/claimed-click.ts';
import { publicIdentifyInput } from '../../core/identity/identify-input.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { ApiServices } from '../services.ts';
import { bindClaims, type ClickClaim } from './bind.ts';

/** Largest body of a landing page's call, bytes: a click id and two addresses need a few hundred. */
export const MAX_VISITOR_BYTES = 4_000;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Calls of one click, of one address, and of one network address: a person submits a form a few times, a phone network may put
 * thousands behind one address.
 */
const LIMITS: Readonly<Record<'click' | 'mark' | 'ip', RateLimit>> = {
  click: { calls: 10, windowMs: HOUR_MS },
  mark: { calls: 20, windowMs: HOUR_MS },
  ip: { calls: 600, windowMs: HOUR_MS },
};

const DONE: ApiResponse = { status: 204 };

/** Answers what browsers ask before they send JSON across origins. */
export async function preflight(): Promise<ApiResponse> {
  return {
    status: 204,
    headers: {
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '86400',
    },
  };
}

/**
 * Binds an address to whoever made a click. The answer never depends on what is known of the address, so that nobody can ask
 * whether somebody is on the list.
 * @throws Problem 400, 413, 415, 422 about the input, 429
 */
export async function identifyVisitor(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const input = parseInput(publicIdentifyInput, readJson(request.bytes));
  const [home, edge] = await Promise.all([services.keys.home(), services.keys.edge()]);
  const clicked = claimedClick(input.click_id, edge, services.now());
  const { marks, faults } = readAddresses(input, home);
  if ('refused' in clicked)
    throw invalid([fault('click_id', `click_id_${clicked.refused}`, REFUSALS[clicked.refused]), ...faults]);
  if (faults.length > 0) throw invalid(faults);
  const claim = { clickId: input.click_id.trim().toLowerCase(), click: clicked.click, marks };
  await limit(claim, request.address, home, services);
  await bindClaims([claim], services);
  return DONE;
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Problem(400, 'malformed_json', 'the body is not JSON in UTF-8');
  }
}

/** @throws Problem 429 */
async function limit(
  { clickId, marks }: ClickClaim,
  address: string,
  home: HomeKeys,
  { ledgerTable, now }: ApiServices,
): Promise<void> {
  const time = now();
  const within = (kind: keyof typeof LIMITS, value: string) =>
    withinLimit(
      ledgerTable,
      `${kind}#${hashCaller(`${kind}|${value}`, Math.floor(time / DAY_MS), home)}`,
      LIMITS[kind],
      time,
    );
  // The click first: whoever repeats one costs one write a call.
  const isFew =
    (await within('click', clickId)) &&
    (await Promise.all([within('ip', address), ...marks.map(({ hash }) => within('mark', hash))])).every(Boolean);
  if (!isFew)
    throw new Problem(429, 'too_many_calls', 'too many calls: try again later', [], { retry_after_s: HOUR_MS / 1_000 });
}
