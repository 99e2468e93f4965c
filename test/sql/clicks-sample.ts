import { type ClickRecord, clickColumns } from '../../lambdas/contract/clicks.ts';
import { lakeTables } from '../../lambdas/contract/lake.ts';
import { writeRows } from './lake-writer.ts';

const DAY_MS = 86_400_000;

/** A click with the day of its delivery. */
export interface Delivered {
  readonly click: ClickRecord;
  readonly dt: string;
}

const NOTHING = Object.fromEntries(clickColumns.map(({ name }) => [name, null])) as unknown as ClickRecord;

let made = 0;

/** A whole row: a person's redirected tap on a slug, but for what is given. */
export function clickOf(given: Partial<ClickRecord> = {}): ClickRecord {
  made += 1;
  return {
    ...NOTHING,
    click_id: `click-${made}`,
    ts: Date.UTC(2026, 5, 15, 12),
    domain: 'go.brand.com',
    code: 'summer',
    code_kind: 'slug',
    link_no: 4_194_304,
    nonce: made,
    key_id: 1,
    outcome: 'redirected',
    status: 302,
    method: 'GET',
    cache: 'hit',
    actor: 'human',
    reasons: [],
    rules_version: 'test-1',
    recovered: false,
    ...given,
  };
}

/** UTC date of a moment, shifted by whole days. */
export function utcDay(time: number, plusDays = 0): string {
  return new Date(time + plusDays * DAY_MS).toISOString().slice(0, 10);
}

/** Puts deliveries into their days. */
export async function writeDelivered(lakeDir: string, delivered: readonly Delivered[]): Promise<void> {
  for (const [dt, group] of Map.groupBy(delivered, (one) => one.dt)) {
    await writeRows(
      lakeDir,
      lakeTables.clicks,
      dt,
      group.map((one) => one.click),
    );
  }
}

/** Writes clicks that arrived on the day they were made. */
export async function writeClicks(lakeDir: string, clicks: readonly ClickRecord[]): Promise<void> {
  await writeDelivered(
    lakeDir,
    clicks.map((click) => ({ click, dt: utcDay(click.ts) })),
  );
}
