import type { TapRecord } from '../../contract/clicks.ts';
import type { Link } from '../entities/link.ts';
import type { Decision } from './decision.ts';
import { referrerHost, type TapRequest, visitorParams } from './tap-request.ts';
import type { KeptAddress } from './visitor-address.ts';

export interface TapFacts {
  readonly request: TapRequest;
  readonly now: number;
  readonly clickId: string;
  readonly keyId: number;
  readonly nonce: number;
  readonly domain: string;
  readonly link: { readonly document: Link; readonly sentAt: number | null } | null;
  readonly codeKind: 'slug' | 'personal' | 'unknown';
  readonly subscriberNo: number | null;
  readonly decision: Decision;
  readonly location: string | null;
  readonly status: number;
  readonly address: KeptAddress;
  readonly edgeRegion: string;
  readonly lookupMs: number;
  readonly totalMs: number;
  readonly cacheHit: boolean;
}

const MAX_CODE = 256;
const MAX_USER_AGENT = 1_024;
const MAX_HEADER = 256;

/** The record of a tap: everything that is known of it at this moment, in the columns of the contract. */
export function tapRecord(facts: TapFacts): TapRecord {
  const { request, decision } = facts;
  return {
    click_id: facts.clickId,
    ts: facts.now,
    request_id: request.requestId,
    domain: facts.domain,
    code: request.path.slice(1, 1 + MAX_CODE),
    code_kind: facts.codeKind,
    subscriber_no: facts.subscriberNo,
    nonce: facts.nonce,
    key_id: facts.keyId,
    ...attributionOf(facts),
    outcome: decision.failure ? `fallback:${decision.failure.reason}` : 'redirected',
    outcome_detail: decision.failure?.detail ?? null,
    destination_host: facts.location ? (decision.template?.host ?? null) : null,
    status: facts.status,
    method: request.method,
    ...facts.address,
    ...headersOf(request),
    visitor_params: visitorParams(request.query),
    edge_region: facts.edgeRegion,
    lookup_ms: round(facts.lookupMs),
    total_ms: round(facts.totalMs),
    cache: facts.cacheHit ? 'hit' : 'miss',
  };
}

function attributionOf({ link, decision }: TapFacts) {
  return {
    link_no: link?.document.link_no ?? null,
    campaign_id: link?.document.campaign_id ?? null,
    message_id: link?.document.message_id ?? null,
    creative: decision.creative ?? link?.document.creative ?? null,
    segment: link?.document.segment ?? null,
    partner: link?.document.partner ?? null,
    offer_id: decision.offer?.offer.id ?? null,
    link_offer_id: decision.meantOfferId,
    sent_at: link?.sentAt ?? null,
  };
}

function headersOf(request: TapRequest) {
  const header = (name: string) => cut(request.header(name), MAX_HEADER);
  return {
    user_agent: cut(request.header('user-agent'), MAX_USER_AGENT),
    asn: integer(header('cloudfront-viewer-asn')),
    country: header('cloudfront-viewer-country'),
    region: header('cloudfront-viewer-country-region'),
    city: header('cloudfront-viewer-city'),
    time_zone: header('cloudfront-viewer-time-zone'),
    referrer_host: referrerHost(request.header('referer')),
    accept_language: header('accept-language'),
    sec_purpose: header('sec-purpose') ?? header('purpose') ?? header('x-purpose') ?? header('x-moz'),
    sec_fetch_site: header('sec-fetch-site'),
    sec_fetch_mode: header('sec-fetch-mode'),
    sec_fetch_dest: header('sec-fetch-dest'),
    sec_fetch_user: header('sec-fetch-user'),
    http_version: header('cloudfront-viewer-http-version'),
    tls: header('cloudfront-viewer-tls'),
    ja4: header('cloudfront-viewer-ja4-fingerprint'),
  };
}

function cut(text: string | null, length: number): string | null {
  return text ? text.slice(0, length).toWellFormed() : null;
}

function integer(text: string | null): number | null {
  return text && /^\d{1,10}$/.test(text) ? Number(text) : null;
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}
