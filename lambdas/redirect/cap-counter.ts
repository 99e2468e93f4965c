import type { DocumentCache } from '../adapters/edge/document-cache.ts';
import type { LinksStore } from '../adapters/edge/links-store.ts';
import type { TapRecord } from '../contract/clicks.ts';
import { linksKey } from '../contract/keys.ts';
import type { Decision } from '../core/redirect/decision.ts';
import type { PreparedLink } from '../core/redirect/prepared.ts';
import { verdictOf } from '../core/verdict.ts';
import { isCapped } from './gather.ts';

/**
 * Counts taps against click caps, best effort: only of links and offers that have a cap, beside the delivery of the click,
 * bots left out. A count that fails or comes late lets a few taps more through; it never holds up a redirect.
 */
export class CapCounter {
  readonly #store: Pick<LinksStore, 'countTap'>;
  readonly #cache: DocumentCache;
  readonly #timeoutMs: number;

  constructor(store: Pick<LinksStore, 'countTap'>, cache: DocumentCache, timeoutMs: number) {
    this.#store = store;
    this.#cache = cache;
    this.#timeoutMs = timeoutMs;
  }

  /** Counts a tap that was served; never rejects. */
  async count(link: PreparedLink | null, decision: Decision, tap: TapRecord): Promise<void> {
    const keys = cappedKeys(link, decision);
    if (keys.length === 0 || verdictOf(tap).actor === 'bot') return;
    await Promise.all(keys.map((key) => this.#countOne(key)));
  }

  async #countOne(key: string): Promise<void> {
    try {
      this.#cache.put(key, await this.#store.countTap(key, this.#timeoutMs));
    } catch {
      // Best effort: the tap is in the lake, and the next one counts again.
    }
  }
}

function cappedKeys(link: PreparedLink | null, { served, offer }: Decision): string[] {
  if (!link || !served) return [];
  const ofLink = isCapped(link.lifecycle.clickCap) ? [linksKey.linkTaps(link.link.link_no)] : [];
  const ofOffer = offer && isCapped(offer.lifecycle.clickCap) ? [linksKey.offerTaps(offer.offer.id)] : [];
  return [...ofLink, ...ofOffer];
}
