import { createHash, timingSafeEqual } from 'node:crypto';
import { ledgerIndex, ledgerKey } from '../contract/keys.ts';
import type { Scope, Token } from '../core/entities/token.ts';
import { ConditionFailedError, type DynamoTable } from './dynamo-table.ts';

/** Random bytes from a cryptographic source. */
export type RandomBytes = (size: number) => Buffer;

export interface NewToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
}

const FORM = /^oh_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;

/** The text a client sends is `oh_<id>_<secret>`; the table keeps a hash of the secret, which has 256 random bits and needs no salt. */
const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** An id for a token that does not exist yet. */
export const newTokenId = (randomBytes: RandomBytes) => randomBytes(6).toString('hex');

/**
 * Makes a token and returns its text, which can never be read again.
 * @throws ConditionFailedError where the id is taken
 */
export async function createToken(
  table: DynamoTable,
  { name, scopes }: NewToken,
  now: number,
  randomBytes: RandomBytes,
  id = newTokenId(randomBytes),
): Promise<{ readonly id: string; readonly token: string }> {
  const secret = randomBytes(32).toString('base64url');
  const doc: Token = { id, name, scopes: [...scopes], status: 'active', created_at: new Date(now).toISOString() };
  await table.put(
    { pk: ledgerKey.token(id), kind: 'token', sort: id, hash: hashOf(secret), doc },
    { expression: 'attribute_not_exists(pk)' },
  );
  return { id, token: `oh_${id}_${secret}` };
}

/** The token behind a text, or null where it is malformed, unknown, wrong or revoked; compared in constant time. */
export async function findToken(table: DynamoTable, text: string): Promise<Token | null> {
  const [, id, secret] = FORM.exec(text) ?? [];
  if (!id || !secret) return null;
  const item = await table.get(ledgerKey.token(id));
  const expected = Buffer.from(String(item?.hash ?? hashOf('no such token')));
  const matches = timingSafeEqual(expected, Buffer.from(hashOf(secret)));
  const token = item?.doc as Token | undefined;
  return matches && token?.status === 'active' ? token : null;
}

/** A token by its id, without anything that could be used to sign in. */
export async function getToken(table: DynamoTable, id: string): Promise<Token | null> {
  return ((await table.get(ledgerKey.token(id)))?.doc as Token | undefined) ?? null;
}

/** Revokes a token; false where there is none. */
export async function revokeToken(table: DynamoTable, id: string): Promise<boolean> {
  const item = await table.get(ledgerKey.token(id));
  if (!item) return false;
  try {
    await table.put(
      { ...item, doc: { ...(item.doc as Token), status: 'revoked' } },
      { expression: 'attribute_exists(pk)' },
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionFailedError) return false;
    throw error;
  }
}

/** One page of tokens in the order of their ids. */
export async function listTokens(table: DynamoTable, limit: number, from?: Readonly<Record<string, unknown>>) {
  const { items, next } = await table.query({
    index: ledgerIndex.byKind,
    partition: { name: 'kind', value: 'token' },
    limit,
    from,
  });
  return { tokens: items.map((item) => item.doc as Token), next };
}
