import type { Payout } from '../simulator/affiliate.ts';
import type { Client } from './client.ts';

/**
 * What a network does: it takes the sub-id from the URL that the visitor came with, keeps it with its own click, and fills it into the
 * postback URL. Macros it does not know it leaves as they are.
 */
export class Network {
  readonly #client: Client;
  readonly #postbackUrl: string;
  readonly #subid: { readonly parameter: string; readonly macro: string };
  readonly #leadEvent: string;
  /** Our click id by the network's own click. */
  readonly #clicks = new Map<string, string>();

  constructor(
    client: Client,
    postbackUrl: string,
    subid: { readonly parameter: string; readonly macro: string },
    leadEvent: string,
  ) {
    this.#client = client;
    this.#postbackUrl = postbackUrl;
    this.#subid = subid;
    this.#leadEvent = leadEvent;
  }

  /** A visitor arrives at the tracking link. @throws Error where our click id is missing */
  arrived(txn: string, url: URL): void {
    const clickId = url.searchParams.get(this.#subid.parameter);
    if (!clickId) throw new Error(`${url.host} got no ${this.#subid.parameter}`);
    this.#clicks.set(txn, clickId);
  }

  /** Calls us about a payout. */
  tell({ txn, payoutMinor, event, telling }: Payout, status: string): Promise<void> {
    const values: Readonly<Record<string, string>> = {
      // A pixel of the advertiser's that knows nothing of the click.
      ...(telling !== 'broken' && { [this.#subid.macro]: this.#clicks.get(txn) ?? '' }),
      transaction_id: txn,
      payout: (payoutMinor / 100).toFixed(2),
      sale_amount: ((payoutMinor * 4) / 100).toFixed(2),
      event_id: event === 'lead' ? this.#leadEvent : '0',
    };
    const url = this.#postbackUrl.replace(
      /\{(\w+)\}/g,
      (macro, name: string) => values[name] ?? encodeURIComponent(macro),
    );
    return this.#client.tell(`${url}&status=${status}`);
  }
}
