import { createHash } from 'node:crypto';
import type { DecodedCode } from '../personal-code.ts';
import type { PreparedLink } from './prepared.ts';

/** Why a personal code leads nowhere, the farther it came the later; the word stands in `outcome_detail`. */
const REFUSALS = ['forged_code', 'no_such_link', 'not_minted', 'other_domain'] as const;
export type PersonalRefusal = (typeof REFUSALS)[number];

/**
 * Why one meaning of a code does not count, or null where it does.
 * @param hosts names under which the request may be said to have come
 */
export function refusalOf(
  { keyId, subscriberNo }: DecodedCode,
  link: PreparedLink | null,
  hosts: readonly string[],
): PersonalRefusal | null {
  if (!link?.link.personal) return 'no_such_link';
  if (link.minted?.code_key !== keyId || subscriberNo > link.minted.subscriber_max) return 'not_minted';
  const domain = link.link.domain ?? null;
  return domain === null || hosts.includes(domain) ? null : 'other_domain';
}

/** Of the refusals of all meanings the one that came farthest: it is the likeliest to be about the code that was meant. */
export function worthiestRefusal(refusals: readonly PersonalRefusal[]): PersonalRefusal {
  return REFUSALS.findLast((refusal) => refusals.includes(refusal)) ?? 'forged_code';
}

/** A point in [0, 1) of a subscriber on a link: the arm of a split is the same at every tap, and differs from link to link. */
export function subscriberSplitPoint(linkNo: number, subscriberNo: number): number {
  return createHash('sha256').update(`split|${linkNo}|${subscriberNo}`).digest().readUInt32BE(0) / 2 ** 32;
}
