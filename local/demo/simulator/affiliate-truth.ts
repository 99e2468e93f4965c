import { MENDED_AT, OFFERS, type OfferId, type Payout, type Visit } from './affiliate.ts';

export interface OfferTruth {
  /** Taps of people that the offer served. */
  readonly clicks: number;
  /** Of these, on links that mean another offer. */
  readonly asFallback: number;
  /** Sales and leads, in all, and of these the ones that the network told in a way that can be understood. */
  readonly earned: number;
  readonly told: number;
  readonly reversed: number;
  /** Of what was told, net of what was reversed, in cents; and of everything. */
  readonly payoutMinor: number;
  readonly trueMinor: number;
}

export interface AffiliateTruth {
  readonly offers: Readonly<Record<OfferId, OfferTruth>>;
  /** Messages that could not be understood until the sources were mended, and those that never can be. */
  readonly quarantined: number;
  readonly unreadable: number;
}

/** Times at which the networks call about a payout, each with the status they give. */
export function callsOf({ at, verdict, telling }: Payout): readonly { readonly at: number; readonly status: string }[] {
  if (telling === 'lost') return [];
  const first = { at, status: 'pending' };
  const again = telling === 'repeated' ? [{ ...first, at: at + 60_000 }] : [];
  return [first, ...again, ...(verdict ? [verdict] : [])];
}

/** The truth of an affiliate campaign. Until the sources are mended, nothing of TUNE and no lead of Everflow can be understood. */
export function affiliateTruthOf(visits: readonly Visit[], start: number): AffiliateTruth {
  const calls = visits.flatMap(({ payout, offer }) =>
    payout ? callsOf(payout).map((call) => ({ ...call, payout, offer })) : [],
  );
  const isBroken = (payout: Payout) => payout.telling === 'broken';
  const isUnclear = ({ payout, offer }: (typeof calls)[number]) =>
    isBroken(payout) || offer === 'bags' || payout.event === 'lead';
  return {
    offers: Object.fromEntries(OFFERS.map((offer) => [offer, offerTruth(offer, visits)])) as AffiliateTruth['offers'],
    quarantined: calls.filter((call) => call.at < start + MENDED_AT && isUnclear(call)).length,
    unreadable: calls.filter(({ payout }) => isBroken(payout)).length,
  };
}

function offerTruth(offer: OfferId, visits: readonly Visit[]): OfferTruth {
  const clicks = visits.filter((visit) => visit.offer === offer && visit.by === 'person');
  const payouts = clicks.flatMap(({ payout }) => payout ?? []);
  const told = payouts.filter(({ telling }) => telling !== 'lost' && telling !== 'broken');
  const isReversed = ({ verdict }: Payout) => verdict?.status === 'reversed';
  const net = (list: readonly Payout[]) =>
    list.reduce((sum, payout) => sum + (isReversed(payout) ? 0 : payout.payoutMinor), 0);
  return {
    clicks: clicks.length,
    asFallback: clicks.filter(({ deal }) => offer === 'bags' && deal === 'deal-1').length,
    earned: payouts.length,
    told: told.length,
    reversed: told.filter(isReversed).length,
    payoutMinor: net(told),
    trueMinor: net(payouts),
  };
}
