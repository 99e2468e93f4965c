import { SCANNERS } from './agents.ts';
import type { Tap } from './journey.ts';
import type { Person } from './people.ts';
import { Random } from './random.ts';
import { DAY, HOUR, MINUTE } from './time.ts';

export const OFFERS = ['shoes', 'bags'] as const;
export type OfferId = (typeof OFFERS)[number];

/** Midnight of day 0 plus these: when the deals go out, the advertiser pauses its shoes, and the TUNE source is mended. */
export const DEAL_AT = { 'deal-1': 10 * HOUR, 'deal-2': 2 * DAY + 10 * HOUR } as const;
export type DealId = keyof typeof DEAL_AT;
export const PAUSED_AT = DAY + 8 * HOUR;
export const MENDED_AT = 2 * DAY + 8 * HOUR;
export const AFFILIATE_DAYS = 6;
/** Instances at the edge obey within half a minute. */
const OBEYED_WITHIN = MINUTE;

/** What one network pays for one sale or lead, and how the news of it travels. */
export interface Payout {
  /** The network's own click: its transaction id. */
  readonly txn: string;
  readonly at: number;
  readonly payoutMinor: number;
  /** A lead that Everflow reports by a number we first do not know; nothing pays twice for one click. */
  readonly event: 'sale' | 'lead';
  /** What the advertiser says days later; null: nothing yet. */
  readonly verdict: { readonly status: 'approved' | 'reversed'; readonly at: number } | null;
  /** `broken`: the network did not fill in our click id, so nobody can ever tell whose it is. */
  readonly telling: 'once' | 'repeated' | 'lost' | 'broken';
}

/** A tap on a deal, the offer that serves it at that time, and what it earns. */
export interface Visit extends Tap {
  readonly person: Person;
  readonly deal: DealId;
  readonly offer: OfferId;
  readonly payout: Payout | null;
}

/** Offer of the link of each deal. */
export const OFFER_OF: Readonly<Record<DealId, OfferId>> = { 'deal-1': 'shoes', 'deal-2': 'bags' };
const EARNS: Readonly<Record<OfferId, { readonly chance: number; readonly payoutMinor: number }>> = {
  shoes: { chance: 0.4, payoutMinor: 1_250 },
  bags: { chance: 0.35, payoutMinor: 800 },
};

/** Everything people do with the two deals. `start` is the midnight with which day 0 begins, epoch milliseconds. */
export function visitsOf(seed: string, people: readonly Person[], start: number): readonly Visit[] {
  return people.flatMap((person) =>
    (Object.keys(DEAL_AT) as DealId[]).flatMap((deal) => {
      const random = new Random(`${seed}/${deal}/${person.index}`);
      const sent = start + DEAL_AT[deal];
      const scanner: Tap = { at: sent + 4 * MINUTE, by: 'scanner', ...random.pick(SCANNERS) };
      const scans = random.chance(0.08) ? [visit(person, deal, scanner, start)] : [];
      // Many read on the next day, when shoes are paused and bags are served in their place.
      const delay = random.chance(0.4) ? random.between(23 * HOUR, 34 * HOUR) : random.between(5 * MINUTE, 8 * HOUR);
      const tap: Tap = { at: sent + delay, by: 'person', method: 'GET', agent: person.agent };
      const made = visit(person, deal, tap, start);
      const payout = payoutOf(random, made, person.index);
      return random.chance(0.5) ? [...scans, { ...made, payout }] : scans;
    }),
  );
}

function visit(person: Person, deal: DealId, tap: Tap, start: number): Visit {
  const pause = start + PAUSED_AT;
  // While the pause spreads over the edge either offer may be served: nobody taps then.
  const at = tap.at >= pause && tap.at < pause + OBEYED_WITHIN ? pause + OBEYED_WITHIN : tap.at;
  return { ...tap, at, person, deal, offer: at >= pause ? 'bags' : OFFER_OF[deal], payout: null };
}

function payoutOf(random: Random, { at, deal, offer }: Visit, index: number): Payout | null {
  const { chance, payoutMinor } = EARNS[offer];
  const earns = random.chance(chance);
  const isLead = random.chance(0.2) && offer === 'shoes';
  const sold = at + random.between(2 * MINUTE, 50 * MINUTE);
  const judged = sold + random.between(26 * HOUR, 50 * HOUR);
  const fate = random.next();
  const luck = random.next();
  const payout: Payout = {
    txn: `${offer}-${deal}-${String(index).padStart(6, '0')}`,
    at: sold,
    payoutMinor: isLead ? 200 : payoutMinor,
    event: isLead ? 'lead' : 'sale',
    verdict: fate < 0.15 ? null : { status: fate < 0.35 ? 'reversed' : 'approved', at: judged },
    telling: luck < 0.04 ? 'lost' : luck < 0.08 ? 'broken' : luck < 0.2 ? 'repeated' : 'once',
  };
  return earns ? payout : null;
}
