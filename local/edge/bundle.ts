import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';
import { buildEdgeBundle } from '../../lib/constructs/edge-bundle.ts';

/** Where the local system and the tests keep the built edge bundle. */
export const EDGE_BUNDLE_FILE = fileURLToPath(
  new URL('../../node_modules/.cache/onehop/edge-bundle.cjs', import.meta.url),
);

/** Builds the bundle that runs at the edge, as it is deployed, and returns its text. Several processes and threads may do so at once. */
export function builtEdgeBundle(): string {
  const unfinished = join(dirname(EDGE_BUNDLE_FILE), `edge-bundle.${process.pid}.${threadId}.cjs`);
  mkdirSync(dirname(EDGE_BUNDLE_FILE), { recursive: true });
  buildEdgeBundle({ outfile: unfinished });
  renameSync(unfinished, EDGE_BUNDLE_FILE);
  return readFileSync(EDGE_BUNDLE_FILE, 'utf8');
}
