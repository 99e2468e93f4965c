import { LEAD_EVENT } from './affiliate-setup.ts';
import type { Client } from './client.ts';

/** How many messages wait in quarantine, by reason. */
export async function quarantined(client: Client): Promise<ReadonlyMap<string, number>> {
  const reasons = new Map<string, number>();
  for (let query: string | null = 'limit=500'; query !== null; ) {
    const page: { quarantine: { reasons: string[] }[]; next_cursor: string | null } = await client.call(
      'GET',
      `/v1/quarantine?${query}`,
    );
    for (const { reasons: why } of page.quarantine) {
      const reason = why.join(', ');
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    query = page.next_cursor === null ? null : `limit=500&cursor=${encodeURIComponent(page.next_cursor)}`;
  }
  return reasons;
}

/** Mends both sources: TUNE's payout is read from `rev`, Everflow's event 12 is a lead. */
export async function mendSources(client: Client): Promise<void> {
  await client.call('PATCH', '/v1/sources/tune', { params: { payout: 'rev' } });
  await client.call('PATCH', '/v1/sources/everflow', { events: { [LEAD_EVENT]: 'lead' } });
}

/** Reads everything in quarantine once more. */
export async function replayAll(client: Client): Promise<void> {
  let cursor: string | null = null;
  do {
    const answer: { next_cursor: string | null } = await client.call(
      'POST',
      '/v1/quarantine/replay',
      cursor ? { cursor } : {},
    );
    cursor = answer.next_cursor;
  } while (cursor);
}
