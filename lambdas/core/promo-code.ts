import { mintByLayout } from './by-layout.ts';
import type { EdgeKey, Keyring } from './keyring.ts';
import { newHalves, permute, unpermute } from './permutation.ts';
import { isValidWord, promoText, promoValues } from './promo-text.ts';

/**
 * A promo code: `PREFIX-XXXXXXXXX`. Campaign and subscriber number, permuted under a key, in Crockford's base32 and upper case,
 * with a check character at the end. It is the same on every link of a campaign and is read without a lookup. It carries no
 * proof of origin: a guess names a campaign and a subscriber at random, which have to exist.
 */
export interface PromoFields {
  /** The campaign's number among those with promo codes, from 1. */
  readonly campaignNo: number;
  /** Number of a subscriber, from 1. */
  readonly subscriberNo: number;
}

/** One way to read a promo code. */
export interface PromoReading extends PromoFields {
  /** Upper case, as it was typed: compare it with {@link isSamePrefix}. */
  readonly prefix: string;
  /** Id of the key under which the code reads like this. */
  readonly keyId: number;
}

/** `malformed`: not of the form; `mistyped`: the check character does not fit; `unknown`: it fits, but no key reads it. */
export type PromoRefusal = 'malformed' | 'mistyped' | 'unknown';

/**
 * The first reading stands at the top; the others are for a caller that finds it wrong. Without zeros in it a code reads as
 * something under every key, so it takes the campaign's own key, or a comparison of `keyId` with it, to be sure.
 */
export type PromoReadResult =
  | ({ readonly ok: true; readonly readings: readonly PromoReading[] } & PromoReading)
  | { readonly ok: false; readonly reason: PromoRefusal };

interface Layout {
  /** Digits before the check character, each half an equal share. */
  readonly digits: number;
  readonly campaignBits: number;
  readonly subscriberBits: number;
}

/** Shortest first; a code uses the first that holds its numbers. See ADR 16 for why none is shorter. */
const LAYOUTS: readonly Layout[] = [
  { digits: 8, campaignBits: 14, subscriberBits: 26 },
  { digits: 10, campaignBits: 20, subscriberBits: 30 },
];
const DIGIT_BITS = 5;
/** Longest text that may hold a code, in characters: the longest prefix and a lot of spaces. */
const MAX_TEXT = 100;

/** The largest campaign number that any layout holds; subscribers go as far as personal codes do. */
export const MAX_PROMO_CAMPAIGN_NO = 2 ** 20 - 1;
const MAX_SUBSCRIBER_NO = 2 ** 30 - 1;

/** The promo code of a subscriber in a campaign. @throws RangeError where a number fits no layout */
export function promoCode({ campaignNo, subscriberNo }: PromoFields, key: EdgeKey, prefix: string): string {
  return promoCodes(campaignNo, [subscriberNo], key, prefix)[0] as string;
}

/** The promo codes of many subscribers in one campaign, in their order. @throws RangeError where a number fits no layout */
export function promoCodes(
  campaignNo: number,
  subscriberNos: readonly number[],
  key: EdgeKey,
  prefix: string,
): string[] {
  return mintByLayout(
    subscriberNos,
    (subscriberNo) => layoutOf({ campaignNo, subscriberNo }),
    (layout, numbers) => promoBatch(layout, campaignNo, numbers, key, prefix),
  );
}

function promoBatch(
  layout: Layout,
  campaignNo: number,
  subscriberNos: readonly number[],
  key: EdgeKey,
  prefix: string,
): string[] {
  const half = 2 ** halfBits(layout);
  const halves = newHalves(subscriberNos.length);
  for (const [index, subscriberNo] of subscriberNos.entries()) {
    const value = campaignNo * 2 ** layout.subscriberBits + subscriberNo;
    halves.high[index] = Math.floor(value / half);
    halves.low[index] = value % half;
  }
  permute(key.promoCipher, 2 * halfBits(layout), halves);
  return subscriberNos.map((_, index) => {
    const values = [halves.high, halves.low].flatMap((side) => digitsOf(side[index] as number, layout));
    return `${prefix}-${promoText(values)}`;
  });
}

/**
 * Reads what a person typed: any case, look-alikes (O for 0, I and L for 1), hyphens and spaces anywhere or nowhere.
 * Every single wrong character and every two swapped neighbours behind the prefix are found out. Where nothing stands between
 * prefix and digits there may be readings of either length: the prefix tells which is meant, so compare it.
 * @param keys the campaign's own key where it is known, else all, of which the newest comes first
 */
export function readPromoCode(text: string, keys: Keyring | EdgeKey): PromoReadResult {
  const words = wordsIn(text);
  if (words.length === 0) return { ok: false, reason: 'malformed' };
  const valid = words.filter(({ values }) => isValidWord(values));
  if (valid.length === 0) return { ok: false, reason: 'mistyped' };
  const tried = 'newestFirst' in keys ? keys.newestFirst : [keys];
  const readings = valid.flatMap((word) => tried.flatMap((key) => readingOf(word, key)));
  const [first] = readings;
  return first ? { ok: true, ...first, readings } : { ok: false, reason: 'unknown' };
}

/** A text as a code of one layout: the prefix and the values of the digits behind it. */
interface Word {
  readonly layout: Layout;
  readonly prefix: string;
  readonly values: readonly number[];
  /** True where something stands between prefix and digits. */
  readonly isApart: boolean;
}

/** Where one layout's digits stand apart from their prefix, the other's, which would begin in the middle of a word, are none. */
function wordsIn(text: string): Word[] {
  const words = text.length > MAX_TEXT ? [] : LAYOUTS.flatMap((layout) => wordsOf(text, layout));
  const apart = words.filter(({ isApart }) => isApart);
  return apart.length > 0 ? apart : words;
}

function wordsOf(text: string, layout: Layout): Word[] {
  const characters = [...text.toUpperCase().matchAll(/[A-Z0-9]/g)];
  const split = characters.length - layout.digits - 1;
  const values = split > 0 && promoValues(characters.slice(split).join(''));
  if (!values) return [];
  const prefix = characters.slice(0, split).join('');
  const [last, first] = [characters[split - 1]?.index ?? 0, characters[split]?.index ?? 0];
  return [{ layout, prefix, values, isApart: first > last + 1 }];
}

function readingOf({ layout, prefix, values }: Word, key: EdgeKey): PromoReading[] {
  const bits = halfBits(layout);
  const half = layout.digits / 2;
  const halves = newHalves(1);
  halves.high[0] = numberOf(values.slice(0, half));
  halves.low[0] = numberOf(values.slice(half, layout.digits));
  unpermute(key.promoCipher, 2 * bits, halves);
  const value = halves.high[0] * 2 ** bits + halves.low[0];
  const size = 2 ** layout.subscriberBits;
  const fields = { campaignNo: Math.floor(value / size), subscriberNo: value % size };
  const isMinted = isFrom1(fields) && shortestFor(fields) === layout;
  return isMinted ? [{ prefix, ...fields, keyId: key.id }] : [];
}

function halfBits({ digits }: Layout): number {
  return (digits * DIGIT_BITS) / 2;
}

function digitsOf(value: number, { digits }: Layout): number[] {
  return Array.from({ length: digits / 2 }, (_, index) => Math.floor(value / 32 ** (digits / 2 - 1 - index)) % 32);
}

function numberOf(values: readonly number[]): number {
  return values.reduce((number, value) => number * 32 + value, 0);
}

function layoutOf(fields: PromoFields): Layout {
  const layout = isFrom1(fields) && shortestFor(fields);
  if (layout) return layout;
  throw new RangeError(
    `no promo code for campaign number ${fields.campaignNo}, subscriber ${fields.subscriberNo}: campaigns are 1 to ${MAX_PROMO_CAMPAIGN_NO}, subscribers 1 to ${MAX_SUBSCRIBER_NO}`,
  );
}

function isFrom1({ campaignNo, subscriberNo }: PromoFields): boolean {
  return Number.isInteger(campaignNo) && Number.isInteger(subscriberNo) && campaignNo >= 1 && subscriberNo >= 1;
}

function shortestFor({ campaignNo, subscriberNo }: PromoFields): Layout | undefined {
  return LAYOUTS.find(
    ({ campaignBits, subscriberBits }) => campaignNo < 2 ** campaignBits && subscriberNo < 2 ** subscriberBits,
  );
}
