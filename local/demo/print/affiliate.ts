import type { AffiliateOutcome } from '../scenarios.ts';
import { OFFERS } from '../simulator/affiliate.ts';
import { amount, count, off, percent, table } from './table.ts';

const listed = (reasons: ReadonlyMap<string, number>) =>
  [...reasons].map(([reason, messages]) => `${messages} ${reason}`).join(', ') || 'none';

/** What the reports say about a played affiliate campaign, and how far each figure is from the truth. */
export function describeAffiliate(outcome: AffiliateOutcome): string {
  const { before, after, truth } = outcome;
  return [
    'Report performance, by offer served, on the clock of the click',
    performance(outcome),
    'Quarantine',
    `  Before the sources were mended: ${listed(before)} (the truth: ${truth.quarantined} messages).
  After mending and replaying: ${listed(after)} (the truth: ${truth.unreadable}); these name no click and stay until somebody finds it.`,
    'How far each estimate is from the simulated truth',
    deviations(outcome),
    '  What differs is what was lost on its way, or came without our click id; reconciling with the network’s report finds it.',
  ].join('\n\n');
}

const rowOf = (rows: AffiliateOutcome['performance'], offer: string) =>
  rows.find((row) => row.offer === offer && !row.reason) ?? {};

/** Clicks that an offer served in place of a paused one. */
const fallbacks = (rows: AffiliateOutcome['outcomes'], offer: string) =>
  rows
    .filter((row) => row.offer === offer && String(row.outcome).startsWith('fallback:'))
    .reduce((sum, row) => sum + Number(row.clicks_human), 0);

function performance({ performance: rows, outcomes }: AffiliateOutcome): string {
  return table(
    ['offer', 'clicks', 'as fallback', 'conversions', 'ctcr', 'reversed', 'payout', 'pending', 'epc'],
    OFFERS.map((offer) => {
      const row = rowOf(rows, offer);
      return [
        offer,
        count(row.clicks_human ?? 0),
        count(fallbacks(outcomes, offer)),
        count(row.conversions ?? 0),
        percent(row.ctcr ?? null),
        count(row.conversions_reversed ?? 0),
        amount(row.payout ?? 0),
        amount(row.revenue_pending ?? 0),
        amount(row.epc ?? null),
      ];
    }),
  );
}

function deviations({ performance: rows, outcomes, truth }: AffiliateOutcome): string {
  const line = (name: string, measured: number, real: number, show: (value: number) => string) => [
    name,
    show(measured),
    show(real),
    off(measured, real),
  ];
  return table(
    ['figure', 'measured', 'truth', 'off'],
    OFFERS.flatMap((offer) => {
      const row = rowOf(rows, offer);
      const real = truth.offers[offer];
      return [
        line(`${offer} human clicks`, Number(row.clicks_human ?? 0), real.clicks, count),
        line(`${offer} as fallback`, fallbacks(outcomes, offer), real.asFallback, count),
        line(`${offer} conversions`, Number(row.conversions ?? 0), real.earned, count),
        line(`${offer} payout`, Number(row.payout ?? 0), real.trueMinor / 100, amount),
        line(`${offer} payout told`, Number(row.payout ?? 0), real.payoutMinor / 100, amount),
      ];
    }),
  );
}
