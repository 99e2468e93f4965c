import { DATA_MODELS, RULE_MODELS } from '../../../sql/catalog.ts';
import type { Answer } from '../play/client.ts';
import type { WelcomeOutcome } from '../scenarios.ts';
import { MESSAGE_IDS } from '../simulator/messages.ts';
import { amount, cents, count, off, percent, table } from './table.ts';

/** Everything that the reports say about a played journey, and how far each figure is from the truth. */
export function describeWelcome(outcome: WelcomeOutcome): string {
  return [
    'What was played',
    played(outcome),
    'Report performance, by message, on the clock of sending (model last, window 7 d)',
    performance(outcome),
    'Orders credited to each message under each model, and how many it really caused',
    models(outcome),
    'Report paths: who had clicked on another message before',
    paths(outcome),
    'Report lift: the holdout tells what the messages really did',
    lift(outcome),
    'How far each estimate is from the simulated truth',
    deviations(outcome),
    `${REMARKS} ${remarkOnMoney(outcome.measured.ledger, outcome.truth.told)}`,
  ].join('\n\n');
}

const REMARKS = `  Clicks exceed the truth by scanners that pose as phones: no single request gives them away.
  Conversions by message contain orders that people would have made anyway, and lack those whose news was lost;
  that is why the experiment is there.`;

/** How far the money of the ledger is from what was told: net of refunds, minor units of USD. */
export function remarkOnMoney(
  { revenue }: Answer,
  { grossMinor, refundedMinor }: Pick<WelcomeOutcome['truth']['told'], 'grossMinor' | 'refundedMinor'>,
): string {
  const byMinor = Math.round(number(revenue) * 100) - (grossMinor - refundedMinor);
  const by = byMinor === 0 ? 'nothing' : `${byMinor > 0 ? '+' : '−'}${cents(Math.abs(byMinor))} USD`;
  return `Money in all differs from what came through by ${by}.`;
}

const MODELS = [...RULE_MODELS, ...DATA_MODELS];
const rowOf = (rows: readonly Answer[], message: string) => rows.find((row) => row.message === message && !row.reason);
const number = (value: unknown) => Number(value ?? 0);

function played({ journeys, played: { arms }, truth: { told, lost } }: WelcomeOutcome): string {
  const holdout = [...arms.values()].filter((arm) => arm === 'holdout').length;
  return `  ${journeys.length} people joined day by day; ${holdout} of them are in the holdout and got no message.
  ${told.orders} orders of ${cents(told.grossMinor)} USD came through, with ${told.refunds} refunds of ${cents(told.refundedMinor)} USD; the news of ${lost.orders} more orders was lost.`;
}

function performance({ measured: { performance: rows } }: WelcomeOutcome): string {
  const header = [
    'message',
    'sent',
    'delivered',
    'clicks',
    'ctr',
    'conversions',
    'by code',
    'ctcr',
    'rpc',
    'rpm',
    'aov',
    'revenue',
  ];
  return table(
    header,
    MESSAGE_IDS.map((id) => {
      const row = rowOf(rows, id) ?? {};
      const figures = [row.sent, row.delivered, row.clicks_human].map((value) => count(number(value)));
      const rates = [
        percent(row.ctcr ?? null),
        amount(row.rpc ?? null),
        amount(row.rpm ?? null),
        amount(row.aov ?? null),
      ];
      return [
        id,
        ...figures,
        percent(row.ctr ?? null),
        count(number(row.conversions)),
        count(number(row.conversions_promo)),
        ...rates,
        amount(row.revenue ?? 0),
      ];
    }),
  );
}

function models({ measured, truth }: WelcomeOutcome): string {
  const credits = (model: string, id: string) =>
    rowOf(
      measured.models.filter((row) => row.model === model),
      id,
    )?.conversions;
  return table(
    ['message', ...MODELS, 'caused'],
    MESSAGE_IDS.map((id) => [
      id,
      ...MODELS.map((model) => number(credits(model, id)).toFixed(1)),
      count(truth.messages[id].orders),
    ]),
  );
}

function paths({ measured: { paths: rows } }: WelcomeOutcome): string {
  return table(
    ['message', 'clickers', 'clicked before', 'conversions', 'assists', 'clicks before converting'],
    MESSAGE_IDS.map((id) => {
      const row = rowOf(rows, id) ?? {};
      const counts = [row.clickers, row.prior_clickers, row.conversions, row.assists];
      return [id, ...counts.map((value) => count(number(value))), count(row.clicks_before_converting ?? null)];
    }),
  );
}

function lift({ measured: { lift: row }, truth }: WelcomeOutcome): string {
  if (!row) return '  nobody was drawn';
  const holdout = row.rate - row.diff;
  const interval = (low: number, high: number) => `${percent(low)} to ${percent(high)}`;
  return `  Of those messaged ${percent(row.rate)} bought, of the holdout ${percent(holdout)}: ${percent(row.diff)} more (95 %: ${interval(row.low, row.high)}, p ${Number(row.p_value).toPrecision(2)}).
  The truth, had everybody been messaged or nobody: ${percent(truth.lift.ifMessaged)} and ${percent(truth.lift.ifNot)}, so ${percent(truth.lift.diff)} more.
  Per subscriber ${amount(row.revenue_diff)} USD more revenue (${amount(row.revenue_low)} to ${amount(row.revenue_high)}); the truth is ${cents(truth.lift.revenueDiffMinor)}.`;
}

function deviations({ measured, truth }: WelcomeOutcome): string {
  const line = (name: string, estimate: number, true_: number, show: (value: number) => string) => [
    name,
    show(estimate),
    show(true_),
    off(estimate, true_),
  ];
  const messages = MESSAGE_IDS.flatMap((id) => {
    const row = rowOf(measured.performance, id) ?? {};
    const real = truth.messages[id];
    return [
      line(`${id} human clicks`, number(row.clicks_human), real.taps.person, count),
      line(`${id} orders after a tap`, number(row.conversions_click), real.clickOrders, count),
      line(`${id} conversions`, number(row.conversions), real.orders, count),
      line(`${id} revenue`, number(row.revenue), real.netMinor / 100, amount),
    ];
  });
  const { told, lost } = truth;
  const orders = told.orders + lost.orders;
  const money = (told.grossMinor - told.refundedMinor + lost.grossMinor - lost.refundedMinor) / 100;
  return table(
    ['figure', 'measured', 'truth', 'off'],
    [
      ...messages,
      line('orders in all', number(measured.ledger.conversions), orders, count),
      line('of those told', number(measured.ledger.conversions), told.orders, count),
      line('revenue in all', number(measured.ledger.revenue), money, amount),
      line('of that told', number(measured.ledger.revenue), (told.grossMinor - told.refundedMinor) / 100, amount),
      line('lift, buyers', number(measured.lift?.diff), truth.lift.diff, percent),
      line('lift, USD each', number(measured.lift?.revenue_diff), truth.lift.revenueDiffMinor / 100, amount),
    ],
  );
}
