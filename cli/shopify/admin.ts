import { CliError } from '../cli-error.ts';
import type { Terminal } from '../terminal.ts';

/** Version of Shopify's GraphQL Admin API that every call names; each is served for a year. */
export const SHOPIFY_API_VERSION = '2026-07';

/** Calls that failed on the way, or at Shopify, are tried this often before a command gives up. */
const MAX_ATTEMPTS = 8;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const TIMEOUT_MS = 60_000;
/** Refusals for want of points in a row; each is waited for as long as the bucket needs. */
const MAX_THROTTLES = 100;

interface Cost {
  readonly requestedQueryCost: number;
  readonly throttleStatus: { readonly currentlyAvailable: number; readonly restoreRate: number };
}

interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
  readonly extensions?: { readonly cost?: Cost };
}

export interface ShopifyOptions {
  /** Host, such as `my-shop.myshopify.com`. */
  readonly shop: string;
  /** Access token of an app with the scopes read_discounts and write_discounts. Sent in one header and never shown. */
  readonly token: string;
  readonly terminal: Pick<Terminal, 'fetch' | 'now' | 'sleep'>;
}

/**
 * Calls a shop's GraphQL Admin API. Waits where the bucket of cost points is low
 * (https://shopify.dev/docs/api/usage/limits), and tries again what failed on the way or at Shopify.
 */
export class ShopifyAdmin {
  readonly #options: ShopifyOptions;
  readonly #costs = new Map<string, number>();
  #bucket: { points: number; rate: number; at: number } | null = null;

  constructor(options: ShopifyOptions) {
    this.#options = options;
  }

  /** Runs a document. @throws CliError with what to do */
  async call<T>(document: string, variables: Readonly<Record<string, unknown>>): Promise<T> {
    for (let throttles = 0; throttles < MAX_THROTTLES; throttles += 1) {
      await this.#pace(document);
      const answer = await this.#send(document, variables);
      this.#learn(document, answer.extensions?.cost);
      const [error] = answer.errors ?? [];
      if (!error && answer.data) return answer.data as T;
      if (error?.extensions?.code !== 'THROTTLED') throw this.#refusal(error?.message, error?.extensions?.code);
      if (!answer.extensions?.cost) await this.#options.terminal.sleep(pauseMs(Math.min(throttles, 5)));
    }
    throw new CliError(`${this.#options.shop} keeps refusing calls for going too fast: run this again later`);
  }

  /** Waits until the bucket holds what this document cost last, and takes it out. */
  async #pace(document: string): Promise<void> {
    const cost = this.#costs.get(document) ?? 0;
    const bucket = this.#bucket;
    if (!bucket || cost === 0) return;
    const { terminal } = this.#options;
    const points = bucket.points + ((terminal.now() - bucket.at) / 1_000) * bucket.rate;
    this.#bucket = { ...bucket, points: points - cost, at: terminal.now() };
    if (points < cost) await terminal.sleep(Math.ceil(((cost - points) / bucket.rate) * 1_000));
  }

  #learn(document: string, cost: Cost | undefined): void {
    if (!cost) return;
    this.#costs.set(document, cost.requestedQueryCost);
    const { currentlyAvailable: points, restoreRate: rate } = cost.throttleStatus;
    this.#bucket = { points, rate, at: this.#options.terminal.now() };
  }

  async #send(document: string, variables: Readonly<Record<string, unknown>>): Promise<GraphqlAnswer> {
    let reason = '';
    let pause = 0;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      if (attempt > 0) await this.#options.terminal.sleep(pause);
      pause = pauseMs(attempt);
      try {
        const response = await this.#post(document, variables);
        if (response.status === 200) return (await response.json()) as GraphqlAnswer;
        reason = `${response.status} ${response.statusText}`.trim();
        await response.body?.cancel();
        if (response.status === 429) pause = retryAfterMs(response, pause);
        else if (response.status < 500) throw this.#refused(response.status);
      } catch (error) {
        if (error instanceof CliError) throw error;
        reason = reasonOf(error);
      }
    }
    throw new CliError(
      `${this.#options.shop} does not answer (${reason}): run this again, it goes on where it stopped`,
    );
  }

  #post(query: string, variables: Readonly<Record<string, unknown>>): Promise<Response> {
    const { shop, token, terminal } = this.#options;
    return terminal.fetch(`https://${shop}/admin/api/${SHOPIFY_API_VERSION}/graphql.json`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-shopify-access-token': token },
      body: JSON.stringify({ query, variables }),
      // A redirect would take the token's header to another host.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  }

  #refused(status: number): CliError {
    const { shop } = this.#options;
    if (status === 401)
      return new CliError(`${shop} refuses the access token: is it the Admin API token of an app installed there?`);
    if (status === 403) return this.#refusal('the token may not do this', 'ACCESS_DENIED');
    if (status === 404)
      return new CliError(`there is no shop ${shop}, or it does not know version ${SHOPIFY_API_VERSION} of the API`);
    if (status === 402 || status === 423) return new CliError(`the shop ${shop} is frozen or locked (${status})`);
    return new CliError(`${shop} answered ${status}`);
  }

  #refusal(message = 'no data came', code = ''): CliError {
    const { shop } = this.#options;
    if (code === 'ACCESS_DENIED')
      return new CliError(`${shop}: ${message}: give the app the scopes read_discounts and write_discounts`);
    return new CliError(`${shop} refuses the call: ${message}${code && ` (${code})`}`);
  }
}

const pauseMs = (attempt: number) => Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);

function retryAfterMs(response: Response, otherwise: number): number {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : otherwise;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
