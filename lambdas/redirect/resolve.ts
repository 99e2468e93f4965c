import type { EdgeConfig, IpPolicy } from '../contract/edge-config.ts';
import { linksKey } from '../contract/keys.ts';
import { type ParsedCode, parseCode } from '../core/code.ts';
import { isDomainId } from '../core/host.ts';
import type { FallbackReason } from '../core/redirect/decision.ts';
import type { PreparedLink } from '../core/redirect/prepared.ts';
import type { TapRequest } from '../core/redirect/tap-request.ts';
import { compileDestination, type DestinationTemplate } from '../core/redirect/template.ts';
import { effectivePolicy } from '../core/redirect/visitor-address.ts';
import type { Lookups } from './lookups.ts';

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
  /** Set where there is no link. */
  readonly failure: { readonly reason: FallbackReason; readonly detail: string } | null;
}

type Documents = ReadonlyMap<string, unknown>;

/** Finds domain and link of a request in one round of reads. */
export async function resolveTap(request: TapRequest, config: EdgeConfig, lookups: Lookups): Promise<ResolvedTap> {
  const code = parseCode(request.path);
  const host = isDomainId(request.host) ? request.host : 'default';
  const domains = host === 'default' ? ['default'] : [host, 'default'];
  const domainKeys = domains.map(linksKey.domain);
  const documents = await lookups.getMany([linksKey.settings, ...domainKeys, ...codeKeys(code, domains)]);
  const domain = isConfigured(host, config, documents) ? host : 'default';
  return {
    domain,
    domainFallback: domainFallback(domain, config, documents),
    ipPolicy: ipPolicy(config, documents),
    ...findLink(code, domain === 'default' ? ['default'] : domains, documents),
  };
}

/** Keys under which a code's link may lie, the domain's own before the account's. The place where personal codes will be decoded. */
function codeKeys(code: ParsedCode, domains: readonly string[]): string[] {
  return code.kind === 'slug' ? domains.map((domain) => linksKey.slug(domain, code.slug)) : [];
}

function findLink(
  code: ParsedCode,
  domains: readonly string[],
  documents: Documents,
): Pick<ResolvedTap, 'codeKind' | 'link' | 'failure'> {
  const unknown = (detail: string) => ({
    codeKind: 'unknown' as const,
    link: null,
    failure: { reason: 'unknown' as const, detail },
  });
  if (code.kind === 'malformed') return unknown('malformed_code');
  if (code.kind === 'personal') return unknown('personal_code');
  for (const key of codeKeys(code, domains)) {
    const link = documents.get(key) as PreparedLink | null | undefined;
    if (link) return { codeKind: 'slug', link, failure: null };
    if (link === undefined)
      return { codeKind: 'slug', link: null, failure: { reason: 'unavailable', detail: 'store' } };
  }
  return unknown('no_such_code');
}

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
