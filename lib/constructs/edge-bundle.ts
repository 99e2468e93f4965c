import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BuildResult, buildSync } from 'esbuild';

/** Regions to which an instance opens connections while it starts, before its first event tells it the whole configuration. */
export interface WarmRegions {
  readonly tables: readonly string[];
  readonly streams: readonly string[];
}

export interface EdgeBundleOptions {
  /** Path of the file to write, e.g. `…/index.js`. */
  readonly outfile: string;
  /** Literal region names: CDK tokens would be baked in as text. @default no connection is opened ahead */
  readonly warmRegions?: WarmRegions;
}

/** Largest bundle that may ship, in bytes; loading is felt by every subscriber who meets a new instance. */
export const EDGE_BUNDLE_BUDGET = 350 * 1024;

const ENTRY = fileURLToPath(new URL('../../lambdas/redirect/index.ts', import.meta.url));
const FORBIDDEN = [/node_modules\/(zod|aws-cdk-lib|constructs|@aws-sdk\/client-)/, /^lib\//, /^local\//];

/**
 * Builds the file that runs at the edge; the stack, the simulator, the tests and the benchmarks all use this very build.
 * @throws Error where the bundle is over its budget or pulls in what must not ship
 */
export function buildEdgeBundle({ outfile, warmRegions = { tables: [], streams: [] } }: EdgeBundleOptions): {
  readonly bytes: number;
} {
  const define = JSON.stringify(warmRegions);
  if (define.includes('Token[')) throw new Error(`warmRegions must be literal region names, not CDK tokens: ${define}`);
  const result = buildSync({
    entryPoints: [ENTRY],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    define: { ONEHOP_WARM_REGIONS: define },
    metafile: true,
    logLevel: 'silent',
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
  });
  return { bytes: checked(result, outfile) };
}

function checked(result: BuildResult<{ metafile: true }>, outfile: string): number {
  const strays = Object.keys(result.metafile.inputs).filter((input) =>
    FORBIDDEN.some((pattern) => pattern.test(input)),
  );
  if (strays.length > 0)
    throw new Error(
      `the edge bundle must not contain ${strays.slice(0, 3).join(', ')} (${strays.length} files in all)`,
    );
  const bytes = readFileSync(outfile).byteLength;
  if (bytes > EDGE_BUNDLE_BUDGET)
    throw new Error(
      `the edge bundle has ${bytes} bytes, more than its budget of ${EDGE_BUNDLE_BUDGET}: take something out of lambdas/redirect`,
    );
  return bytes;
}
