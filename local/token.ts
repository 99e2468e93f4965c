import { randomBytes } from 'node:crypto';
import type { DynamoTable } from '../lambdas/adapters/dynamo-table.ts';
import { createToken, findToken } from '../lambdas/adapters/token-store.ts';
import { SCOPES } from '../lambdas/core/entities/token.ts';
import { readIfThere, writePrivate } from './data-folder.ts';

/** The token of this machine's owner, with every scope: the one in the file where it still signs in, else a new one. */
export async function ensureToken(table: DynamoTable, file: string, now: number): Promise<string> {
  const kept = readIfThere(file)?.trim();
  if (kept && (await findToken(table, kept))) return kept;
  const { token } = await createToken(table, { name: 'local', scopes: [...SCOPES] }, now, randomBytes);
  writePrivate(file, `${token}\n`);
  return token;
}
