import type { KeyStore } from '../adapters/edge/key-store.ts';
import { linksKey } from '../contract/keys.ts';
import type { Keyring } from '../core/keyring.ts';
import { type DecodedCode, decodeCode } from '../core/personal-code.ts';
import type { Failure } from '../core/redirect/decision.ts';
import { type PersonalRefusal, refusalOf, worthiestRefusal } from '../core/redirect/personal.ts';
import type { PreparedLink } from '../core/redirect/prepared.ts';
import type { Lookups } from './lookups.ts';

/** How young an item is that is not read again for a subscriber it does not know yet, ms. */
const REREAD_MS = 1_000;

/** A personal code and what it may mean under the keys of the moment. */
export interface PersonalCode {
  readonly code: string;
  readonly keyring: Keyring | null;
  readonly meanings: readonly DecodedCode[];
}

export type FoundLink =
  | { readonly link: PreparedLink; readonly subscriberNo: number }
  | { readonly link: null; readonly failure: Failure };

interface Tools {
  readonly keys: Pick<KeyStore, 'renew'>;
  readonly lookups: Lookups;
  /** Names under which the request may be said to have come. */
  readonly hosts: readonly string[];
}

export function readPersonalCode(code: string, keyring: Keyring | null): PersonalCode {
  return { code, keyring, meanings: keyring ? decodeCode(code, keyring) : [] };
}

/** Keys of the links that a code may belong to. */
export function personalKeys({ meanings }: PersonalCode): string[] {
  return [...new Set(meanings.map(({ linkNo }) => linksKey.link(linkNo)))];
}

/**
 * Finds link and subscriber of a personal code. People tap while others are minted and keys rotate, so before a code is
 * refused its link is read again where it does not know the subscriber, and the keys where one seems to be missing; both
 * so seldom that wrong codes cost next to nothing.
 */
export async function findPersonal(read: PersonalCode, tools: Tools): Promise<FoundLink> {
  if (!read.keyring) return { link: null, failure: { reason: 'unavailable', detail: 'keys' } };
  const found = await match(read, tools);
  if (found.link || !(await lacksKey(read, tools.lookups))) return found;
  const keyring = await tools.keys.renew();
  return keyring === read.keyring ? found : match(readPersonalCode(read.code, keyring), tools);
}

async function match(read: PersonalCode, { lookups, hosts }: Tools): Promise<FoundLink> {
  const found = judge(read, await lookups.getMany(personalKeys(read)), hosts);
  if (found.link || found.failure.detail !== 'not_minted') return found;
  return judge(read, await lookups.getYoung(personalKeys(read), REREAD_MS), hosts);
}

function judge(
  { meanings }: PersonalCode,
  documents: ReadonlyMap<string, unknown>,
  hosts: readonly string[],
): FoundLink {
  const refusals: PersonalRefusal[] = [];
  for (const meaning of meanings) {
    const link = documents.get(linksKey.link(meaning.linkNo)) as PreparedLink | null | undefined;
    if (link === undefined) return { link: null, failure: { reason: 'unavailable', detail: 'store' } };
    const refusal = refusalOf(meaning, link, hosts);
    if (link && !refusal) return { link, subscriberNo: meaning.subscriberNo };
    if (refusal) refusals.push(refusal);
  }
  return { link: null, failure: { reason: 'unknown', detail: worthiestRefusal(refusals) } };
}

/** True where no key reads the code, or a link it names has codes of a key that is not at hand. */
async function lacksKey(read: PersonalCode, lookups: Lookups): Promise<boolean> {
  if (read.meanings.length === 0) return true;
  const links = await lookups.getMany(personalKeys(read));
  return [...links.values()].some((link) => {
    const codeKey = (link as PreparedLink | null)?.minted?.code_key;
    return codeKey !== undefined && !read.keyring?.byId.has(codeKey);
  });
}
