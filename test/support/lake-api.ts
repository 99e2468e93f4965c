import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ledgerKey, subscriberSlot } from '../../lambdas/contract/keys.ts';
import { DuckDbEngine } from '../../local/reports.ts';
import { temporaryFolder } from '../sql/lake-writer.ts';
import { startApi } from './api.ts';

/** The real API over a real DynamoDB and a lake of Parquet files that the test writes before or after. */
export async function startLakeApi(lakeDir = temporaryFolder('lake-api')) {
  const engine = await DuckDbEngine.open(lakeDir);
  const api = await startApi({ queryEngine: engine, sleep: (ms) => sleep(Math.min(ms, 20)) });
  const close = async () => {
    engine.close();
    await api.close();
    rmSync(lakeDir, { recursive: true });
  };
  return { ...api, lakeDir, close };
}

/** Puts a subscriber into the directory as the mint does. */
export async function enrol(
  { services }: Pick<Awaited<ReturnType<typeof startApi>>, 'services'>,
  id: string,
  no: number,
  identities: readonly string[] = [],
): Promise<void> {
  const { page, attribute } = subscriberSlot(no);
  await services.ledgerTable.update(ledgerKey.subscriberPage(page), { set: { [attribute]: id } });
  await services.ledgerTable.put({
    pk: ledgerKey.subscriber(id),
    no,
    first_seen: Date.parse('2026-05-01T00:00:00Z'),
    ...(identities.length > 0 && { identities: new Set(identities) }),
  });
}
