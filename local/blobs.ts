import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BlobStore } from '../lambdas/adapters/blob-store.ts';

/** Objects as files of a folder: the bucket's prefixes that hold no table. An object is there whole or not at all. */
export class FileBlobs implements BlobStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const file = join(this.#folder, key);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.part`, bytes, { mode: 0o600 });
    await rename(`${file}.part`, file);
  }

  async get(key: string): Promise<Uint8Array | null> {
    return readFile(join(this.#folder, key)).catch(nullIfMissing);
  }

  async list(prefix: string, limit: number, after = ''): Promise<readonly string[]> {
    const names = (await readdir(join(this.#folder, prefix)).catch(nullIfMissing)) ?? [];
    const whole = names.filter((name) => !name.endsWith('.part')).toSorted();
    const keys = whole.map((name) => `${prefix}${name}`);
    return keys.filter((key) => key > after).slice(0, limit);
  }

  async delete(key: string): Promise<void> {
    await rm(join(this.#folder, key), { force: true });
  }
}

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
