import { rmSync } from 'node:fs';
import { openLake } from '../../sql/duckdb.ts';
import { utcDay } from '../sql/clicks-sample.ts';
import { temporaryFolder } from '../sql/lake-writer.ts';
import { checks } from './checks.ts';
import { Trino } from './client.ts';
import { type Check, type Engines, PROJECTED_DAYS } from './engines.ts';
import { writeSampleLake } from './sample-lake.ts';
import { findServer, trinoDir } from './server.ts';
import { createTables, dropTables } from './tables.ts';

/** Runs every view, report and saved query on a real Trino and on DuckDB over one lake; answers how many checks failed. */
async function compareEngines(url: string): Promise<number> {
  const schema = `onehop_test_${process.pid}`;
  const trino = new Trino(url, schema);
  const lakeDir = temporaryFolder('trino');
  const now = Date.now();
  await writeSampleLake(lakeDir, now);
  const lake = await openLake({ lakeDir });
  try {
    await createTables(trino, schema, lakeDir, [utcDay(now, -PROJECTED_DAYS), utcDay(now, 1)]);
    return await failuresOf({ trino, lake, now });
  } finally {
    await dropTables(trino, schema);
    lake.close();
    rmSync(lakeDir, { recursive: true });
  }
}

/** All checks, or those whose names hold the word that is given. */
const wanted = checks.filter(({ name }) => name.includes(process.argv[2] ?? ''));

async function failuresOf(engines: Engines): Promise<number> {
  let failures = 0;
  for (const check of wanted) {
    const error = await errorOf(check, engines);
    process.stdout.write(`${error === null ? 'ok  ' : 'FAIL'} ${check.name}\n`);
    if (error === null) continue;
    failures += 1;
    process.stdout.write(`${error.replace(/^/gm, '     ')}\n`);
  }
  return failures;
}

async function errorOf(check: Check, engines: Engines): Promise<string | null> {
  try {
    await check.run(engines);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const server = findServer(process.env);
if (server === null) {
  process.stdout.write(`skipped: no Trino in ${trinoDir(process.env)} (TRINO_DIR names a folder with trino-run.sh)\n`);
} else {
  try {
    const failures = await compareEngines(server.url);
    process.stdout.write(`${wanted.length - failures} of ${wanted.length} checks passed\n`);
    process.exitCode = failures === 0 ? 0 : 1;
  } finally {
    server.leave();
  }
}
