import { type ClickIdRefusal, type VerifiedClickId, verifyClickId } from '../click-id.ts';
import type { Keyring } from '../keyring.ts';

/**
 * Oldest click that may still say who somebody is: as long as the snippet keeps a click id at most. A click id travels in
 * URLs, so the older it is, the less it says about who holds it.
 */
const MAX_AGE_MS = 90 * 86_400_000;
/** Clocks of edge locations may be ahead of ours by this much. */
const AHEAD_MS = 5 * 60_000;

export type ClaimedClick = Extract<VerifiedClickId, { ok: true }>;
export type ClickRefusal = ClickIdRefusal | 'expired' | 'in_future';

/** A click that may say who somebody is, or why it may not. */
export function claimedClick(
  clickId: string,
  keyring: Keyring,
  now: number,
): { readonly click: ClaimedClick } | { readonly refused: ClickRefusal } {
  const verified = verifyClickId(clickId.trim(), keyring);
  if (!verified.ok) return { refused: verified.reason };
  if (verified.time > now + AHEAD_MS) return { refused: 'in_future' };
  return verified.time < now - MAX_AGE_MS ? { refused: 'expired' } : { click: verified };
}

/** What a refusal means, for people. */
export const REFUSALS: Readonly<Record<ClickRefusal, string>> = {
  malformed: 'is no click id: 32 characters as the redirect appended them',
  unsigned: 'was made while no key could be read, so it proves nothing',
  unknown_key: 'was signed with a key that is not ours any more',
  forged: 'does not verify: changed on its way, or made up',
  expired: 'is of a click more than 90 days ago',
  in_future: 'is of a click in the future',
};
