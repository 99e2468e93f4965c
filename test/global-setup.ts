/** Runs once before all tests; the edge bundle is built here as soon as its entry exists. */
export function setup(): void {}
