import {
  type Cipheriv,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type Decipheriv,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';

/**
 * The keys of the edge secret. The secret is flat JSON: `key_<id>` holds 64 random characters, `key_<id>_from` the time
 * (RFC 3339) from which it mints; a key without one has always minted. Ids run from 1 to 15: they fit the 4 bits of a click id.
 * Every use gets a key of its own, derived by HKDF-SHA-256 (RFC 5869).
 */
export interface EdgeKey {
  readonly id: number;
  /** Epoch milliseconds from which this key mints. */
  readonly from: number;
  /** AES-128 over single blocks; the same objects are reused for every click, since padding is off. */
  readonly clickCipher: Cipheriv;
  readonly clickDecipher: Decipheriv;
  readonly clickTagKey: KeyObject;
  readonly addressKey: KeyObject;
  /** Round functions of the permutations of personal codes and of promo codes. */
  readonly codeCipher: Cipheriv;
  readonly promoCipher: Cipheriv;
}

export interface Keyring {
  /** By the time from which they mint, the latest first: the order in which a code is tried. */
  readonly newestFirst: readonly EdgeKey[];
  readonly byId: ReadonlyMap<number, EdgeKey>;
  /** The key that mints at this time: the newest whose time has come. */
  minting(now: number): EdgeKey;
}

/** The secret does not hold what a keyring needs; the message never quotes the secret. */
export class KeyringError extends Error {
  override readonly name = 'KeyringError';
}

export const MAX_KEY_ID = 15;
const MIN_KEY_LENGTH = 32;

function derive(master: string, use: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', master, 'onehop/edge/v1', use, length));
}

/** Eight characters by which a person tells keys apart; nothing of the key can be learned from them. */
export function fingerprintOf(master: string): string {
  return derive(master, 'fingerprint', 4).toString('hex');
}

function blockCipher(key: Buffer): Cipheriv {
  return createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
}

function edgeKey(id: number, master: string, from: number): EdgeKey {
  const blockKey = derive(master, 'click/block', 16);
  return {
    id,
    from,
    clickCipher: blockCipher(blockKey),
    clickDecipher: createDecipheriv('aes-128-ecb', blockKey, null).setAutoPadding(false),
    clickTagKey: createSecretKey(derive(master, 'click/tag', 32)),
    addressKey: createSecretKey(derive(master, 'address', 32)),
    codeCipher: blockCipher(derive(master, 'code/rounds', 16)),
    promoCipher: blockCipher(derive(master, 'promo/rounds', 16)),
  };
}

function readSecret(secret: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(secret);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // falls through: the parser's message would quote the secret
  }
  throw new KeyringError('the edge secret is not a JSON object');
}

function readKey(entries: Record<string, unknown>, id: number): EdgeKey | undefined {
  const master = entries[`key_${id}`];
  if (master === undefined) return undefined;
  if (typeof master !== 'string' || master.length < MIN_KEY_LENGTH)
    throw new KeyringError(`key_${id} of the edge secret is shorter than ${MIN_KEY_LENGTH} characters`);
  const from = entries[`key_${id}_from`];
  const time = from === undefined ? 0 : Date.parse(String(from));
  if (Number.isNaN(time)) throw new KeyringError(`key_${id}_from of the edge secret is not a time`);
  return edgeKey(id, master, time);
}

/**
 * Reads the edge secret.
 * @throws KeyringError where it holds no usable key or a key that cannot be read
 */
export function parseKeyring(secret: string): Keyring {
  const entries = readSecret(secret);
  const keys = Array.from({ length: MAX_KEY_ID }, (_, index) => readKey(entries, index + 1)).filter(
    (key) => key !== undefined,
  );
  const newestFirst = keys.toSorted((a, b) => b.from - a.from || b.id - a.id);
  const oldest = newestFirst.at(-1);
  if (!oldest) throw new KeyringError('the edge secret holds no key_1 to key_15');
  return {
    newestFirst,
    byId: new Map(keys.map((key) => [key.id, key])),
    minting: (now) => newestFirst.find((key) => key.from <= now) ?? oldest,
  };
}
