import { exponentOf, formatAmount } from '../../../lambdas/core/money.ts';
import { formatMicros } from '../../../lambdas/core/sends/micros.ts';
import type { ReportRequest } from '../../../sql/catalog.ts';
import { delayOf } from './credit-facts.ts';
import { factsOf } from './facts.ts';
import {
  by,
  clicked,
  credit,
  delivered,
  human,
  isCostKnown,
  isGross,
  type Money,
  matched,
  moneyOf,
  sent,
} from './measures.ts';
import { ratiosOf, type Sides, share } from './ratios.ts';
import { type Fact, type World, wantedOf } from './world.ts';

type Row = Record<string, unknown>;

/** Ids by their short names. */
export const LONG: Readonly<Record<string, string>> = {
  campaign: 'campaign_id',
  message: 'message_id',
  offer: 'offer_id',
  link: 'link_no',
  subscriber: 'subscriber_id',
};
const CONVERSIONS_ONLY = ['source', 'event', 'status', 'match', 'product'];
const NOT_OF: Readonly<Record<keyof Sides, readonly string[]>> = {
  send: [...CONVERSIONS_ONLY, 'offer_id', 'partner', 'link_no', 'country', 'actor'],
  click: [...CONVERSIONS_ONLY, 'carrier'],
  credited: ['carrier'],
};

/** Report `performance` by hand, from facts; the total is last. */
export function recountPerformance(world: World, request: ReportRequest): Row[] {
  const dimensions = [...new Set([...request.by, 'reason'].map((name) => LONG[name] ?? name))];
  const filters = Object.entries(request.filters).map(([name, values]) => [LONG[name] ?? name, values] as const);
  const used = [...dimensions, ...filters.map(([name]) => name)];
  const has = (side: keyof Sides) => !used.some((name) => NOT_OF[side].includes(name));
  const sides = { send: has('send'), click: has('click'), credited: has('credited') };
  const facts = factsOf(world, request)
    .filter(({ ts }) => ts >= request.from && ts < request.to)
    .filter(
      ({ send, click, credited }) => (send && sides.send) || (click && sides.click) || (credited && sides.credited),
    )
    .map((fact) => ({ ...fact, dimensions: { ...fact.dimensions, day: dayOf(fact.ts, request.tz) } as Row }))
    .filter((fact) => filters.every(([name, values]) => values.includes(String(fact.dimensions[name] ?? ''))));
  const placeOf = (fact: Fact | undefined) => dimensions.map((name) => [name, fact?.dimensions[name] ?? null]);
  const groups = Map.groupBy(facts, (fact) => JSON.stringify(placeOf(fact)));
  const rowOf = (group: readonly Fact[], of: Fact | undefined) => ({
    ...Object.fromEntries(placeOf(of)),
    ...figures(group, request, sides, dimensions.includes('link_no')),
    is_total: of === undefined,
  });
  return [...[...groups.values()].map((group) => rowOf(group, group[0])), rowOf(facts, undefined)];
}

const dayOf = (ts: number, tz: string) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: tz, year: 'numeric', month: '2-digit', day: '2-digit' }).format(ts);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function figures(facts: readonly Fact[], request: ReportRequest, sides: Sides, byLink: boolean): Row {
  const basis = request.basis ?? 'click';
  const money = moneyOf(facts, wantedOf(request));
  const counts = countsOf(facts, sides, byLink);
  const tracked = sides.send ? sum(facts.map(({ send }) => send?.tracked ?? 0)) : null;
  const asNumber = (value: unknown) => (typeof value === 'number' ? value : null);
  const uniques = uniqueClicks(facts.filter(({ isTracked }) => isTracked));
  const told = asNumber(counts.delivered);
  return {
    model: request.terms?.choice.model,
    ...counts,
    ...moneyColumns(facts, money, sides, basis),
    ...share('unique_ctr', basis === 'send' && sides.click ? uniques : null, told),
    ...share('delivery_rate', told, tracked),
    ...share('opt_out_rate', sides.send ? sum(facts.map(({ send }) => send?.opt_outs_tracked ?? 0)) : null, told),
    ...share('bot_share', asNumber(counts.clicks_bot), asNumber(counts.clicks_total)),
    ...ratiosOf(facts, money, basis, sides),
    ...delays(facts),
    immature: facts.some(({ isOpen }) => isOpen),
  };
}

const knownClicks = (facts: readonly Fact[]) =>
  facts.flatMap(({ click }) => (click?.actor === 'human' && click.subscriber_no !== null ? click : []));

const uniqueClicks = (facts: readonly Fact[]): number =>
  new Set(knownClicks(facts).map(({ subscriber_no, campaign_id }) => `${subscriber_no} ${campaign_id ?? ''}`)).size;

function countsOf(facts: readonly Fact[], sides: Sides, byLink: boolean): Row {
  const count = (side: keyof Sides, of: (fact: Fact) => number) =>
    sides[side] ? sum(facts.map((fact) => of(fact))) : null;
  const known = knownClicks(facts);
  const links = known.flatMap(({ subscriber_no, link_no }) => (link_no === null ? [] : `${subscriber_no} ${link_no}`));
  const actor = (name: string) => count('click', ({ click }) => Number(click?.actor === name));
  const match = (name: string) => count('credited', (fact) => credit(fact, by(name)));
  return {
    sent: count('send', sent),
    delivered: facts.some(({ send }) => send && send.delivered !== null) ? count('send', delivered) : null,
    opt_outs: count('send', ({ send }) => send?.opt_outs ?? 0),
    clicks_total: count('click', clicked),
    clicks_human: count('click', human),
    clicks_suspect: actor('suspect'),
    clicks_bot: actor('bot'),
    clicks_unique: sides.click ? uniqueClicks(facts) : null,
    clicks_anonymous: count('click', (fact) => (fact.click?.subscriber_no === null ? human(fact) : 0)),
    first_clicks: sides.click && byLink ? new Set(links).size : null,
    conversions: count('credited', credit),
    conversions_click: match('click_id'),
    conversions_promo: match('promo_code'),
    conversions_identity: match('identity'),
    conversions_reversed: count('credited', (fact) => credit(fact, ({ isReversed }) => isReversed)),
  };
}

function moneyColumns(facts: readonly Fact[], money: Money, sides: Sides, basis: string): Row {
  const { currency, exponent, revenue, payout, cost } = money;
  const text = (of: (fact: Fact) => number) =>
    sides.credited && currency !== null ? formatAmount(sum(facts.map((fact) => of(fact))), currency) : null;
  const isRefund = ['refund', 'chargeback'];
  const refunds = sides.credited
    ? sum(facts.map(({ credited }) => (credited && isRefund.includes(credited.entry.entry) ? credited.weight : 0)))
    : null;
  const costs = sum(facts.map(cost));
  const earned = sum(facts.map((fact) => revenue(fact, matched))) * 10 ** (6 - exponent);
  const hasCost = sides.send && currency !== null && isCostKnown(facts);
  const currencies = [...new Set(facts.flatMap((fact) => fact.currency ?? []))].sort();
  return {
    currency,
    revenue: text(revenue),
    revenue_gross: text((fact) => revenue(fact, isGross)),
    refunded: text((fact) => 0 - revenue(fact, (of) => !isGross(of))),
    refunds,
    refund_count: refunds,
    revenue_pending: text((fact) => revenue(fact, ({ entry }) => entry.status === 'pending')),
    revenue_click: text((fact) => revenue(fact, by('click_id'))),
    revenue_promo: text((fact) => revenue(fact, by('promo_code'))),
    revenue_identity: text((fact) => revenue(fact, by('identity'))),
    payout: text(payout),
    cost: hasCost ? formatMicros(costs, exponent) : null,
    profit: hasCost && sides.credited && basis === 'send' ? formatMicros(earned - costs, exponent) : null,
    money: currencies.map((code) => inCurrency(code, facts)),
  };
}

function inCurrency(currency: string, all: readonly Fact[]): Row {
  const facts = all.filter((fact) => fact.currency === currency);
  return {
    currency,
    revenue: formatAmount(sum(facts.map(({ credited }) => credited?.revenue ?? 0)), currency),
    payout: formatAmount(sum(facts.map(({ credited }) => credited?.payout ?? 0)), currency),
    cost: isCostKnown(all)
      ? formatMicros(sum(facts.map(({ send }) => send?.cost.own ?? 0)), exponentOf(currency) ?? 2)
      : null,
  };
}

function delays(facts: readonly Fact[]): Row {
  const sorted = facts.flatMap((fact) => delayOf(fact) ?? []).sort((a, b) => a - b);
  const at = (share: number) => {
    const delay = sorted[Math.ceil(share * sorted.length) - 1];
    return delay === undefined ? null : delay / 1_000;
  };
  return { p50_delay_s: at(0.5), p90_delay_s: at(0.9) };
}
