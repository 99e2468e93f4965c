import { linksKey } from '../lambdas/contract/keys.ts';
import type { System } from './system.ts';

/** The short code of the link that is there from the first start. */
export const EXAMPLE_SLUG = 'hello';

const CAMPAIGN = { name: 'Summer sale' };
const LINK = {
  name: 'Example',
  external_id: 'example',
  slug: EXAMPLE_SLUG,
  destination: 'https://example.com/landing',
  campaign_id: 'summer_sale',
  message_id: 'welcome-1',
  segment: 'vip',
  creative: 'a',
};

/** Makes the example link where nobody made it before, and leaves it alone otherwise: it is there to be changed. */
export async function ensureExampleLink(system: System): Promise<void> {
  if (await system.linksTable.get(linksKey.externalId(LINK.external_id))) return;
  const campaign = await call(system, 'GET', '/v1/campaigns/summer_sale');
  if (campaign.status === 404) await expectOk(call(system, 'PUT', '/v1/campaigns/summer_sale', CAMPAIGN));
  await expectOk(call(system, 'PUT', '/v1/links/by-external-id/example', LINK));
}

interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function call(
  { apiOrigin, token }: Pick<System, 'apiOrigin' | 'token'>,
  method: string,
  path: string,
  body?: object,
): Promise<Answered> {
  const response = await fetch(`${apiOrigin}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function expectOk(answered: Promise<Answered>): Promise<void> {
  const { status, body } = await answered;
  if (status >= 300) throw new Error(`the example link could not be made: ${JSON.stringify(body)}`);
}
