import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildEdgeBundle } from '../../lib/constructs/edge-bundle.ts';

export interface TemporaryBundle {
  readonly folder: string;
  /** Path of the bundle, as it is deployed. */
  readonly file: string;
}

/** Builds the edge bundle in a folder that is gone afterwards. */
export async function withTemporaryBundle<T>(use: (bundle: TemporaryBundle) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'onehop-bench-'));
  try {
    const file = join(folder, 'index.js');
    buildEdgeBundle({ outfile: file });
    return await use({ folder, file });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
