import type { Client } from './client.ts';

/** A message to one person, as the provider tells of it. */
export interface SendTold {
  readonly code: string;
  readonly type: 'sent' | 'delivered' | 'failed' | 'opt_out';
  /** The provider's id of the message. */
  readonly id: string;
}

const BATCH = 1_000;
const PRICE = { parts: 1, price: '0.0079', currency: 'USD' } as const;

/** Tells what became of messages, in batches. @throws Error where one is rejected */
export async function tellSends(client: Client, told: readonly SendTold[], at: number): Promise<void> {
  const ts = new Date(at).toISOString();
  for (let from = 0; from < told.length; from += BATCH) {
    const items = told.slice(from, from + BATCH).map((one) => ({ ...one, ts, ...(one.type === 'sent' && PRICE) }));
    const { results } = await client.call('POST', '/v1/sends', items);
    const rejected = results.find(({ status }: { status: string }) => status === 'rejected');
    if (rejected) throw new Error(`POST /v1/sends: ${JSON.stringify(rejected.errors)}`);
  }
}
