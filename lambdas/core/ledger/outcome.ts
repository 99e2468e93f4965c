import type { ReasonCode } from '../postback/reasons.ts';
import { isZero } from './amounts.ts';
import type { Target } from './entries.ts';
import { bucketOf, isSameFact, moneyKey } from './facts.ts';
import type { ConversionState, Fact, LedgerEntry } from './state.ts';

export interface Judgement {
  readonly outcome: 'accepted' | 'duplicate' | 'adjusted' | 'rejected' | 'quarantined';
  readonly reason: ReasonCode | null;
}

interface Case {
  readonly before: ConversionState;
  readonly fact: Fact;
  readonly targets: readonly Target[];
  readonly entries: readonly LedgerEntry[];
}

/** What became of a message that says something new, in the words of a source's events. */
export function judge(given: Case): Judgement {
  if (given.entries.length === 0 && isKnownWord(given)) return judgeRepeat(given.before, given.fact);
  return given.fact.type === 'sale' ? judgeReport(given) : judgeTaking(given);
}

/** What was said before: what waits for its sale waits on. */
export function judgeRepeat({ statuses }: ConversionState, { type }: Fact): Judgement {
  const waits = type !== 'sale' && Object.keys(statuses).length === 0;
  return waits ? { outcome: 'accepted', reason: 'awaiting_sale' } : { outcome: 'duplicate', reason: 'repeat' };
}

function judgeReport({ before, fact, targets, entries }: Case): Judgement {
  const known = Object.keys(before.statuses);
  if (known.length === 0) return { outcome: 'accepted', reason: lacksAmount(before, fact) ? 'no_amount' : null };
  if (before.duplicates === 'reject' && isRefused(fact, targets))
    return { outcome: 'rejected', reason: 'second_amount_rejected' };
  if (entries.length === 0) return { outcome: 'duplicate', reason: 'superseded' };
  if (targets.some(({ conversion_id }) => !known.includes(conversion_id)))
    return { outcome: 'accepted', reason: 'another_sale' };
  const changesAmount = entries.some(({ entry }) => entry === 'correction');
  return { outcome: 'adjusted', reason: changesAmount ? 'amount_changed' : 'status_changed' };
}

/** A lead may be worth nothing, a sale is a slip of the pen more often than not. */
const lacksAmount = ({ details: { event } }: ConversionState, { money, status }: Fact) =>
  money === null && (event === 'sale' || event === 'rebill') && status !== 'rejected' && status !== 'reversed';

/** The report names an amount, and it is not the one that counts. */
function isRefused({ money }: Fact, targets: readonly Target[]): boolean {
  const counted = targets.flatMap(({ buckets }) => buckets.filter(({ bucket }) => bucket === 'sale'));
  return money !== null && !counted.some((sale) => moneyKey(sale) === moneyKey(money));
}

/** A repeat that only states its time anew. */
const isKnownWord = ({ before, fact }: Case) => before.facts.some((one) => isSameFact(one, fact));

function judgeTaking({ fact, targets, entries }: Case): Judgement {
  if (targets.length === 0) return { outcome: 'accepted', reason: 'awaiting_sale' };
  const { money } = fact;
  const currencies = targets.map(({ buckets }) => buckets[0]?.currency ?? null);
  // a sale that has named no amount yet may still name one in this currency
  if (money && !isZero(money) && !currencies.some((known) => known === null || known === money.currency))
    return { outcome: 'quarantined', reason: 'refund_currency_differs' };
  // a total that single refunds explain tells nothing new
  if (entries.length === 0 && fact.cumulative) return { outcome: 'duplicate', reason: 'repeat' };
  if (entries.length === 0) return { outcome: 'accepted', reason: 'already_reversed' };
  const taken = targets
    .flatMap(({ buckets }) => buckets.filter(({ bucket }) => bucket === bucketOf(fact)))
    .reduce((sum, { revenue }) => sum - revenue, 0);
  const exceeds = money !== null && !fact.cumulative && taken < money.revenue;
  return { outcome: 'accepted', reason: exceeds ? 'refund_exceeds_sale' : null };
}
