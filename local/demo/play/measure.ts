import { DAY } from '../simulator/time.ts';
import { AFFILIATE_CAMPAIGN } from './affiliate-setup.ts';
import type { Answer, Client } from './client.ts';
import { CAMPAIGN, EXPERIMENT } from './welcome-setup.ts';

/** Rows of the reports on a played journey, as the API gives them. */
export interface Measured {
  /** By message, on the clock of sending. */
  readonly performance: readonly Answer[];
  /** Everything in the ledger: meta.total, attributed or not. */
  readonly ledger: Answer;
  /** By message and model. */
  readonly models: readonly Answer[];
  /** By message: who had clicked what before. */
  readonly paths: readonly Answer[];
  /** Of the treated arm. */
  readonly lift: Answer;
}

/** Asks the reports about a journey that began at `start`. */
export async function measureWelcome(client: Client, start: number, days: number): Promise<Measured> {
  const range = rangeOf(start, days);
  const performance = await client.report('performance', {
    ...range,
    basis: 'send',
    by: 'message',
    'filter.campaign_id': CAMPAIGN,
  });
  const models = await client.report('models', { ...range, by: 'message', model: 'last', limit: '500' });
  const paths = await client.report('paths', { ...range, by: 'message' });
  const lift = await client.report('lift', { 'filter.experiment': EXPERIMENT });
  const { meta } = await client.report('performance', { ...range, basis: 'conversion', 'filter.source': 'shop,site' });
  return {
    performance: performance.rows,
    ledger: meta.total,
    models: models.rows,
    paths: paths.rows,
    lift: lift.rows.find(({ arm }: Answer) => arm === 'treatment'),
  };
}

/** Asks the reports about an affiliate campaign that began at `start`. */
export async function measureAffiliate(client: Client, start: number, days: number) {
  const query = { ...rangeOf(start, days), 'filter.campaign_id': AFFILIATE_CAMPAIGN };
  const performance = await client.report('performance', { ...query, basis: 'click', by: 'offer' });
  const clicks = await client.report('clicks', { ...query, by: 'offer,outcome', 'filter.actor': 'human' });
  return { performance: performance.rows as readonly Answer[], outcomes: clicks.rows as readonly Answer[] };
}

function rangeOf(start: number, days: number) {
  return { from: new Date(start).toISOString(), to: new Date(start + days * DAY).toISOString(), tz: 'UTC' };
}
