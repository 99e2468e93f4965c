import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type HomeKeys, parseHomeKeys } from '../core/home-keys.ts';
import { type Keyring, parseKeyring } from '../core/keyring.ts';

/** How long keys are used before they are read again, ms: shorter than the time a rotated key waits until it mints. */
const REFRESH_MS = 5 * 60_000;

export interface SecretKeysOptions {
  readonly client: SecretsManagerClient;
  readonly edgeSecret: string;
  readonly homeSecret: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The keys of both secrets as a regional function uses them: read when first needed, and again when they have grown old. */
export class SecretKeys {
  /** Keys of codes, click ids and promo codes. */
  readonly edge: () => Promise<Keyring>;
  /** Keys of identities, experiments and sources. */
  readonly home: () => Promise<HomeKeys>;

  constructor({ client, edgeSecret, homeSecret, now }: SecretKeysOptions) {
    const read = async (SecretId: string) =>
      String((await client.send(new GetSecretValueCommand({ SecretId }))).SecretString);
    this.edge = remembered(async () => parseKeyring(await read(edgeSecret)), now);
    this.home = remembered(async () => parseHomeKeys(await read(homeSecret)), now);
  }
}

/** A promise kept until it is old or has failed. While a value cannot be read anew, the one before goes on. */
function remembered<T>(read: () => Promise<T>, now: () => number): () => Promise<T> {
  let value: T | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<T> | null = null;
  const refresh = async (): Promise<T> => {
    try {
      value = await read();
      readAt = now();
      return value;
    } catch (error) {
      if (value === undefined) throw error;
      return value;
    } finally {
      reading = null;
    }
  };
  return async () => {
    if (value !== undefined && Math.abs(now() - readAt) < REFRESH_MS) return value;
    reading ??= refresh();
    return reading;
  };
}
