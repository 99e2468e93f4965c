import type { Client } from './client.ts';

/**
 * Gives the siblings of a link its status where that is asked for: the links that mints with `by` made beside it, each a
 * link of its own.
 * @returns a sentence about the siblings; null where there is nothing to say
 */
export async function settleSiblings(
  client: Client,
  linkNo: string,
  status: string,
  isAsked: boolean,
): Promise<string | null> {
  const others = (await siblingsOf(client, linkNo)).filter((sibling) => sibling.status !== status);
  if (others.length === 0) return null;
  const siblings = `${others.length} ${others.length === 1 ? 'sibling' : 'siblings'} of link ${linkNo}`;
  if (!isAsked) return `${siblings} stay as they are: add --siblings, or pause the campaign to stop all of its links`;
  // One after the other: should one be refused, those before it are done, and running this again does the others.
  for (const { link_no } of others) await client.call('PATCH', `/v1/links/${link_no}`, { body: { status } });
  return `${siblings} ${others.length === 1 ? 'is' : 'are'} ${status} as well`;
}

async function siblingsOf(client: Client, linkNo: string) {
  const begins = `by.${linkNo}.`;
  const links = await client.list('/v1/links', 'links', { q: begins, personal: 'true' });
  return links.filter(({ external_id }) => external_id?.startsWith(begins));
}
