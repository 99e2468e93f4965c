import { fingerprintOf, MAX_KEY_ID, parseKeyring } from './keyring.ts';

/**
 * Rotation of the edge secret, on its text. A rotation only adds a key and names the time from which it mints, so that every
 * reader has it before the first code or click id of it exists; keys that minted once go on being read until they are retired.
 */
export interface KeyDescription {
  readonly id: number;
  /** `minting`: makes codes and click ids now; `next`: will; `old`: only reads. */
  readonly state: 'minting' | 'next' | 'old';
  /** Epoch milliseconds from which it mints, 0 where it always did. */
  readonly from: number;
  /** Tells keys apart without telling anything of them. */
  readonly fingerprint: string;
}

/** A rotation or retirement that would break something; the message says what to do. */
export class KeyRotationError extends Error {
  override readonly name = 'KeyRotationError';
}

/** Every key of a secret, by id. @throws KeyringError where it cannot be read */
export function describeKeys(secret: string, now: number): KeyDescription[] {
  const keyring = parseKeyring(secret);
  const entries = JSON.parse(secret) as Record<string, string>;
  const minting = keyring.minting(now).id;
  return [...keyring.byId.values()].map(({ id, from }) => ({
    id,
    state: id === minting ? 'minting' : from > now ? 'next' : 'old',
    from,
    fingerprint: fingerprintOf(entries[`key_${id}`] ?? ''),
  }));
}

export interface NewKey {
  /** 64 random characters. */
  readonly key: string;
  readonly now: number;
  /** How long until it mints, ms. */
  readonly leadMs: number;
}

export interface Rotated {
  readonly secret: string;
  readonly id: number;
  /** Epoch milliseconds from which the new key mints. */
  readonly from: number;
}

/** Adds a key. @throws KeyRotationError where another is still to come, or no id is free */
export function addKey(secret: string, { key, now, leadMs }: NewKey): Rotated {
  const keys = describeKeys(secret, now);
  const next = keys.find(({ state }) => state === 'next');
  if (next)
    throw new KeyRotationError(
      `key ${next.id} mints from ${new Date(next.from).toISOString()}: wait until then before the next rotation`,
    );
  const id = freeId(keys.map((each) => each.id));
  const from = now + leadMs;
  const added = { [`key_${id}`]: key, [`key_${id}_from`]: new Date(from).toISOString() };
  return { secret: JSON.stringify({ ...(JSON.parse(secret) as object), ...added }), id, from };
}

/** Above all others as long as that goes, for a reused id would make what an old key made look forged instead of unknown. */
function freeId(ids: readonly number[]): number {
  const above = Math.max(...ids) + 1;
  const id =
    above <= MAX_KEY_ID
      ? above
      : Array.from({ length: MAX_KEY_ID }, (_, at) => at + 1).find((each) => !ids.includes(each));
  if (id !== undefined) return id;
  throw new KeyRotationError(`there are ${MAX_KEY_ID} keys already: retire one first`);
}

/** Takes a key away for good. @throws KeyRotationError where there is none of this id, or it mints */
export function removeKey(secret: string, id: number, now: number): string {
  const found = describeKeys(secret, now).find((key) => key.id === id);
  if (!found) throw new KeyRotationError(`there is no key ${id}`);
  if (found.state === 'minting')
    throw new KeyRotationError(`key ${id} mints: rotate, and retire it when the new key has taken over`);
  const { [`key_${id}`]: _key, [`key_${id}_from`]: _from, ...rest } = JSON.parse(secret) as Record<string, unknown>;
  return JSON.stringify(rest);
}
