import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildSchema, graphql, parse } from 'graphql';
import { FakeShop } from './fake-shop.ts';

const schema = buildSchema(readFileSync(new URL('fake-shopify.graphql', import.meta.url), 'utf8'));

/** Longest list that an input takes: beyond it the whole call is refused. */
const MAX_INPUT = 250;

/** What happens to the next call: an HTTP status, a connection cut before or after the work was done, a redirect. */
export type Fault =
  | { readonly status: number; readonly headers?: Record<string, string> }
  | 'cut'
  | 'cut-after'
  | { readonly redirect: string };

export interface ShopifyOptions {
  readonly token?: string;
  readonly currency?: string;
  /** Points the bucket holds and gets back each second. @default so many that nothing is throttled */
  readonly bucket?: { readonly size: number; readonly rate: number };
  /** Epoch ms. */
  readonly now?: () => number;
}

/**
 * Shopify's Admin API over real HTTP, as far as discount codes go: documents are checked against the schema, every call
 * costs points of a bucket, codes are added by jobs. Shops of other versions and tokens are refused.
 */
export async function startShopify({
  token = 'shpat_secret',
  currency = 'USD',
  bucket,
  now = Date.now,
}: ShopifyOptions = {}) {
  const shop = new FakeShop(currency);
  const faults: Fault[] = [];
  const calls: { operation: string; variables: Record<string, unknown> }[] = [];
  const throttle = new Throttle(bucket ?? { size: 1_000_000, rate: 1_000_000 }, now);
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const fault = faults.shift();
    if (fault === 'cut') return void request.socket.destroy();
    if (fault && fault !== 'cut-after') return refuse(response, fault);
    if (request.url !== '/admin/api/2026-07/graphql.json') return refuse(response, { status: 404 });
    if (request.headers['x-shopify-access-token'] !== token) return refuse(response, { status: 401 });
    const result = await run(JSON.parse(body));
    if (fault === 'cut-after') return void request.socket.destroy();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  }

  async function run({ query, variables = {} }: { query: string; variables?: Record<string, unknown> }) {
    const cost = throttle.take(costOf(query));
    const extensions = { cost: cost.status };
    if (!cost.isPaid) return { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }], extensions };
    const long = Object.values(variables).find((value) => Array.isArray(value) && value.length > MAX_INPUT);
    if (long)
      return {
        errors: [
          {
            message: `The input array size of ${(long as unknown[]).length} is greater than the maximum allowed of ${MAX_INPUT}.`,
            extensions: { code: 'MAX_INPUT_SIZE_EXCEEDED' },
          },
        ],
      };
    calls.push({ operation: operationOf(query), variables });
    return {
      ...(await graphql({ schema, source: query, rootValue: shop.root, variableValues: variables })),
      extensions,
    };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    shop,
    faults,
    calls,
    throttle,
    /** Leads calls to any shop's host here, over HTTP; other calls go to `others`. */
    fetchWith:
      (others: typeof fetch): typeof fetch =>
      (input, init) => {
        const { hostname, pathname } = new URL(String(input));
        return hostname.endsWith('.myshopify.com') ? fetch(origin + pathname, init) : others(input, init);
      },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}

function refuse(response: ServerResponse, fault: Exclude<Fault, string>): void {
  if ('redirect' in fault) response.writeHead(301, { location: fault.redirect }).end();
  else response.writeHead(fault.status, fault.headers).end('<html>not what you asked for</html>');
}

function operationOf(query: string): string {
  const [definition] = parse(query).definitions;
  return definition?.kind === 'OperationDefinition' ? (definition.name?.value ?? '') : '';
}

/** Mutations cost 10 points, queries 1 and one more for every 50 nodes they may bring. */
function costOf(query: string): number {
  const nodes = Number(/first: (\d+)/.exec(query)?.[1] ?? 0);
  return query.startsWith('mutation') ? 10 : 1 + Math.ceil(nodes / 50);
}

/** The leaky bucket of cost points. */
class Throttle {
  refusals = 0;
  readonly #size: number;
  readonly #rate: number;
  readonly #now: () => number;
  #points: number;
  #at: number;

  constructor({ size, rate }: { readonly size: number; readonly rate: number }, now: () => number) {
    this.#size = size;
    this.#rate = rate;
    this.#now = now;
    this.#points = size;
    this.#at = now();
  }

  take(cost: number) {
    const now = this.#now();
    this.#points = Math.min(this.#size, this.#points + ((now - this.#at) / 1_000) * this.#rate);
    this.#at = now;
    const isPaid = this.#points >= cost;
    if (isPaid) this.#points -= cost;
    else this.refusals += 1;
    const throttleStatus = { maximumAvailable: this.#size, currentlyAvailable: this.#points, restoreRate: this.#rate };
    return { isPaid, status: { requestedQueryCost: cost, actualQueryCost: isPaid ? cost : null, throttleStatus } };
  }
}
