import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another local system works in this folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

/**
 * Takes a folder for this system alone, by a lock of the operating system: it is gone with its process, however that ends.
 * @returns what lets the folder go
 * @throws FolderInUseError
 */
export function lockFolder(folder: string): () => void {
  const database = new DatabaseSync(join(folder, 'lock'));
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!(error instanceof Error) || !/locked/.test(error.message)) throw error;
    throw new FolderInUseError(
      `another onehop already works in ${folder}: stop it, or set ONEHOP_DATA to another folder`,
    );
  }
  return () => database.close();
}
