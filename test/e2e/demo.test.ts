import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeAffiliate } from '../../local/demo/print/affiliate.ts';
import { describeWelcome } from '../../local/demo/print/welcome.ts';
import {
  type AffiliateOutcome,
  playAffiliate,
  playWelcome,
  seedKeys,
  type WelcomeOutcome,
} from '../../local/demo/scenarios.ts';
import { OFFERS } from '../../local/demo/simulator/affiliate.ts';
import { MESSAGE_IDS } from '../../local/demo/simulator/messages.ts';
import { DAY } from '../../local/demo/simulator/time.ts';
import { ordersOf } from '../../local/demo/simulator/truth.ts';
import { worldOf } from '../../local/demo/simulator/world.ts';
import { type System, startSystem } from '../../local/system.ts';
import { DATA_MODELS, RULE_MODELS } from '../../sql/catalog.ts';
import { query, temporaryFolder } from '../local/testing.ts';

vi.setConfig({ hookTimeout: 180_000, testTimeout: 60_000 });

const START = Date.UTC(2026, 9, 5);
/** Worlds in which everything happens at least once. */
const SEEDS = { welcome: 'world-78', affiliate: 'oak' } as const;
type Scenario = keyof typeof SEEDS;

/** A system of its own with the keys of the seed, so that every run draws the same arms. */
function systemOf(scenario: Scenario) {
  const dataDir = temporaryFolder();
  seedKeys(dataDir, SEEDS[scenario]);
  return startSystem({ dataDir, flushMs: 60_000 });
}

async function end(system: System): Promise<void> {
  await system.close();
  rmSync(system.dataDir, { recursive: true, force: true });
}

const options = (scenario: Scenario, people: number) => ({
  seed: SEEDS[scenario],
  ...{ people, start: START, onDay: () => undefined },
});
const cents = (amount: unknown) => Math.round(Number(amount) * 100);

describe('the welcome journey', () => {
  const PEOPLE = 300;
  let system: System;
  let outcome: WelcomeOutcome;
  const row = (id: string) => outcome.measured.performance.find(({ message, reason }) => message === id && !reason);
  const arm = (name: string) => [...outcome.played.arms].filter(([, one]) => one === name).map(([id]) => id);

  /** Orders that came true and whose news came through. */
  const real = () =>
    outcome.journeys
      .flatMap((journey) => ordersOf(journey, outcome.played.arms))
      .map(({ order }) => order)
      .filter(({ telling }) => telling !== 'lost');

  beforeAll(async () => {
    system = await systemOf('welcome');
    outcome = await playWelcome(system, options('welcome', PEOPLE));
  });
  afterAll(() => end(system));

  it('counts every message and every tap, and takes no program for a person but those that pose as one', () => {
    for (const id of MESSAGE_IDS) {
      const { sent, delivered, taps } = outcome.truth.messages[id];
      expect(row(id)).toMatchObject({
        ...{ sent, delivered, clicks_human: taps.person + taps.disguised, clicks_bot: taps.scanner },
        ...{ clicks_suspect: 0, immature: false },
      });
    }
  });

  it('enters every order that was told once, however often, with its refunds, to the cent', async () => {
    const { told, byMatch, lost } = outcome.truth;
    const { ledger } = outcome.measured;
    const kinds = new Set(real().flatMap(({ telling, via, soldBy }) => [telling, via, soldBy]));
    expect([...kinds].sort()).toEqual(
      ['desktop', 'direct', 'late', 'once', 'phone', 'repeated', 'shop', 'site', 'twice'].sort(),
    );
    // A refund that came before its sale.
    expect(real().some(({ telling, refunds }) => telling === 'late' && refunds.length > 0)).toBe(true);
    expect(lost.orders).toBeGreaterThan(0);
    expect([ledger.conversions, ledger.refund_count]).toEqual([told.orders, told.refunds]);
    expect([ledger.revenue_gross, ledger.refunded, ledger.revenue].map(cents)).toEqual([
      told.grossMinor,
      told.refundedMinor,
      told.grossMinor - told.refundedMinor,
    ]);
    expect({
      click_id: ledger.conversions_click,
      promo_code: ledger.conversions_promo,
      identity: ledger.conversions_identity,
    }).toEqual({ click_id: byMatch.click_id, promo_code: byMatch.promo_code, identity: byMatch.identity });

    const orders = await query(
      system.lakeDir,
      `select order_id, count(distinct conversion_id)::int as conversions, sum(revenue_minor)::int as net
       from (select distinct on (entry_id) * from conversions_raw order by entry_id, version desc)
       group by order_id order by order_id`,
    );
    const expected = real().map(({ id, amountMinor, refunds }) => ({
      order_id: `${id}`,
      conversions: 1,
      net: refunds.reduce((net, refund) => net - refund.amountMinor, amountMinor),
    }));
    expect(orders).toEqual(expected.toSorted((a, b) => (a.order_id < b.order_id ? -1 : 1)));
  });

  it('was told some orders more often than once', async () => {
    const [told] = await query(system.lakeDir, "select count(*)::int as n from postbacks_raw where source_id = 'shop'");
    expect(Number(told?.n)).toBeGreaterThan(outcome.truth.told.orders + outcome.truth.told.refunds);
  });

  it('sends nothing to the holdout, and draws nobody twice', async () => {
    const { arms, wronglyMinted } = outcome.played;
    expect(wronglyMinted).toBe(0);
    expect(arms.size).toBe(PEOPLE);
    expect(arm('holdout').length).toBeGreaterThan(PEOPLE * 0.08);
    const messaged = await query(system.lakeDir, 'select distinct subscriber_id from sends');
    expect(messaged.map(({ subscriber_id }) => subscriber_id).sort()).toEqual(arm('treatment').sort());
  });

  it('compares the arms by whom identity names, each buyer once', () => {
    const isSeen = (id: string) => arm('treatment').includes(id);
    const buyers = outcome.journeys.filter(
      (journey) =>
        isSeen(journey.person.id) &&
        ordersOf(journey, outcome.played.arms).some(
          ({ order, person }) =>
            order.telling !== 'lost' &&
            order.email.toLowerCase() === person.email &&
            order.at - (journey.messages[0]?.at ?? 0) <= 7 * DAY,
        ),
    );
    const { lift } = outcome.measured;
    expect(lift).toMatchObject({ assigned: arm('treatment').length, converters: buyers.length, interim: false });
    expect(lift.srm_p).toBeGreaterThan(0.001);
  });

  it('finds the shapes of the journey', () => {
    const [first, second, third] = MESSAGE_IDS.map(row);
    expect(first.ctr).toBeGreaterThan(second.ctr);
    expect(second.ctr).toBeGreaterThan(third.ctr);
    for (const figure of ['ctcr', 'rpc', 'aov', 'rpm']) expect(second[figure]).toBeGreaterThan(first[figure]);
    expect(first.conversions_promo).toBeGreaterThan(second.conversions_promo);
    for (const id of MESSAGE_IDS) expect(row(id).conversions_click).toBe(outcome.truth.messages[id].clickOrders);
  });

  it('tells a story of its own under each model, all of the same number of orders', () => {
    const { models } = outcome.measured;
    const sum = (model: string) =>
      models.filter((one) => one.model === model).reduce((total, { conversions }) => total + Number(conversions), 0);
    for (const model of [...RULE_MODELS, ...DATA_MODELS])
      expect(sum(model), model).toBeCloseTo(outcome.truth.told.orders, 6);
    const of = (model: string, id: string) =>
      models.find((one) => one.model === model && one.message === id && !one.reason).conversions;
    expect(of('first', 'welcome-1')).toBeGreaterThan(of('last', 'welcome-1'));
    expect(of('first', 'welcome-3')).toBeLessThan(of('last', 'welcome-3'));
    // The reminder wins back people who had looked before.
    const reminded = outcome.measured.paths.find(({ message }) => message === 'welcome-3');
    expect(reminded.prior_clickers).toBeGreaterThan(reminded.clickers / 2);
  });

  it('says all of it, and how far it is from the truth', () => {
    const text = describeWelcome(outcome);
    for (const id of MESSAGE_IDS) {
      expect(text).toMatch(new RegExp(`^  ${id} +\\d+ +\\d+ +\\d+ +[\\d.]+ %`, 'm'));
      expect(text).toMatch(new RegExp(`^  ${id} human clicks .*(exact|%)$`, 'm'));
      expect(text).toMatch(new RegExp(`^  ${id} orders after a tap .* exact$`, 'm'));
    }
    expect(text).toMatch(/^ {2}message +last +first +linear +position +time_decay +markov +shapley +caused$/m);
    expect(text).toMatch(/^ {2}of those told .* exact$/m);
    expect(text).toMatch(/^ {2}of that told .* exact$/m);
    expect(text).toMatch(/^ {2}lift, buyers .*%$/m);
    expect(text).toMatch(/differs from what came through by nothing\.$/);
    const { measured } = outcome;
    const short = { ...measured, ledger: { ...measured.ledger, revenue: Number(measured.ledger.revenue) - 1 } };
    expect(describeWelcome({ ...outcome, measured: short })).toMatch(/by −1\.00 USD\.$/);
  });
});

describe('an affiliate campaign', () => {
  let system: System;
  let outcome: AffiliateOutcome;
  const row = (id: string) => outcome.performance.find(({ offer, reason }) => offer === id && !reason);

  beforeAll(async () => {
    system = await systemOf('affiliate');
    outcome = await playAffiliate(system, options('affiliate', 150));
  });
  afterAll(() => end(system));

  it('counts clicks by the offer that served them, also where another was paused', () => {
    for (const offer of OFFERS) expect(row(offer).clicks_human).toBe(outcome.truth.offers[offer].clicks);
    const fallbacks = outcome.outcomes.filter(({ outcome: of }) => of.startsWith('fallback:'));
    const { asFallback } = outcome.truth.offers.bags;
    expect(asFallback).toBeGreaterThan(0);
    expect(fallbacks).toMatchObject([{ offer: 'bags', outcome: 'fallback:paused', clicks_human: asFallback }]);
  });

  it('counts every payout that can be understood once, and takes reversed ones back', () => {
    for (const offer of OFFERS) {
      const { told, earned, reversed, payoutMinor } = outcome.truth.offers[offer];
      expect(row(offer)).toMatchObject({ conversions: told, conversions_click: told, conversions_reversed: reversed });
      expect(cents(row(offer).payout)).toBe(payoutMinor);
      expect(reversed).toBeGreaterThan(0);
      expect(earned).toBeGreaterThanOrEqual(told);
    }
  });

  it('keeps what it cannot understand, and counts it once the sources are mended', () => {
    const waiting = [...outcome.before.values()].reduce((sum, messages) => sum + messages, 0);
    const { quarantined, unreadable } = outcome.truth;
    expect([...outcome.before.keys()].sort()).toEqual(['macro_unexpanded', 'unknown_event']);
    expect(waiting).toBe(quarantined);
    expect(unreadable).toBeGreaterThan(0);
    expect(Object.fromEntries(outcome.after)).toEqual({ macro_unexpanded: unreadable });
  });

  it('says all of it', () => {
    const text = describeAffiliate(outcome);
    for (const offer of OFFERS) expect(text).toMatch(new RegExp(`^  ${offer} payout told .* exact$`, 'm'));
  });
});

describe('npm run demo', () => {
  it('plays the same for the same seed, and otherwise for another', () => {
    const world = (seed: string) => JSON.stringify(worldOf(seed, 50, START));
    expect(world('a')).toBe(world('a'));
    expect(world('a')).not.toBe(world('b'));
  });

  it('says what it takes where it is asked for something else', () => {
    const main = fileURLToPath(new URL('../../local/demo/main.ts', import.meta.url));
    const run = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
    expect(run('--people', '3')).toMatchObject({ status: 1, stderr: expect.stringContaining('from 10 to 20000') });
    expect(run('holiday')).toMatchObject({ status: 1, stderr: expect.stringContaining('npm run demo') });
  });
});
