import { wilson } from '../../../lambdas/core/statistics/proportions.ts';
import { clusterSums, ratioOfSums } from '../../../lambdas/core/statistics/ratio.ts';
import {
  clicked,
  clickedTracked,
  credit,
  delivered,
  human,
  humanTracked,
  isCostKnown,
  isGross,
  isSale,
  type Money,
  matched,
  onTouch,
  sent,
} from './measures.ts';
import type { Fact } from './world.ts';

type Row = Record<string, unknown>;
type Measure = (fact: Fact) => number;
export type Sides = Readonly<Record<'send' | 'click' | 'credited', boolean>>;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** A ratio: both sides, the sides of the report it needs, the bases it has, what counts its conversions. */
type Definition = readonly [
  r: Measure,
  c: Measure,
  needs: readonly (keyof Sides)[],
  bases: readonly string[],
  conversions?: Measure,
];

/** Every ratio as api.md defines it. */
function definitions({ revenue, payout, cost, exponent }: Money): Record<string, Definition> {
  const whole = (minor: number) => minor / 10 ** exponent;
  const earned: Measure = (fact) => whole(revenue(fact, matched));
  const clickRevenue: Measure = (fact) => whole(revenue(fact, onTouch));
  const clickPayout: Measure = (fact) => whole(payout(fact, onTouch));
  const clickCredit: Measure = (fact) => credit(fact, onTouch);
  const matchedCredit: Measure = (fact) => credit(fact, matched);
  const sales: Measure = (fact) => credit(fact, isSale);
  const spent: Measure = (fact) => cost(fact) / 1e6;
  const sold: Measure = (fact) =>
    whole(revenue(fact, (of) => isSale(of) && isGross(of) && of.entry.status !== 'rejected'));
  const onClick = ['send', 'click'];
  const always = ['send', 'click', 'conversion'];
  return {
    ctr: [humanTracked, delivered, ['send', 'click'], ['send']],
    ctr_gross: [clickedTracked, delivered, ['send', 'click'], ['send']],
    clicks_per_sent: [human, sent, ['send', 'click'], ['send']],
    ctcr: [clickCredit, human, ['click', 'credited'], onClick, clickCredit],
    ctcr_gross: [clickCredit, clicked, ['click', 'credited'], onClick, clickCredit],
    rpm: [earned, sent, ['send', 'credited'], ['send'], matchedCredit],
    rpc: [clickRevenue, human, ['click', 'credited'], onClick, clickCredit],
    rpc_gross: [clickRevenue, clicked, ['click', 'credited'], onClick, clickCredit],
    epc: [clickPayout, human, ['click', 'credited'], onClick, clickCredit],
    epc_gross: [clickPayout, clicked, ['click', 'credited'], onClick, clickCredit],
    cpa: [spent, matchedCredit, ['send', 'credited'], ['send'], matchedCredit],
    roas: [earned, spent, ['send', 'credited'], ['send'], matchedCredit],
    aov: [sold, sales, ['credited'], always, sales],
    reversal_rate: [(fact) => credit(fact, ({ isReversed }) => isReversed), credit, ['credited'], always, credit],
  };
}

const OF_COST = ['cpa', 'roas'];
const OF_MONEY = ['rpm', 'rpc', 'rpc_gross', 'epc', 'epc_gross', 'cpa', 'roas', 'aov'];

/** All ratios of some facts, clustered by person. */
export function ratiosOf(facts: readonly Fact[], money: Money, basis: string, sides: Sides): Row {
  const clusters = [...Map.groupBy(facts, ({ cluster }) => cluster ?? '').values()];
  const hasPuts = facts.some(({ send, cluster }) => send !== null && cluster === null);
  let small_sample = false;
  const columns = Object.entries(definitions(money)).map(([name, [r, c, needs, bases, conversions]]) => {
    const isKnown =
      (money.currency !== null || !OF_MONEY.includes(name)) && (!OF_COST.includes(name) || isCostKnown(facts));
    const isFine = isKnown && bases.includes(basis) && needs.every((side) => sides[side]);
    const pairs = clusters
      .map((group) => [sum(group.map((fact) => r(fact))), sum(group.map((fact) => c(fact)))] as const)
      .filter(([a, b]) => a !== 0 || b !== 0);
    const count = conversions && { conversions: sum(facts.map((fact) => conversions(fact))) };
    const estimate = isFine ? ratioOfSums({ sums: clusterSums(pairs), ...count }) : null;
    small_sample ||= estimate?.smallSample ?? false;
    const isBlurred = hasPuts && needs.includes('send');
    const end = (value: number | null | undefined) => (isBlurred ? null : (value ?? null));
    return {
      [name]: estimate?.value ?? null,
      [`${name}_low`]: end(estimate?.low),
      [`${name}_high`]: end(estimate?.high),
    };
  });
  return { ...Object.assign({}, ...columns), small_sample };
}

/** A proportion with Wilson's interval. */
export function share(name: string, count: number | null, of: number | null): Row {
  const isKnown = count !== null && of !== null && of > 0;
  const estimate = isKnown ? wilson({ count, of }) : null;
  return {
    [name]: isKnown ? count / of : null,
    [`${name}_low`]: estimate?.low ?? null,
    [`${name}_high`]: estimate?.high ?? null,
  };
}
