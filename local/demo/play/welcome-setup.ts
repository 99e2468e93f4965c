import { MESSAGES, type MessageId } from '../simulator/messages.ts';
import { DAY } from '../simulator/time.ts';
import type { Client } from './client.ts';

export const CAMPAIGN = 'welcome';
export const EXPERIMENT = 'welcome-holdout';
export const HOLDOUT_SHARE = 0.15;
/** Days after joining within which an order counts: for attribution and for lift. */
export const WINDOW_DAYS = 7;
const SECRET = 'the-shop-signs-with-this';

/** What the play needs of what was set up. */
export interface WelcomeSetup {
  readonly links: Readonly<Record<MessageId, number>>;
  readonly shopSecret: string;
  /** Postback URL of the own site, without its query. */
  readonly siteUrl: string;
}

/** The journey was played in this folder before; what is in the lake would be counted with it. */
export class PlayedBeforeError extends Error {
  override readonly name = 'PlayedBeforeError';
}

/** @throws PlayedBeforeError where the campaign is there already */
export async function ensureFresh(client: Client, campaign: string): Promise<void> {
  const { campaigns } = await client.call('GET', '/v1/campaigns?limit=500');
  if (campaigns.some(({ id }: { id: string }) => id === campaign))
    throw new PlayedBeforeError(
      `campaign ${campaign} was played in this folder before: set ONEHOP_DATA to a new folder, or leave it out`,
    );
}

/** Sources, experiment, campaign and the three personal links. The draw ends a fortnight after the start. */
export async function setUpWelcome(client: Client, start: number): Promise<WelcomeSetup> {
  await ensureFresh(client, CAMPAIGN);
  await client.call('PUT', '/v1/sources/shop', { profile: 'shopify', secret: SECRET });
  const site = await client.call('PUT', '/v1/sources/site', { profile: 'generic', currency: 'USD' });
  await client.call('PUT', `/v1/experiments/${EXPERIMENT}`, {
    arms: [
      { name: 'holdout', share: HOLDOUT_SHARE },
      { name: 'treatment', share: 1 - HOLDOUT_SHARE },
    ],
    window: `${WINDOW_DAYS}d`,
    outcome_events: ['sale'],
    starts_at: new Date(start).toISOString(),
    ends_at: new Date(start + 14 * DAY).toISOString(),
  });
  await client.call('PUT', `/v1/campaigns/${CAMPAIGN}`, {
    name: 'Welcome journey',
    currency: 'USD',
    fallback_url: 'https://shop.example/',
    attribution: { model: 'last', window: `${WINDOW_DAYS}d` },
    conversion_events: ['sale'],
    experiment: EXPERIMENT,
    promo: { prefix: 'WELCOME', type: 'percentage', value: '10' },
    dedupe_rule: 'transaction',
  });
  const links: [string, number][] = [];
  for (const { id, destination } of MESSAGES) {
    const link = { personal: true, destination, campaign_id: CAMPAIGN, message_id: id, name: id };
    links.push([id, (await client.call('POST', '/v1/links', link)).link_no]);
  }
  return {
    links: Object.fromEntries(links) as Record<MessageId, number>,
    shopSecret: SECRET,
    siteUrl: String(site.postback_url).replace(/\?.*/, ''),
  };
}
