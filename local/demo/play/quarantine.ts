import { setTimeout as sleep } from 'node:timers/promises';
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

/** Reads everything in quarantine once more. The clock stands still meanwhile: what a call leaves, the sweep takes up. */
export async function replayAll(client: Client): Promise<void> {
  let answer: Replay = await client.call('POST', '/v1/quarantine/replay', {});
  while (answer.run.status !== 'done') {
    await sleep(POLL_MS);
    answer = await client.call('GET', answer.run.location);
  }
}

interface Replay {
  readonly run: { readonly status: string; readonly location: string };
}
const POLL_MS = 500;
