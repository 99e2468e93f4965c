import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loginFile } from '../connection.ts';
import type { Terminal } from '../terminal.ts';

/** Where an interrupted push stands. */
export interface PushState {
  /** What was pushed: other codes, or another discount, do not go on where it stopped. */
  readonly request: string;
  readonly discountId: string;
  /** Codes from the beginning on that Shopify has. */
  readonly done: number;
}

/** Keeps how far a push got, so that a run that was interrupted goes on there. */
export class PushJournal {
  readonly #path: string;

  constructor(shop: string, campaignId: string, terminal: Terminal) {
    this.#path = join(dirname(loginFile(terminal)), `promo-push-${shop}-${campaignId}.json`);
  }

  /** Where the run before stopped; null where it ended, there was none, or it was another one. */
  read(request: string): PushState | null {
    try {
      const state = JSON.parse(readFileSync(this.#path, 'utf8')) as PushState;
      return state.request === request ? state : null;
    } catch {
      return null;
    }
  }

  write(state: PushState): void {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    writeFileSync(`${this.#path}.tmp`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${this.#path}.tmp`, this.#path);
  }

  clear(): void {
    rmSync(this.#path, { force: true });
  }
}
