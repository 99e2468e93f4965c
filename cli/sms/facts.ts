import { CliError } from '../cli-error.ts';
import { type Body, Client } from '../client.ts';
import { connectionOf } from '../connection.ts';
import type { Terminal } from '../terminal.ts';
import type { Price } from './cost.ts';

/** What a preview can learn from a deployment. */
export interface Facts {
  /** Origins of the short domains, the default one first; empty where the deployment was not reached. */
  readonly origins: readonly string[];
  readonly link: Body | null;
  readonly campaign: Body | null;
  readonly price: Price | null;
  /** Currency of a price that names none. */
  readonly currency: string;
  /** Why something is missing that was not asked for by name. */
  readonly notes: readonly string[];
}

export interface FactFlags {
  readonly stage?: string;
  readonly link?: string;
  readonly campaignId?: string;
}

/**
 * Asks the API. A link or campaign that was named has to be there; whatever else cannot be had is left out, since a
 * preview of a text also works without a deployment.
 * @throws CliError
 */
export async function gatherFacts(flags: FactFlags, terminal: Terminal): Promise<Facts> {
  const isNamed = flags.link !== undefined || flags.campaignId !== undefined;
  try {
    return await ask(new Client(connectionOf(flags, terminal), terminal), flags);
  } catch (error) {
    if (isNamed || flags.stage !== undefined || !(error instanceof CliError)) throw error;
    const notes = [`the deployment was not asked for domains and prices: ${error.message}`];
    return { origins: [], link: null, campaign: null, price: null, currency: 'USD', notes };
  }
}

async function ask(client: Client, { link: linkNo, campaignId }: FactFlags): Promise<Facts> {
  const get = async (path: string): Promise<Body> => (await client.call('GET', path)).body;
  const [deployment, settings] = await Promise.all([get('/v1/deployment'), get('/v1/settings')]);
  const link = linkNo === undefined ? null : await get(`/v1/links/${encodeURIComponent(linkNo)}`);
  const id = campaignId ?? link?.campaign_id;
  const campaign = id ? await get(`/v1/campaigns/${encodeURIComponent(id)}`) : null;
  const price = campaign?.price ?? settings.price;
  return {
    origins: deployment.short_domains.map(({ origin }: { origin: string }) => origin),
    link,
    campaign,
    price: price && { perPart: price.per_part, currency: price.currency },
    currency: campaign?.currency ?? settings.currency,
    notes: [],
  };
}
