import type { ConversionStatus } from '../postback/parameters.ts';
import { NOTHING, negated } from './amounts.ts';
import { moneyKey, type Saying, sayingsOf } from './facts.ts';
import type { DuplicatesPolicy, Fact } from './state.ts';
import { type Bucket, type Remainder, takeBack } from './take-back.ts';

/** What a set of facts amounts to, for one conversion. */
export interface Part {
  /** Empty, or which of several sales under one key (policy `add`). */
  readonly name: string;
  readonly status: ConversionStatus;
  /** When it happened, by its first report. */
  readonly converted_at: number;
  /** Signed amounts by bucket, with the time at which each happened. */
  readonly buckets: readonly Bucket[];
}

/**
 * Parts of a set of facts; none while no report of the conversion itself has come. A pure function of the set, so any order and any
 * repetition of messages comes to the same. What is left is never below 0: more cannot be taken back than was sold.
 */
export function project(facts: readonly Fact[], policy: DuplicatesPolicy): Part[] {
  const sales = salesOf(sayingsOf(facts.filter(({ type }) => type === 'sale')), policy);
  takeBack(sales, facts, 'refund');
  takeBack(sales, facts, 'chargeback');
  return sales.map(settle);
}

/** Reports as their statuses follow: what overtook the report of what it is about comes right after that. */
function inTurn(sayings: readonly Saying[]): readonly Saying[] {
  const first = sayings.find(({ fact }) => !fact.of_known);
  if (!first) return sayings;
  const at = sayings.indexOf(first);
  return [first, ...sayings.slice(0, at), ...sayings.slice(at + 1)];
}

/** `update`: the latest amount is true; `reject`: the first; `add`: each different amount is a sale of its own. */
function salesOf(told: readonly Saying[], policy: DuplicatesPolicy): Remainder[] {
  const [earliest] = inTurn(told);
  if (!earliest) return [];
  const proved = provedOf(told);
  const priced = proved.filter(({ fact }) => fact.money !== null);
  const reports = inTurn(proved);
  if (policy === 'add' && priced.length > 0) {
    const firsts = priced.filter(({ fact }, at) => at === priced.findIndex((one) => isPricedAlike(one.fact, fact)));
    return firsts.map(({ fact }) => sale(moneyKey(fact.money), fact, fact, reports, true));
  }
  const { fact } = (policy === 'reject' ? priced[0] : priced.at(-1)) ?? earliest;
  return [sale('', fact, earliest.fact, reports, policy === 'reject')];
}

/** What pictures said is left out once somebody who proved himself names an amount: whatever the policy, theirs is not the first. */
function provedOf(reports: readonly Saying[]): readonly Saying[] {
  const proved = reports.filter(({ fact }) => !fact.by_pixel);
  return proved.some(({ fact }) => fact.money !== null) ? proved : reports;
}

const isPricedAlike = (a: Fact, b: Fact) => moneyKey(a.money) === moneyKey(b.money);

/** `strict`: reports of another amount say nothing about this sale. */
function sale(name: string, told: Fact, first: Fact, reports: readonly Saying[], strict: boolean): Remainder {
  const gross = told.money ?? NOTHING;
  const own = reports.filter(({ fact }) => !strict || fact.money === null || isPricedAlike(fact, told));
  const times = { at: told.occurred_at, converted_at: first.occurred_at };
  return { name, gross, ...times, reports: own, left: gross, taken: [] };
}

/** Statuses in the order in which they were said. Approved where nobody says; rejected after it was approved is reversed. */
function statusOf(reports: readonly Saying[]): ConversionStatus {
  let current: ConversionStatus | null = null;
  let wasApproved = false;
  for (const { fact } of reports) {
    current = fact.status ?? current ?? 'approved';
    wasApproved ||= current === 'approved';
  }
  return current === 'rejected' && wasApproved ? 'reversed' : (current ?? 'approved');
}

/** When a status was last said, by the clock that orders the reports; the last report where none says one. */
const changedAt = (reports: readonly Saying[]) =>
  (reports.findLast(({ fact }) => fact.status !== null) ?? reports.at(-1))?.at[0] ?? 0;

function settle({ name, gross, at, converted_at, reports, left, taken }: Remainder): Part {
  const status = statusOf(reports);
  const isOff = status === 'rejected' || status === 'reversed';
  const rest = isOff ? negated(left) : { ...NOTHING, currency: gross.currency };
  return {
    name,
    status,
    converted_at,
    buckets: [{ ...gross, bucket: 'sale', at }, ...taken, { ...rest, bucket: 'status', at: changedAt(reports) }],
  };
}
