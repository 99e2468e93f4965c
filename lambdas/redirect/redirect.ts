import type { CloudFrontResultResponse } from 'aws-lambda';
import type { ClickDelivery } from '../adapters/edge/click-delivery.ts';
import type { DocumentCache } from '../adapters/edge/document-cache.ts';
import type { KeyStore } from '../adapters/edge/key-store.ts';
import type { EdgeConfig } from '../contract/edge-config.ts';
import { mintClickId, nonceOf } from '../core/click-id.ts';
import { type Decision, decide, fallbackUrl, type Tap } from '../core/redirect/decision.ts';
import { buildLocation } from '../core/redirect/location.ts';
import type { MacroValues } from '../core/redirect/macros.ts';
import { subscriberSplitPoint } from '../core/redirect/personal.ts';
import type { PreparedCampaign } from '../core/redirect/prepared.ts';
import { tapRecord } from '../core/redirect/tap-record.ts';
import { preferredLanguage, type TapRequest } from '../core/redirect/tap-request.ts';
import { keepAddress } from '../core/redirect/visitor-address.ts';
import { osOf } from '../core/visitor-os.ts';
import { methodNotAllowed, notFoundPage, redirectTo, reservedAnswer, unavailablePage } from './answers.ts';
import type { CapCounter } from './cap-counter.ts';
import { gather } from './gather.ts';
import { Lookups } from './lookups.ts';
import { macroValues, promoCodeOf } from './macro-values.ts';
import { type ResolvedTap, resolveTap } from './resolve.ts';

/** What one instance keeps from tap to tap. */
export interface RedirectServices {
  readonly cache: DocumentCache;
  readonly keys: KeyStore;
  readonly delivery: ClickDelivery;
  readonly caps: CapCounter;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds of a clock that only goes forward. */
  readonly monotonic: () => number;
  /** Region of this instance. */
  readonly region: string;
}

const NONCE_SPACE = 2 ** 30;

/** Answers a request on a short domain: code → link → decision → click id → 302, the click delivered before the answer. */
export async function answerTap(
  request: TapRequest,
  config: EdgeConfig,
  services: RedirectServices,
): Promise<CloudFrontResultResponse> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed();
  const reserved = reservedAnswer(request.path);
  if (reserved) return reserved;
  const began = services.monotonic();
  const now = services.now();
  const lookups = new Lookups(services.cache, services.monotonic);
  const [keyring, resolved] = await Promise.all([
    services.keys.get(),
    resolveTap(request, config, { lookups, keys: services.keys }),
  ]);
  const nonce = nonceOf(request.requestId);
  const tap = tapOf(request, resolved, now, nonce);
  const { decision, campaign } = await decideTap(resolved, tap, lookups);
  const linkNo = resolved.link?.link.link_no ?? 0;
  const key = keyring?.minting(now) ?? null;
  const clickId = mintClickId({ time: now, linkNo, subscriberNo: resolved.subscriberNo ?? 0, nonce }, key);
  const promo = await promoCodeOf(resolved, decision, campaign, services.keys);
  const macros = macroValues(resolved, decision, { tap, clickId, promoCode: promo });
  const { location, decision: final } = locate(decision, resolved, macros, request);
  const answer = location ? redirectTo(location) : builtInPage(final);
  const record = tapRecord({
    request,
    now,
    clickId,
    keyId: key?.id ?? 0,
    nonce,
    domain: resolved.domain,
    link: resolved.link && { document: resolved.link.link, sentAt: resolved.link.sentAt },
    codeKind: resolved.codeKind,
    subscriberNo: resolved.subscriberNo,
    decision: final,
    location,
    status: Number(answer.status),
    address: keepAddress(request.address, resolved.ipPolicy, now, key),
    edgeRegion: services.region,
    lookupMs: lookups.waitedMs,
    totalMs: services.monotonic() - began,
    cacheHit: lookups.allCached,
  });
  await Promise.all([
    services.delivery.deliver(record),
    services.caps.count(resolved.link, final, record),
    services.keys.settled(),
  ]);
  return answer;
}

function tapOf(request: TapRequest, { link, subscriberNo }: ResolvedTap, now: number, nonce: number): Tap {
  const isPersonal = link !== null && subscriberNo !== null;
  return {
    now,
    os: osOf(request.header('user-agent') ?? ''),
    country: request.header('cloudfront-viewer-country'),
    language: preferredLanguage(request.header('accept-language')),
    splitPoint: isPersonal ? subscriberSplitPoint(link.link.link_no, subscriberNo) : nonce / NONCE_SPACE,
  };
}

interface Decided {
  readonly decision: Decision;
  readonly campaign: PreparedCampaign | null;
}

async function decideTap(resolved: ResolvedTap, tap: Tap, lookups: Lookups): Promise<Decided> {
  const { link, domainFallback } = resolved;
  const failure = resolved.failure ?? { reason: 'unavailable', detail: 'store' };
  if (!link) return { decision: fallbackUrl([domainFallback], failure), campaign: null };
  const around = await gather(link, tap, domainFallback, lookups);
  if (!around) return { decision: fallbackUrl([link.fallback, domainFallback], failure), campaign: null };
  return { decision: decide(link, tap, around), campaign: around.campaign };
}

/** The location to send, and the decision it rests on: a destination that cannot be built gives way to the fallback URLs. */
function locate(
  decision: Decision,
  resolved: ResolvedTap,
  macros: MacroValues,
  request: TapRequest,
): { location: string | null; decision: Decision } {
  const visitorQuery = decision.served && resolved.link?.link.forward_query ? request.query : null;
  const build = ({ template, params }: Decision) =>
    template && buildLocation({ template, params, macros, visitorQuery });
  const location = build(decision);
  if (location || !decision.template) return { location, decision };
  const broken = fallbackUrl([resolved.link?.fallback, resolved.domainFallback], { reason: 'broken', detail: 'link' });
  return { location: build(broken), decision: broken };
}

function builtInPage(decision: Decision): CloudFrontResultResponse {
  return decision.failure?.reason === 'unavailable' ? unavailablePage() : notFoundPage();
}
