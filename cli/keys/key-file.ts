import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { CliError } from '../cli-error.ts';
import { CHANGE_ATTEMPTS, type EdgeSecret } from './edge-secret.ts';

/** A lock this old was left by a process that died, ms: a change takes a few. */
const STALE_MS = 10_000;
const RETRY_MS = 100;

/** The edge secret of the local mode: the field `edge` of the key file, which only its owner may read. */
export class KeyFile implements EdgeSecret {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  async read(): Promise<string> {
    return JSON.stringify(this.#content().edge);
  }

  /** @throws CliError where another process holds the file */
  async change<T extends { readonly secret: string }>(apply: (secret: string) => T): Promise<T> {
    const unlock = await this.#lock();
    try {
      const content = this.#content();
      const changed = apply(JSON.stringify(content.edge));
      this.#write(`${JSON.stringify({ ...content, edge: JSON.parse(changed.secret) }, null, 2)}\n`);
      return changed;
    } finally {
      unlock();
    }
  }

  #content(): Record<string, unknown> {
    try {
      return JSON.parse(readFileSync(this.#file, 'utf8')) as Record<string, unknown>;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        throw new CliError(`${this.#file} cannot be read as keys`);
      throw new CliError(
        `there are no keys at ${this.#file}: "npm start" makes them; set ONEHOP_DATA if they are elsewhere, or name a stage with --stage`,
      );
    }
  }

  /** A crash leaves the old file or the new one. */
  #write(text: string): void {
    writeFileSync(`${this.#file}.new`, text, { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }

  async #lock(): Promise<() => void> {
    const lock = `${this.#file}.lock`;
    for (let attempt = 0; attempt < CHANGE_ATTEMPTS * 10; attempt++) {
      if (take(lock)) return () => rmSync(lock, { force: true });
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    throw new CliError(`another process changes the keys: if none does, remove ${lock}`);
  }
}

function take(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const { mtimeMs = Number.POSITIVE_INFINITY } = statSync(lock, { throwIfNoEntry: false }) ?? {};
    if (Date.now() - mtimeMs > STALE_MS) rmSync(lock, { force: true });
    return false;
  }
}
