import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { CliError } from '../cli-error.ts';

/** What a run has done so far. */
export interface Counts {
  minted: number;
  heldOut: number;
  rejected: number;
}

/** Where a run stands: what of the list is minted, and how much of each output that is. */
export interface Progress {
  /** Bytes of the list, and the line behind them. */
  readonly offset: number;
  readonly line: number;
  readonly outputs: { readonly people: number; readonly holdout: number; readonly rejects: number };
  readonly counts: Counts;
}

/** What a run was asked for; another list or another link cannot go on where it stopped. */
export interface Request {
  readonly link: string;
  readonly by: string;
  readonly file: string;
  readonly size: number;
  readonly modified: number;
}

/**
 * Keeps how far a mint into a file got, beside that file, so that a run that was interrupted goes on there. It is
 * written after the outputs: what stands behind it in them is cut off and minted again, which changes nothing.
 */
export class Journal {
  readonly #path: string;
  readonly #request: Request;

  constructor(output: string, request: Request) {
    this.#path = `${output}.progress`;
    this.#request = request;
  }

  /** Where the run before stopped; null where it ended or there was none. @throws CliError where it was another one */
  read(): Progress | null {
    if (!existsSync(this.#path)) return null;
    const kept = JSON.parse(readFileSync(this.#path, 'utf8')) as { request: Request; progress: Progress };
    if (JSON.stringify(kept.request) === JSON.stringify(this.#request)) return kept.progress;
    throw new CliError(
      `${this.#path} belongs to an interrupted run with other options or another list: add --restart to begin anew`,
    );
  }

  write(progress: Progress): void {
    writeFileSync(`${this.#path}.tmp`, JSON.stringify({ request: this.#request, progress }));
    renameSync(`${this.#path}.tmp`, this.#path);
  }

  clear(): void {
    rmSync(this.#path, { force: true });
  }
}

/** What tells one list from another. */
export function requestOf(file: string, link: string, by: string): Request {
  const { size, mtimeMs } = statSync(file);
  return { link, by, file, size, modified: Math.round(mtimeMs) };
}
