import { createRequire, isBuiltin } from 'node:module';
import vm from 'node:vm';
import type { CloudFrontRequestEvent, CloudFrontResultResponse } from 'aws-lambda';

export type EdgeHandler = (event: CloudFrontRequestEvent) => Promise<CloudFrontResultResponse>;

export interface EdgeInstanceOptions {
  /** Text of the built bundle. */
  readonly code: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Takes what the function writes on standard output. */
  readonly write: (text: string) => void;
  /** Epoch milliseconds; what `Date` tells inside. */
  readonly now: () => number;
  /** Modules that stand in for Node's own, by name without `node:`. @default none */
  readonly modules?: Readonly<Record<string, unknown>>;
}

const load = createRequire(import.meta.url);

/** What Lambda's runtime offers of Node's globals, as far as the bundle may use it: no `fetch`, no file system, no environment. */
const GLOBALS = {
  Buffer,
  URL,
  URLSearchParams,
  TextDecoder,
  TextEncoder,
  performance,
  setTimeout,
  clearTimeout,
  setImmediate,
};

const DATE = `(now) => {
  const Real = Date;
  globalThis.Date = class Date extends Real {
    constructor(...given) { if (given.length === 0) super(now()); else super(...given); }
    static now() { return now(); }
  };
}`;

/** Starts one instance of the edge function: the built bundle in a context of its own, with a clock that can be set. */
export function startEdgeInstance(options: EdgeInstanceOptions): EdgeHandler {
  const process = processOf(options);
  // Without the sandbox object that Node else puts before the global: every use of a global would go through it.
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY, { codeGeneration: { strings: false, wasm: false } });
  Object.assign(context, GLOBALS, { process });
  vm.runInContext(DATE, context)(options.now);
  const module = { exports: {} as { handler?: EdgeHandler } };
  const wrapped = vm.runInContext(`(function (exports, require, module) {${options.code}\n})`, context, {
    filename: 'edge-bundle.js',
  });
  wrapped(module.exports, requireFor(options, process), module);
  if (typeof module.exports.handler !== 'function') throw new Error('the edge bundle exports no handler');
  return module.exports.handler;
}

/** Only what Lambda sets by itself: Lambda@Edge has no environment variables of ours. */
function processOf({ region, credentials, write }: EdgeInstanceOptions) {
  const env = {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  return { env, stdout: { write } };
}

function requireFor({ modules = {} }: EdgeInstanceOptions, process: object): (id: string) => unknown {
  return (id) => {
    const name = id.replace(/^node:/, '');
    if (name === 'process') return process;
    if (!isBuiltin(id)) throw new Error(`the edge bundle must be self-contained, but requires ${id}`);
    return modules[name] ?? load(id);
  };
}
