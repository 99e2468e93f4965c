import { fromBase62, toBase62 } from './base62.ts';
import { mintByLayout } from './by-layout.ts';
import type { EdgeKey, Keyring } from './keyring.ts';
import { type Halves, newHalves, permute, unpermute } from './permutation.ts';

/**
 * A personal code: link and subscriber number and some zeros, permuted under a key and written in base62. The length names
 * the layout. One who does not have the key can neither read a code nor make one: what decrypts to the zeros by chance is
 * one in 2^zeros, and it would have to name a link and a subscriber that exist.
 */
export interface CodeFields {
  /** Number of a personal link, from 1. */
  readonly linkNo: number;
  /** Number of a subscriber, from 1. */
  readonly subscriberNo: number;
}

export interface DecodedCode extends CodeFields {
  /** Id of the key under which the code reads like this. */
  readonly keyId: number;
}

interface Layout {
  readonly length: number;
  readonly linkBits: number;
  readonly subscriberBits: number;
  readonly zeroBits: number;
}

/** Shortest first; a code uses the first that holds its numbers, so it has one spelling under a key. */
export const CODE_LAYOUTS: readonly Layout[] = [
  { length: 9, linkBits: 18, subscriberBits: 24, zeroBits: 11 },
  { length: 10, linkBits: 20, subscriberBits: 27, zeroBits: 12 },
  { length: 11, linkBits: 22, subscriberBits: 30, zeroBits: 13 },
];

/** The largest numbers that any layout holds. */
export const MAX_CODE_LINK_NO = 2 ** 22 - 1;
export const MAX_SUBSCRIBER_NO = 2 ** 30 - 1;

/** Bits of a layout together. */
const bitsOf = ({ linkBits, subscriberBits, zeroBits }: Layout) => linkBits + subscriberBits + zeroBits;

/** Mints the code of a subscriber on a link; always the same for the same key. @throws RangeError where a number fits no layout */
export function mintCode({ linkNo, subscriberNo }: CodeFields, key: EdgeKey): string {
  return mintCodes(linkNo, [subscriberNo], key)[0] as string;
}

/**
 * Mints the codes of many subscribers on one link, in their order.
 * @throws RangeError where a number fits no layout
 */
export function mintCodes(linkNo: number, subscriberNos: readonly number[], key: EdgeKey): string[] {
  return mintByLayout(
    subscriberNos,
    (subscriberNo) => layoutOf({ linkNo, subscriberNo }),
    (layout, numbers) => mintBatch(layout, linkNo, numbers, key),
  );
}

/**
 * Everything a code may mean, under the newest key first. More than one meaning is rare but possible: a code of one key
 * reads as a code of another one time in 2^zeros, so a caller that finds the first meaning unknown goes on to the next.
 */
export function decodeCode(code: string, keyring: Keyring): readonly DecodedCode[] {
  const layout = CODE_LAYOUTS.find(({ length }) => length === code.length);
  const value = layout && fromBase62(code, bitsOf(layout));
  if (!value) return [];
  return keyring.newestFirst.flatMap((key) => {
    const fields = readUnder(key, layout, value);
    return fields ? [{ ...fields, keyId: key.id }] : [];
  });
}

function layoutOf(fields: CodeFields): Layout {
  const layout = isFrom1(fields) && CODE_LAYOUTS.find((candidate) => fits(fields, candidate));
  if (layout) return layout;
  const { linkNo, subscriberNo } = fields;
  throw new RangeError(
    `no personal code for link ${linkNo}, subscriber ${subscriberNo}: links are 1 to ${MAX_CODE_LINK_NO}, subscribers 1 to ${MAX_SUBSCRIBER_NO}`,
  );
}

function isFrom1({ linkNo, subscriberNo }: CodeFields): boolean {
  return Number.isInteger(linkNo) && Number.isInteger(subscriberNo) && linkNo >= 1 && subscriberNo >= 1;
}

function fits({ linkNo, subscriberNo }: CodeFields, { linkBits, subscriberBits }: Layout): boolean {
  return linkNo < 2 ** linkBits && subscriberNo < 2 ** subscriberBits;
}

/** How the fields lie across the halves: the lower half ends in the zeros and begins with the last bits of the subscriber number. */
function splitOf(layout: Layout) {
  const bits = bitsOf(layout);
  const lowBits = bits - (bits >> 1);
  const zeros = 2 ** layout.zeroBits;
  const lowSubscribers = 2 ** (lowBits - layout.zeroBits);
  return { bits, zeros, lowSubscribers, highSubscribers: 2 ** layout.subscriberBits / lowSubscribers };
}

function mintBatch(layout: Layout, linkNo: number, subscriberNos: readonly number[], key: EdgeKey): string[] {
  const { bits, zeros, lowSubscribers, highSubscribers } = splitOf(layout);
  const halves = newHalves(subscriberNos.length);
  for (const [index, subscriberNo] of subscriberNos.entries()) {
    const upper = Math.floor(subscriberNo / lowSubscribers);
    halves.high[index] = linkNo * highSubscribers + upper;
    halves.low[index] = (subscriberNo - upper * lowSubscribers) * zeros;
  }
  permute(key.codeCipher, bits, halves);
  return toBase62(halves, bits, layout.length);
}

/** The fields of a value under a key; null where it was not minted with that key: no zeros, or a shorter layout would have done. */
function readUnder(key: EdgeKey, layout: Layout, value: { high: number; low: number }): CodeFields | null {
  const { bits, zeros, lowSubscribers, highSubscribers } = splitOf(layout);
  const halves: Halves = { high: Float64Array.of(value.high), low: Float64Array.of(value.low) };
  unpermute(key.codeCipher, bits, halves);
  const [high, low] = [halves.high[0] as number, halves.low[0] as number];
  if (low % zeros !== 0) return null;
  const linkNo = Math.floor(high / highSubscribers);
  const fields = { linkNo, subscriberNo: (high % highSubscribers) * lowSubscribers + low / zeros };
  const isMinted = isFrom1(fields) && CODE_LAYOUTS.find((candidate) => fits(fields, candidate)) === layout;
  return isMinted ? fields : null;
}
