import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { IdentityKind } from '../contract/keys.ts';

/**
 * The keys of the home secret: `key_1` of its flat JSON, 64 random characters, from which every use gets a key of its own by
 * HKDF-SHA-256 (RFC 5869). Hashes of identities and draws into experiments are compared over years, so this key is never rotated.
 */
export interface HomeKeys {
  /** HMAC-SHA-256 key under which e-mail addresses, phone numbers and customer ids are stored. */
  readonly identityKey: KeyObject;
  /** HMAC-SHA-256 key that draws subscribers into arms. */
  readonly experimentKey: KeyObject;
  /** AES-256-GCM key that seals signing secrets of sources. */
  readonly sourceKey: KeyObject;
}

/** The secret does not hold what is needed; the message never quotes the secret. */
export class HomeKeysError extends Error {
  override readonly name = 'HomeKeysError';
}

const MIN_KEY_LENGTH = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Reads the home secret. @throws HomeKeysError where it holds no usable key */
export function parseHomeKeys(secret: string): HomeKeys {
  const master = masterOf(secret);
  if (typeof master !== 'string' || master.length < MIN_KEY_LENGTH)
    throw new HomeKeysError(`the home secret holds no key_1 of at least ${MIN_KEY_LENGTH} characters`);
  const derive = (use: string) => createSecretKey(Buffer.from(hkdfSync('sha256', master, 'onehop/home/v1', use, 32)));
  return { identityKey: derive('identity'), experimentKey: derive('experiment'), sourceKey: derive('source') };
}

function masterOf(secret: string): unknown {
  try {
    return (JSON.parse(secret) as { key_1?: unknown } | null)?.key_1;
  } catch {
    // the parser's message would quote the secret
    return undefined;
  }
}

/**
 * Keyed hash of a normalised identity: 22 characters, 128 bits. Kinds never collide: the kind is part of what is hashed.
 * @param value already normalised: the same person must always come as the same text
 */
export function hashIdentity(kind: IdentityKind, value: string, { identityKey }: HomeKeys): string {
  return createHmac('sha256', identityKey).update(`${kind}|${value}`).digest('base64url').slice(0, 22);
}

/** Keyed hash of whose calls are counted; it changes with the UTC day, so it links calls of one day only. */
export function hashCaller(value: string, day: number, { identityKey }: HomeKeys): string {
  return createHmac('sha256', identityKey).update(`caller|${day}|${value}`).digest('base64url').slice(0, 22);
}

/**
 * Seals a secret for storage, bound to its owner: moved to another owner's item it cannot be opened.
 * @param nonce 12 random bytes, never used twice
 */
export function sealSecret(text: string, owner: string, nonce: Uint8Array, { sourceKey }: HomeKeys): string {
  const cipher = createCipheriv('aes-256-gcm', sourceKey, nonce).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64');
}

/** Opens what {@link sealSecret} made for the same owner; null where it was changed, or belongs to another. */
export function openSecret(sealed: string, owner: string, { sourceKey }: HomeKeys): string | null {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', sourceKey, bytes.subarray(0, NONCE_BYTES)).setAAD(
    Buffer.from(owner),
  );
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
