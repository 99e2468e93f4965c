import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { mintCode } from '../../lambdas/core/personal-code.ts';

/** Edge keys of these tests. */
export const KEYS = { key_1: 'a'.repeat(64), key_2: 'b'.repeat(64), key_3: 'c'.repeat(64) };
export const keyring = parseKeyring(JSON.stringify(KEYS));
export const key = (id: number) => keyring.byId.get(id) ?? keyring.minting(0);

export const codeOf = (linkNo: number, subscriberNo: number, keyId = 1) =>
  mintCode({ linkNo, subscriberNo }, key(keyId));
/** A tap on the code of a subscriber. */
export const tapOn = (linkNo: number, subscriberNo: number, keyId = 1) => ({
  path: `/${codeOf(linkNo, subscriberNo, keyId)}`,
});

export const PLAIN = { destination: 'https://shop.example/', params: {} };
/** What a personal link's item says once a thousand subscribers were minted on it. */
export const MINTED = { code_key: 1, subscriber_max: 1_000 };
