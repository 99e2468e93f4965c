import { builtEdgeBundle } from '../local/edge/bundle.ts';

/** Runs once before all tests: builds the edge bundle, as it is deployed, for those that read it as a file. */
export function setup(): void {
  builtEdgeBundle();
}
