import { type EdgeKey, parseKeyring } from '../lambdas/core/keyring.ts';
import { decodeCode, mintCode, mintCodes } from '../lambdas/core/personal-code.ts';
import { promoCode, promoCodes, readPromoCode } from '../lambdas/core/promo-code.ts';
import type { Benchmark, Outcome } from './support/benchmark.ts';
import { cpuMs } from './support/cpu.ts';
import { SECRET } from './support/documents.ts';
import { seededRandom } from './support/random.ts';
import { median, rounded } from './support/statistics.ts';

/** As many as a mint request may carry. */
const REQUEST = 20_000;
const CODES = 1_000_000;
const ROUNDS = 5;
const SINGLE = 20_000;
const GUESSES = 300_000;
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const keyring = parseKeyring(SECRET);
const key = keyring.minting(0);

/** Codes of a million subscribers in a row from `first`, in parts as requests bring them; codes per second of CPU time. */
function codesPerSecond(first: number, mint: (subscriberNos: readonly number[], key: EdgeKey) => string[]): number {
  const parts = Array.from({ length: CODES / REQUEST }, (_, part) =>
    Array.from({ length: REQUEST }, (_, at) => first + part * REQUEST + at),
  );
  const once = () => {
    for (const part of parts) if (mint(part, key).length !== REQUEST) throw new Error('codes are missing');
  };
  once();
  return CODES / (median(Array.from({ length: ROUNDS }, () => cpuMs(once))) / 1_000);
}

/** Microseconds of CPU time of something done one by one. */
function microseconds(work: (index: number) => unknown): number {
  const many = () => {
    for (let index = 0; index < SINGLE; index++) work(index);
  };
  many();
  return (median(Array.from({ length: ROUNDS }, () => cpuMs(many))) * 1_000) / SINGLE;
}

/** How many of random codes, and of real ones with one character changed, decode to anything. */
function acceptance(): { random: number; oneOff: number } {
  const random = seededRandom(1);
  const digit = () => BASE62[Math.floor(random() * 62)];
  const guess = () => Array.from({ length: 9 }, digit).join('');
  const oneOff = () => {
    const code = mintCode({ linkNo: 7, subscriberNo: 1 + Math.floor(random() * 1_000_000) }, key);
    const at = Math.floor(random() * 9);
    return (
      code.slice(0, at) +
      BASE62[(BASE62.indexOf(code[at] ?? '') + 1 + Math.floor(random() * 61)) % 62] +
      code.slice(at + 1)
    );
  };
  const accepted = (make: () => string) => {
    let count = 0;
    for (let tried = 0; tried < GUESSES; tried++) count += decodeCode(make(), keyring).length;
    return count;
  };
  return { random: accepted(guess), oneOff: accepted(oneOff) };
}

async function run(): Promise<Outcome> {
  const personal = (subscriberNos: readonly number[], by: EdgeKey) => mintCodes(7, subscriberNos, by);
  const promo = (subscriberNos: readonly number[], by: EdgeKey) => promoCodes(7, subscriberNos, by, 'WELCOME');
  const codes = mintCodes(
    7,
    Array.from({ length: SINGLE }, (_, at) => at + 1),
    key,
  );
  const promos = promoCodes(
    7,
    Array.from({ length: SINGLE }, (_, at) => at + 1),
    key,
    'WELCOME',
  );
  const accepted = acceptance();
  return {
    figures: {
      codes_per_s: rounded(codesPerSecond(1, personal)),
      codes_10_per_s: rounded(codesPerSecond(2 ** 24, personal)),
      codes_11_per_s: rounded(codesPerSecond(2 ** 27, personal)),
      promo_codes_per_s: rounded(codesPerSecond(1, promo)),
      mint_one_us: rounded(microseconds((at) => mintCode({ linkNo: 7, subscriberNo: at + 1 }, key))),
      decode_one_us: rounded(microseconds((at) => decodeCode(codes[at] ?? '', keyring))),
      promo_one_us: rounded(microseconds((at) => promoCode({ campaignNo: 7, subscriberNo: at + 1 }, key, 'WELCOME'))),
      read_promo_us: rounded(microseconds((at) => readPromoCode(promos[at] ?? '', key))),
      random_accepted_per_million: rounded((accepted.random / GUESSES) * 1e6),
      one_off_accepted_per_million: rounded((accepted.oneOff / GUESSES) * 1e6),
      expected_accepted_per_million: rounded(expectedAcceptance() * 1e6),
    },
    targets: [{ figure: 'codes_per_s', must: 'be at least', limit: 1_000_000 }],
    notes: [
      'On one thread, base62 text included, a million subscribers in parts of 20,000; by the CPU time of the thread, so that what else runs on the machine does not count.',
      'codes: 9 characters; codes_10, codes_11: the longer layouts. One by one: a call for each code, as the edge makes them.',
      'accepted: texts of 9 characters that decode to some link and subscriber, which then have to exist; expected is 2^53 ÷ 62^9 (the share of texts that are numbers of 53 bits) ÷ 2^11, and up to 1 ÷ 2^11 for a code with one character changed, which mostly stays a number of 53 bits.',
    ],
  };
}

const expectedAcceptance = () => 2 ** 53 / 62 ** 9 / 2 ** 11;

/** How fast codes are made and read, and how many wrong ones pass for right. */
export const codes: Benchmark = {
  name: 'codes',
  title: 'Personal and promo codes: minting, decoding, acceptance of wrong ones',
  run,
};
