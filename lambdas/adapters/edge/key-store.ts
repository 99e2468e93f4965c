import { type Keyring, parseKeyring } from '../../core/keyring.ts';
import type { CallAws } from './aws-json.ts';

export interface KeyStoreOptions {
  readonly call: CallAws;
  readonly secret: string;
  readonly region: string;
  readonly homeRegion: string;
  readonly readMs: number;
  readonly now: () => number;
  /** Told when keys cannot be read; never told a key. */
  readonly onError: (error: Error) => void;
}

/** How long keys are used before they are read again, ms; a rotated key must name a start at least two of these ahead. */
export const KEY_REFRESH_MS = 5 * 60_000;
const RETRY_MS = 5_000;
/** How often at most a code that no key reads makes the keys be read ahead of time, ms: wrong codes must not become a bill. */
const RENEW_MS = 30_000;

/** The instance's keyring: read once beside the first lookup, refreshed beside later ones, kept while the secret cannot be read. */
export class KeyStore {
  readonly #options: KeyStoreOptions;
  #keyring: Keyring | null = null;
  #readAgainAt = 0;
  #renewAt = 0;
  #reading: Promise<void> | null = null;

  constructor(options: KeyStoreOptions) {
    this.#options = options;
  }

  /**
   * The keyring, or null where it could never be read. Only the first call waits; a refresh runs beside the tap that
   * finds it due, which awaits {@link settled} before it answers, since nothing runs after an answer.
   */
  async get(): Promise<Keyring | null> {
    if (this.#options.now() >= this.#readAgainAt) this.#reading ??= this.#read();
    if (!this.#keyring) await this.#reading;
    return this.#keyring;
  }

  /** The keyring after a read ahead of time, for who meets a key that is missing in it; waits, but seldom reads. */
  async renew(): Promise<Keyring | null> {
    if (this.#options.now() >= this.#renewAt) this.#reading ??= this.#read();
    await this.#reading;
    return this.#keyring;
  }

  /** Resolves when no read is under way. */
  async settled(): Promise<void> {
    await this.#reading;
  }

  async #read(): Promise<void> {
    const { now, onError } = this.#options;
    this.#renewAt = now() + RENEW_MS;
    try {
      this.#keyring = parseKeyring(await this.#readSecret());
      this.#readAgainAt = now() + KEY_REFRESH_MS;
    } catch (error) {
      this.#readAgainAt = now() + RETRY_MS;
      onError(error instanceof Error ? error : new Error('unknown'));
    } finally {
      this.#reading = null;
    }
  }

  async #readSecret(): Promise<string> {
    const { region, homeRegion } = this.#options;
    try {
      return await this.#getSecretValue(region);
    } catch (error) {
      if (region === homeRegion) throw error;
      return this.#getSecretValue(homeRegion);
    }
  }

  async #getSecretValue(region: string): Promise<string> {
    const { call, secret, readMs } = this.#options;
    const target = 'secretsmanager.GetSecretValue';
    const body = { SecretId: secret };
    const answer = await call({ service: 'secretsmanager', region, target, version: '1.1', timeoutMs: readMs, body });
    return String(answer.SecretString);
  }
}
