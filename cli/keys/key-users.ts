import type { Body, Client } from '../client.ts';

/** What still needs a key: codes in people's messages that only it can read. */
export interface KeyUsers {
  /** Numbers of the personal links whose codes were minted with it. */
  readonly links: readonly number[];
  /** Ids of the campaigns whose promo codes were. */
  readonly campaigns: readonly string[];
}

/** Asks the API which links and campaigns keep a key. @throws CliError where the API cannot be asked */
export async function keyUsers(keyId: number, client: Client): Promise<KeyUsers> {
  const links = await client.list('/v1/links', 'links', { personal: 'true' });
  const campaigns = await client.list('/v1/campaigns', 'campaigns', {});
  return {
    links: links.filter(({ code_key }: Body) => code_key === keyId).map(({ link_no }: Body) => link_no),
    campaigns: campaigns.filter(({ code_key }: Body) => code_key === keyId).map(({ id }: Body) => id),
  };
}

const SHOWN = 10;

/** What retiring a key means, one line for each thing that stops. */
export function retirementWarnings(keyId: number, { links, campaigns }: KeyUsers): string[] {
  const list = (names: readonly (number | string)[]) =>
    `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''}`;
  return [
    ...(links.length > 0
      ? [`the codes of ${links.length} personal link(s) lead to the fallback from then on: ${list(links)}`]
      : []),
    ...(campaigns.length > 0
      ? [`the promo codes of ${campaigns.length} campaign(s) can not be read any more: ${list(campaigns)}`]
      : []),
    `click ids signed with key ${keyId} are refused, so conversions of those clicks are not credited`,
    'no command can undo this',
  ];
}
