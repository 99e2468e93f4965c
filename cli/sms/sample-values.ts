import { CODE_LAYOUTS } from '../../lambdas/core/personal-code.ts';
import { CliError } from '../cli-error.ts';
import type { Facts } from './facts.ts';
import { placeholdersOf, type Template, type Values } from './template.ts';

const SAMPLE_CODE = 'k7Rq2Zt9BwM';

/** A check character and eight others behind the prefix and its hyphen. */
const SAMPLE_PROMO = '7K3M9QX2F';

export interface ValueFlags {
  readonly domain?: string;
  readonly sample: Values;
  /** Columns of the list, which give the values that no sample does. */
  readonly hasList: boolean;
}

/**
 * A value for every placeholder that does not come from a list: samples win, `{link}` and `{promo}` are made up in the
 * length of real ones.
 * @throws CliError that names every placeholder without a value, and how to give it one
 */
export function sampleValues(template: Template, flags: ValueFlags, facts: Facts): Values {
  const faults: string[] = [];
  const entries = placeholdersOf(template).flatMap((name) => {
    const value = flags.sample[name] ?? madeUp(name, flags, facts);
    if (value !== undefined) return [[name, value]];
    if (!flags.hasList || name === 'link' || name === 'promo') faults.push(remedy(name));
    return [];
  });
  if (faults.length > 0) throw new CliError('there is no value for some placeholders', faults);
  return Object.fromEntries(entries);
}

function madeUp(name: string, { domain }: ValueFlags, facts: Facts): string | undefined {
  if (name === 'link') return sampleLink(domain, facts);
  const prefix = facts.campaign?.promo?.prefix;
  return name === 'promo' && prefix ? `${prefix}-${SAMPLE_PROMO}` : undefined;
}

function sampleLink(domain: string | undefined, { origins, link }: Facts): string | undefined {
  const real = link?.url ?? link?.url_example;
  if (real) return domain ? onOrigin(real, originOf(domain, origins)) : real;
  const origin = (domain ?? link?.domain) ? originOf(domain ?? link.domain, origins) : origins[0];
  return origin && `${origin}/${SAMPLE_CODE.slice(0, codeLength(link?.link_no ?? 0))}`;
}

/** Origin of a domain as the deployment serves it; HTTPS where it is not known. */
export function originOf(domain: string, origins: readonly string[]): string {
  if (domain.includes('://')) return new URL(domain).origin;
  return origins.find((origin) => new URL(origin).hostname === domain) ?? `https://${domain}`;
}

/** The same link on another origin. */
export function onOrigin(url: string, origin: string): string {
  const { pathname, search, hash } = new URL(url);
  return `${origin}${pathname}${search}${hash}`;
}

/** Characters of a personal code of a link; more than 16.7 million subscribers take one more. */
function codeLength(linkNo: number): number {
  return CODE_LAYOUTS.find(({ linkBits }) => linkNo < 2 ** linkBits)?.length ?? SAMPLE_CODE.length;
}

function remedy(name: string): string {
  if (name === 'link') return '{link}: name a domain with --domain go.brand.com, or a link with --link N';
  if (name === 'promo')
    return '{promo}: name a campaign that has promo codes with --campaign-id X, or give --sample promo=SUMMER10';
  return `{${name}}: give --sample ${name}=…, or --list FILE.csv with that column`;
}
