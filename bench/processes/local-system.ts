import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { lakeTables } from '../../lambdas/contract/lake.ts';
import { type System, startSystem } from '../../local/system.ts';
import { rawName } from '../../sql/catalog.ts';
import { openLake } from '../../sql/duckdb.ts';
import { serveParent } from '../support/child.ts';
import { SLUGS } from '../support/load.ts';

export interface Stored {
  /** Distinct click ids of the counted link in the lake's Parquet files. */
  readonly rows: number;
  /** Clicks that the function wrote to its log because no stream took them. */
  readonly logged: number;
}

const dataDir = mkdtempSync(join(tmpdir(), 'onehop-bench-'));
const [sink, threads] = process.argv.slice(2);
let logged = 0;
const system = await startSystem({
  dataDir,
  sink: sink === 'in-process' ? 'in-process' : 'protocol',
  threads: Number(threads),
  write: (text) => {
    logged += text.split('"log":"click_not_stored"').length - 1;
  },
});
for (const slug of Object.values(SLUGS)) await makeLink(system, slug);

async function makeLink({ apiOrigin, token }: System, slug: string): Promise<void> {
  const link = {
    slug,
    destination: 'https://example.com/landing',
    message_id: 'welcome-1',
    segment: 'vip',
    creative: 'a',
  };
  const response = await fetch(`${apiOrigin}/v1/links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(link),
  });
  if (!response.ok) throw new Error(`the link was not made: ${await response.text()}`);
}

async function stored(): Promise<Stored> {
  await system.flush();
  const lake = await openLake({ lakeDir: system.lakeDir });
  try {
    const sql = `select count(distinct click_id) as clicks from ${rawName(lakeTables.clicks)} where code = ?`;
    const [row] = await lake.run({ sql, parameters: [SLUGS.counted] });
    return { rows: Number(row?.clicks), logged };
  } finally {
    lake.close();
  }
}

function cpuMs(): number {
  const { user, system: kernel } = process.cpuUsage();
  return (user + kernel) / 1_000;
}

async function close(): Promise<void> {
  await system.close();
  rmSync(dataDir, { recursive: true, force: true });
}

serveParent(system.port, { stored, cpuMs, close });
