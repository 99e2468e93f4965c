import { mintClickId } from '../../lambdas/core/click-id.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { seededRandom } from '../support/random.ts';

/** What each postback pays, in the currency's units and in cents. */
export const PAYOUT = { text: '1.25', cents: 125 } as const;

export interface PostbackPlan {
  /** URL of the source with its token, without a query. */
  readonly base: string;
  /** The edge's keys, as their secret holds them. */
  readonly edgeKeys: string;
  readonly linkNo: number;
  /** Time of the first click, epoch ms. */
  readonly from: number;
  /** Number of the first postback: others than those of another plan. */
  readonly first: number;
  readonly count: number;
}

/** Postbacks as a network sends them: each with a click id of its own, signed as the edge signs, and a transaction of its own. */
export function postbackUrls({ base, edgeKeys, linkNo, from, first, count }: PostbackPlan): string[] {
  const key = parseKeyring(edgeKeys).minting(from);
  const random = seededRandom(first);
  return Array.from({ length: count }, (_, at) => {
    const nonce = Math.floor(random() * 2 ** 30);
    const clickId = mintClickId({ time: from + at, linkNo, subscriberNo: first + at + 1, nonce }, key);
    return `${base}?sub1=${clickId}&payout=${PAYOUT.text}&transaction_id=t-${first + at}&status=approved`;
  });
}
