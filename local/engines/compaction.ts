import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type LakeTable, lakeTables, PARTITION } from '../../lambdas/contract/lake.ts';
import type { ParquetWriter } from './parquet.ts';

/** As many small files of a partition are merged into one: a flush a second would leave tens of thousands a day. */
export const SMALL_FILES = 64;
const SMALL_BYTES = 4 * 1024 * 1024;

/**
 * Merges the small files of every partition that has many. The merged file is in place before the small ones go: a crash
 * in between leaves rows twice, which the views remove, and never loses one.
 */
export async function compact(lake: string, parquet: ParquetWriter): Promise<void> {
  for (const table of Object.values(lakeTables)) {
    for (const dt of partitionsOf(lake, table)) {
      const small = smallFiles(join(lake, table.name, `${PARTITION}=${dt}`));
      if (small.length < SMALL_FILES) continue;
      await parquet.merge(table, dt, `merged-${randomUUID()}`, small);
      for (const file of small) rmSync(file);
    }
  }
}

function partitionsOf(lake: string, table: LakeTable): string[] {
  const marker = `${PARTITION}=`;
  const names = namesIn(join(lake, table.name)).filter((name) => name.startsWith(marker));
  return names.map((name) => name.slice(marker.length));
}

function smallFiles(folder: string): string[] {
  const files = namesIn(folder).filter((name) => name.endsWith('.parquet'));
  return files.map((name) => join(folder, name)).filter((file) => statSync(file).size < SMALL_BYTES);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // The table has no rows yet.
    return [];
  }
}
