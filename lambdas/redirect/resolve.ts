import type { KeyStore } from '../adapters/edge/key-store.ts';
import type { EdgeConfig, IpPolicy } from '../contract/edge-config.ts';
import { linksKey } from '../contract/keys.ts';
import { type ParsedCode, parseCode } from '../core/code.ts';
import { isDomainId } from '../core/host.ts';
import type { Failure } from '../core/redirect/decision.ts';
import type { PreparedLink } from '../core/redirect/prepared.ts';
import type { TapRequest } from '../core/redirect/tap-request.ts';
import { compileDestination, type DestinationTemplate } from '../core/redirect/template.ts';
import { effectivePolicy } from '../core/redirect/visitor-address.ts';
import type { Lookups } from './lookups.ts';
import { type FoundLink, findPersonal, personalKeys, readPersonalCode } from './personal.ts';

/** Documents under a tap's first keys, as {@link prepareItem} leaves them. */
interface DomainDocument {
  readonly fallback: DestinationTemplate | null;
  readonly isActive: boolean;
}

interface SettingsDocument {
  readonly ipPolicy: IpPolicy | null;
}

/** What a request stands for: its domain and link, or why there is none. */
export interface ResolvedTap {
  readonly domain: string;
  readonly domainFallback: DestinationTemplate | null;
  readonly ipPolicy: IpPolicy;
  readonly codeKind: 'slug' | 'personal' | 'unknown';
  readonly link: PreparedLink | null;
  /** Of a personal code, else null. */
  readonly subscriberNo: number | null;
  /** Set where there is no link. */
  readonly failure: Failure | null;
}

type Documents = ReadonlyMap<string, unknown>;

/** What resolving reads from. */
export interface ResolveSources {
  readonly lookups: Lookups;
  readonly keys: Pick<KeyStore, 'get' | 'renew'>;
}

type Resolved = Pick<ResolvedTap, 'codeKind' | 'link' | 'subscriberNo' | 'failure'>;

/** Finds domain and link of a request in one round of reads; a personal code waits for the keys before it. */
export async function resolveTap(
  request: TapRequest,
  config: EdgeConfig,
  { lookups, keys }: ResolveSources,
): Promise<ResolvedTap> {
  const code = parseCode(request.path);
  const host = isDomainId(request.host) ? request.host : 'default';
  const domains = host === 'default' ? ['default'] : [host, 'default'];
  const personal = code.kind === 'personal' ? readPersonalCode(code.code, await keys.get()) : null;
  const codeKeys = personal ? personalKeys(personal) : slugKeys(code, domains);
  const documents = await lookups.getMany([linksKey.settings, ...domains.map(linksKey.domain), ...codeKeys]);
  const domain = isConfigured(host, config, documents) ? host : 'default';
  return {
    domain,
    domainFallback: domainFallback(domain, config, documents),
    ipPolicy: ipPolicy(config, documents),
    ...(personal
      ? resolvedPersonal(await findPersonal(personal, { keys, lookups, hosts: [domain, host] }))
      : findSlug(code, domain === 'default' ? ['default'] : domains, documents)),
  };
}

function resolvedPersonal(found: FoundLink): Resolved {
  if (found.link) return { codeKind: 'personal', ...found, failure: null };
  const codeKind = found.failure.reason === 'unknown' ? 'unknown' : 'personal';
  return { codeKind, link: null, subscriberNo: null, failure: found.failure };
}

/** Keys under which a slug's link may lie, the domain's own before the account's. */
function slugKeys(code: ParsedCode, domains: readonly string[]): string[] {
  return code.kind === 'slug' ? domains.map((domain) => linksKey.slug(domain, code.slug)) : [];
}

function findSlug(code: ParsedCode, domains: readonly string[], documents: Documents): Resolved {
  const none = { link: null, subscriberNo: null };
  if (code.kind !== 'slug') return { ...none, codeKind: 'unknown', failure: unknown('malformed_code') };
  for (const key of slugKeys(code, domains)) {
    const link = documents.get(key) as PreparedLink | null | undefined;
    if (link) return { ...none, codeKind: 'slug', link, failure: null };
    if (link === undefined) return { ...none, codeKind: 'slug', failure: { reason: 'unavailable', detail: 'store' } };
  }
  return { ...none, codeKind: 'unknown', failure: unknown('no_such_code') };
}

const unknown = (detail: string): Failure => ({ reason: 'unknown', detail });

function isConfigured(host: string, config: EdgeConfig, documents: Documents): boolean {
  const document = documents.get(linksKey.domain(host)) as DomainDocument | null | undefined;
  return host === config.domain || (document?.isActive ?? false);
}

function domainFallback(domain: string, config: EdgeConfig, documents: Documents): DestinationTemplate | null {
  const fallbackOf = (name: string) =>
    (documents.get(linksKey.domain(name)) as DomainDocument | null | undefined)?.fallback;
  const deployed = config.fallbackUrl ? compileDestination(config.fallbackUrl) : null;
  return fallbackOf(domain) ?? deployed ?? fallbackOf('default') ?? null;
}

function ipPolicy(config: EdgeConfig, documents: Documents): IpPolicy {
  const settings = documents.get(linksKey.settings) as SettingsDocument | null | undefined;
  return effectivePolicy(config.ipPolicy, settings === undefined ? 'unreadable' : (settings?.ipPolicy ?? null));
}
