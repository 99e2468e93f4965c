import { about, type Finding } from './finding.ts';
import type { Caa, Dns, Network } from './network.ts';

/** Names under which Amazon issues (https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html). */
const AMAZON = new Set(['amazon.com', 'amazontrust.com', 'awstrust.com', 'amazonaws.com']);

export interface DnsAnswers {
  readonly findings: readonly Finding[];
  /** Addresses that the name leads to, IPv4 first. */
  readonly addresses: readonly string[];
}

/**
 * Looks at the records of a name.
 * @param target CloudFront name that it should lead to; null where that is not known
 */
export async function checkDns(name: string, target: string | null, network: Network): Promise<DnsAnswers> {
  const { dns } = network;
  try {
    const [a, aaaa, [alias]] = await Promise.all([dns.a(name), dns.aaaa(name), dns.cname(name)]);
    const addresses = [...a, ...aaaa];
    if (addresses.length === 0)
      return { addresses, findings: [missing(name, target, alias), ...(await caa(name, dns))] };
    const findings = [
      await where(name, target, alias, a, network),
      ipv6(name, aaaa),
      ...(await caa(name, dns)),
      await https(name, dns),
    ];
    return { addresses, findings };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'no answer';
    const todo = 'check this machine’s network and name servers, and the zone’s own';
    return { addresses: [], findings: [about('DNS').fail(`name servers do not answer for ${name} (${code})`, todo)] };
  }
}

const recordOf = (name: string, target: string | null) => `${name}. 300 IN CNAME ${target ?? '<name>.cloudfront.net'}.`;
const HOW_TO_LEARN =
  'the CloudFront name is in the outputs of the stack: run this with --stage and AWS credentials, or look at what "npm run deploy" printed';

function missing(name: string, target: string | null, alias: string | undefined): Finding {
  const detail = alias ? `leads to ${alias}, which has no address` : 'there is no A, AAAA or CNAME record';
  const todo = target
    ? 'add this record at whoever runs the zone (ALIAS or ANAME where the name is the top of its zone)'
    : `add this record; ${HOW_TO_LEARN}`;
  return about('DNS').fail(detail, todo, recordOf(name, target));
}

async function where(
  name: string,
  target: string | null,
  alias: string | undefined,
  addresses: readonly string[],
  { dns, unusedLabel }: Network,
): Promise<Finding> {
  const { ok, warn, fail } = about('DNS');
  const isAlias = alias !== undefined && (target ? same(alias, target) : /\.cloudfront\.net\.?$/i.test(alias));
  if (isAlias) return ok(`leads to ${alias}`);
  const parent = name.split('.').slice(1).join('.');
  const others = await dns.a(`${unusedLabel()}.${parent}`);
  if (others.some((address) => addresses.includes(address)))
    return fail(
      `leads to ${addresses.join(', ')}, as every name under ${parent} does: a wildcard, or a parked domain`,
      target ? 'add a record of its own' : `add a record of its own; ${HOW_TO_LEARN}`,
      recordOf(name, target),
    );
  if (alias !== undefined)
    return (target ? fail : warn)(
      `leads to ${alias}, which is not ${target ?? 'a CloudFront name'}`,
      target ? 'change the record' : `change the record if that is not meant; ${HOW_TO_LEARN}`,
      recordOf(name, target),
    );
  if (target === null) return ok(`leads to ${addresses.join(', ')}`);
  // An ALIAS at the top of a zone shows addresses only, and CloudFront gives other ones to other name servers.
  const expected = await dns.a(target);
  if (addresses.some((address) => expected.includes(address))) return ok(`leads to the addresses of ${target}`);
  return warn(
    `leads to ${addresses.join(', ')}, while ${target} is at ${expected.join(', ') || 'no address'}`,
    'fine where the record is an ALIAS and the checks below pass; otherwise change it',
    recordOf(name, target),
  );
}

const same = (a: string, b: string) => a.replace(/\.$/, '').toLowerCase() === b.replace(/\.$/, '').toLowerCase();

function ipv6(name: string, addresses: readonly string[]): Finding {
  const { ok, warn } = about('IPv6');
  if (addresses.length > 0) return ok('there is an AAAA record');
  return warn(
    'there is no AAAA record',
    `phones reach ${name} through their carrier’s translation only: point AAAA to the same target`,
  );
}

/** The nearest name upwards that has CAA records decides who may issue (RFC 8659). */
async function caa(name: string, dns: Dns): Promise<Finding[]> {
  const { ok, fail } = about('CAA');
  const labels = name.split('.');
  for (let at = 0; at < labels.length - 1; at++) {
    const holder = labels.slice(at).join('.');
    const issuers = issuersIn(await dns.caa(holder));
    if (issuers === null) continue;
    if (issuers.some((issuer) => AMAZON.has(issuer))) return [ok(`${holder} lets Amazon issue`)];
    const detail = `${holder} lets only ${issuers.join(', ') || 'nobody'} issue certificates`;
    const todo = 'without Amazon, certificates are neither made nor renewed: add this record';
    return [fail(detail, todo, `${holder}. 300 IN CAA 0 issue "amazon.com"`)];
  }
  return [ok('no CAA record forbids Amazon to issue')];
}

/** Who may issue by these records; null where they do not say. */
function issuersIn(records: readonly Caa[]): string[] | null {
  const issue = records.flatMap((record) => (typeof record.issue === 'string' ? [record.issue] : []));
  if (issue.length === 0) return null;
  return issue.map((value) => value.split(';', 1)[0]?.trim().toLowerCase() ?? '').filter((issuer) => issuer !== '');
}

async function https(name: string, dns: Dns): Promise<Finding> {
  const found = await dns.hasHttps(name);
  const { ok, info } = about('HTTPS record');
  if (found) return ok('browsers begin with HTTPS and HTTP/3');
  return info(found === null ? 'could not be looked up' : 'none; browsers that got a bare name ask by HTTP once');
}
