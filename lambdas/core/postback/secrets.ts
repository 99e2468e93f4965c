import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Compares in a time that depends on neither text: both are hashed first, so lengths may differ. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** What is kept of a postback token: SHA-256 as hex. Tokens have 256 random bits and need no salt. */
export const tokenHash = (token: string): string => createHash('sha256').update(token, 'utf8').digest('hex');

/** Whether a token is one of the valid ones (two at once while it is rotated). Looks at all of them, whichever matches. */
export function isValidToken(presented: string, hashes: readonly string[]): boolean {
  const presentedHash = tokenHash(presented);
  return hashes.map((hash) => sameText(presentedHash, hash)).includes(true);
}

/** HMAC-SHA-256 of some bytes, by parts. */
export function hmac(secret: string, parts: readonly (string | Uint8Array)[], encoding: 'hex' | 'base64'): string {
  const mac = createHmac('sha256', secret);
  for (const part of parts) mac.update(part);
  return mac.digest(encoding);
}
