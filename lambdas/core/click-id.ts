import { createHmac, hash } from 'node:crypto';
import { decodeBase32, encodeBase32 } from './base32.ts';
import type { EdgeKey, Keyring } from './keyring.ts';

/**
 * A click id: 160 bits as 32 characters of lower-case Crockford base32.
 * key id 4 · one AES block of (time 42 · link 26 · subscriber 30 · nonce 30) · tag 28, the first bits of an HMAC-SHA-256
 * over key id and block. Key id 0 says that no key could be read: the block stands in the clear and the id proves nothing.
 */
export interface ClickIdFields {
  /** Epoch milliseconds of the click, below 2^42. */
  readonly time: number;
  /** Link number below 2^26; 0 where the code led to no link. */
  readonly linkNo: number;
  /** Subscriber number below 2^30; 0 on slugs. */
  readonly subscriberNo: number;
  /** 30 bits, see {@link nonceOf}. */
  readonly nonce: number;
}

export type ClickIdRefusal = 'malformed' | 'unsigned' | 'unknown_key' | 'forged';
export type VerifiedClickId =
  | ({ readonly ok: true; readonly keyId: number } & ClickIdFields)
  | { readonly ok: false; readonly reason: ClickIdRefusal };

const UNSIGNED = 0;
const SUBSCRIBER_SHIFT = 30n;
const LINK_SHIFT = 60n;
const TIME_SHIFT = 86n;
const MASK_30 = (1n << 30n) - 1n;
const MASK_26 = (1n << 26n) - 1n;

/** The 30 bits of a CloudFront request id that a click shares with its access-log line; needs no key, so a log line is enough to rebuild it. */
export function nonceOf(requestId: string): number {
  return hash('sha256', requestId, 'buffer').readUInt32BE(0) >>> 2;
}

/** Mints the id of a click; without a key the id is unique but unsigned. */
export function mintClickId(fields: ClickIdFields, key: EdgeKey | null): string {
  const plain = packFields(fields);
  if (!key) return assemble(UNSIGNED, plain, 0);
  const block = key.clickCipher.update(plain);
  return assemble(key.id, block, tagOf(key, block));
}

/** Decodes and verifies an id without any lookup. Networks may have changed its case; any other change is refused. */
export function verifyClickId(text: string, keyring: Keyring): VerifiedClickId {
  const bytes = text.length === 32 ? decodeBase32(text.toLowerCase()) : null;
  if (!bytes) return { ok: false, reason: 'malformed' };
  const { keyId, block, tag } = disassemble(bytes);
  if (keyId === UNSIGNED) return { ok: false, reason: 'unsigned' };
  const key = keyring.byId.get(keyId);
  if (!key) return { ok: false, reason: 'unknown_key' };
  if (tagOf(key, block) !== tag) return { ok: false, reason: 'forged' };
  return { ok: true, keyId, ...unpackFields(key.clickDecipher.update(block)) };
}

function tagOf(key: EdgeKey, block: Buffer): number {
  return createHmac('sha256', key.clickTagKey).update(Buffer.of(key.id)).update(block).digest().readUInt32BE(0) >>> 4;
}

function packFields({ time, linkNo, subscriberNo, nonce }: ClickIdFields): Buffer {
  const value =
    (BigInt(time) << TIME_SHIFT) |
    (BigInt(linkNo) << LINK_SHIFT) |
    (BigInt(subscriberNo) << SUBSCRIBER_SHIFT) |
    BigInt(nonce);
  const block = Buffer.alloc(16);
  block.writeBigUInt64BE(value >> 64n, 0);
  block.writeBigUInt64BE(value & 0xffff_ffff_ffff_ffffn, 8);
  return block;
}

function unpackFields(block: Buffer): ClickIdFields {
  const value = (block.readBigUInt64BE(0) << 64n) | block.readBigUInt64BE(8);
  return {
    time: Number(value >> TIME_SHIFT),
    linkNo: Number((value >> LINK_SHIFT) & MASK_26),
    subscriberNo: Number((value >> SUBSCRIBER_SHIFT) & MASK_30),
    nonce: Number(value & MASK_30),
  };
}

/** Key id (4 bits), block (128) and tag (28) in a row, so the block lies half a byte off. */
function assemble(keyId: number, block: Buffer, tag: number): string {
  const bytes = Buffer.alloc(20);
  let carry = keyId;
  for (let index = 0; index < 16; index++) {
    const byte = block[index] ?? 0;
    bytes[index] = (carry << 4) | (byte >> 4);
    carry = byte & 15;
  }
  bytes.writeUInt32BE(((carry << 28) | tag) >>> 0, 16);
  return encodeBase32(bytes);
}

function disassemble(bytes: Buffer): { keyId: number; block: Buffer; tag: number } {
  const block = Buffer.alloc(16);
  for (let index = 0; index < 16; index++) block[index] = ((bytes[index] ?? 0) << 4) | ((bytes[index + 1] ?? 0) >> 4);
  return { keyId: (bytes[0] ?? 0) >> 4, block, tag: bytes.readUInt32BE(16) & 0x0fff_ffff };
}
