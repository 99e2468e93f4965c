import { exponentOf } from '../../../lambdas/core/money.ts';
import type { Amount, CreditOf, Fact } from './world.ts';

type Wanted = (credited: CreditOf) => boolean;
const all: Wanted = () => true;

export const by =
  (match: string): Wanted =>
  ({ entry }) =>
    entry.match === match;
export const onTouch: Wanted = ({ entry, reason }) => entry.match === 'click_id' && reason === null;
export const matched: Wanted = ({ entry }) => entry.match !== 'none';
export const isGross: Wanted = ({ entry }) =>
  ['sale', 'correction'].includes(entry.entry) || (entry.entry === 'status' && entry.status === 'rejected');
export const isSale: Wanted = ({ entry }) => entry.event === 'sale';

export const human = ({ click }: Fact): number => Number(click?.actor === 'human');
export const clicked = ({ click }: Fact): number => Number(click !== null);
export const humanTracked = (fact: Fact): number => (fact.isTracked ? human(fact) : 0);
export const clickedTracked = (fact: Fact): number => (fact.isTracked ? clicked(fact) : 0);
export const sent = ({ send }: Fact): number => send?.sent ?? 0;
export const delivered = ({ send }: Fact): number => send?.delivered ?? 0;
export const credit = ({ credited }: Fact, wanted: Wanted = all): number =>
  credited?.isCounted && wanted(credited) ? credited.weight : 0;

/** False where messages were sent and none has a price. */
export const isCostKnown = (facts: readonly Fact[]): boolean =>
  facts.some(({ send }) => send?.isPriced) || facts.every((fact) => sent(fact) === 0);

/** Sums of money of some facts: minor units and, for cost, millionths, in the currency in which they are shown. */
export interface Money {
  /** Null where there is no one currency. */
  readonly currency: string | null;
  readonly exponent: number;
  readonly revenue: (fact: Fact, wanted?: Wanted) => number;
  readonly payout: (fact: Fact, wanted?: Wanted) => number;
  readonly cost: (fact: Fact) => number;
}

/** In the report's currency where rates know every day, else in the one there is; what comes to nothing in every column is none. */
export function moneyOf(facts: readonly Fact[], reported: string): Money {
  const groups = Map.groupBy(facts, ({ currency }) => currency);
  const live = [...groups].flatMap(([code, own]) => (code !== null && comesTo(own, ({ own }) => own) ? [code] : []));
  const isKnown = [...groups].every(([code, own]) => code === null || isConverted(own));
  const currency = isKnown ? reported : live.length === 1 ? (live[0] ?? null) : live.length === 0 ? reported : null;
  const value = (amount: Amount) => (isKnown ? (amount.converted ?? 0) : amount.own);
  return {
    currency,
    exponent: exponentOf(currency ?? '') ?? 2,
    revenue: ({ credited }, wanted = all) => (credited && wanted(credited) ? value(credited.revenue_amount) : 0),
    payout: ({ credited }, wanted = all) => (credited && wanted(credited) ? value(credited.payout_amount) : 0),
    cost: ({ send }) => (send ? value(send.cost) : 0),
  };
}

const isConverted = (facts: readonly Fact[]): boolean =>
  facts.every((fact) => amountsOf(fact).every(({ own, converted }) => own === 0 || converted !== null)) ||
  !(comesTo(facts, ({ own }) => own) || comesTo(facts, ({ converted }) => converted ?? 0));

const isNewMoney: Wanted = (credited) => isGross(credited) && isSale(credited) && credited.entry.status !== 'rejected';
/** What the columns of money add up. */
const COLUMNS: readonly Wanted[] = [
  ...[all, onTouch, matched, isGross, isNewMoney, (one: CreditOf) => !isGross(one)],
  ...['click_id', 'promo_code', 'identity'].map(by),
  ({ entry }) => entry.status === 'pending',
];

/** True where any column of money comes to other than 0. */
function comesTo(facts: readonly Fact[], value: (amount: Amount) => number): boolean {
  const total = (of: (fact: Fact) => Amount | undefined) =>
    facts.reduce((sum, fact) => {
      const amount = of(fact);
      return amount ? sum + value(amount) : sum;
    }, 0);
  const ofCredits = (name: 'revenue_amount' | 'payout_amount', wanted: Wanted) =>
    total(({ credited }) => (credited && wanted(credited) ? credited[name] : undefined));
  return (
    total(({ send }) => send?.cost) !== 0 ||
    COLUMNS.some((wanted) => ofCredits('revenue_amount', wanted) !== 0) ||
    [all, onTouch].some((wanted) => ofCredits('payout_amount', wanted) !== 0)
  );
}

const amountsOf = ({ send, credited }: Fact): Amount[] =>
  send ? [send.cost] : credited ? [credited.revenue_amount, credited.payout_amount] : [];
