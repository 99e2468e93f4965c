import type { ConversionStatus } from '../postback/parameters.ts';
import { NOTHING, negated } from './amounts.ts';
import { byVersion, moneyKey } from './facts.ts';
import type { DuplicatesPolicy, Fact } from './state.ts';
import { type Bucket, type Remainder, takeBack } from './take-back.ts';

/** What a set of facts amounts to, for one conversion. */
export interface Part {
  /** Empty, or which of several sales under one key (policy `add`). */
  readonly name: string;
  readonly status: ConversionStatus;
  /** Signed amounts by bucket, with the time at which each happened. */
  readonly buckets: readonly Bucket[];
}

/**
 * Parts of a set of facts; none while no report of the conversion itself has come. A pure function of the set, so any order and any
 * repetition of messages comes to the same. What is left is never below 0: more cannot be taken back than was sold.
 */
export function project(facts: readonly Fact[], policy: DuplicatesPolicy): Part[] {
  const reports = facts.filter(({ type }) => type === 'sale').toSorted(byVersion);
  const sales = salesOf(reports, policy);
  takeBack(sales, facts, 'refund');
  takeBack(sales, facts, 'chargeback');
  return sales.map(settle);
}

/** `update`: the latest amount is true; `reject`: the first; `add`: each different amount is a sale of its own. */
function salesOf(reports: readonly Fact[], policy: DuplicatesPolicy): Remainder[] {
  const [earliest] = reports;
  if (!earliest) return [];
  const priced = reports.filter(({ money }) => money !== null);
  if (policy === 'add' && priced.length > 0) {
    const distinct = new Map(priced.toReversed().map((fact) => [moneyKey(fact.money), fact]));
    return [...distinct.values()].toSorted(byVersion).map((fact) => sale(moneyKey(fact.money), fact, reports, true));
  }
  const told = (policy === 'reject' ? priced[0] : priced.at(-1)) ?? earliest;
  return [sale('', told, reports, policy === 'reject')];
}

/** `strict`: reports of another amount say nothing about this sale. */
function sale(name: string, told: Fact, reports: readonly Fact[], strict: boolean): Remainder {
  const gross = told.money ?? NOTHING;
  const own = reports.filter(({ money }) => !strict || money === null || moneyKey(money) === moneyKey(told.money));
  return { name, gross, at: told.occurred_at, reports: own, left: gross, taken: [] };
}

/** Statuses in the order of their versions. Approved where nobody says; rejected after it was approved is reversed. */
function statusOf(reports: readonly Fact[]): ConversionStatus {
  let current: ConversionStatus | null = null;
  let wasApproved = false;
  for (const { status } of reports) {
    current = status ?? current ?? 'approved';
    wasApproved ||= current === 'approved';
  }
  return current === 'rejected' && wasApproved ? 'reversed' : (current ?? 'approved');
}

/** When the status last changed, by the clock that orders the reports. */
const changedAt = (reports: readonly Fact[]) => {
  const last = reports.findLast(({ status }) => status !== null);
  return last ? (last.revised_at ?? last.received_at) : 0;
};

function settle({ name, gross, at, reports, left, taken }: Remainder): Part {
  const status = statusOf(reports);
  const isOff = status === 'rejected' || status === 'reversed';
  const rest = isOff ? negated(left) : { ...NOTHING, currency: gross.currency };
  return {
    name,
    status,
    buckets: [{ ...gross, bucket: 'sale', at }, ...taken, { ...rest, bucket: 'status', at: changedAt(reports) }],
  };
}
