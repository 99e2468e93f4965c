import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutRecordCommand } from '@aws-sdk/client-firehose';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { type TapRecord, tapColumns } from '../../lambdas/contract/clicks.ts';
import { openLake } from '../../sql/duckdb.ts';
import type { Clients } from './clients.ts';

const USER_AGENT =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

/** A tap as the edge sends it. */
export function tap(clickId: string, more: Partial<TapRecord> = {}): TapRecord {
  const empty = Object.fromEntries(tapColumns.map(({ name }) => [name, null]));
  return {
    ...(empty as unknown as TapRecord),
    click_id: clickId,
    ts: Date.now(),
    domain: 'default',
    code: 'sale',
    code_kind: 'slug',
    link_no: 4_194_304,
    nonce: 7,
    key_id: 1,
    outcome: 'redirected',
    status: 302,
    method: 'GET',
    user_agent: USER_AGENT,
    lookup_ms: 1.5,
    cache: 'miss',
    ...more,
  };
}

export async function putText(clients: Clients, stream: string, text: string): Promise<void> {
  await clients.firehose.send(
    new PutRecordCommand({ DeliveryStreamName: stream, Record: { Data: Buffer.from(text) } }),
  );
}

export const putTap = (clients: Clients, stream: string, record: TapRecord) =>
  putText(clients, stream, `${JSON.stringify(record)}\n`);

/** Keys below a prefix, as soon as there are at least so many. */
export async function waitForKeys(clients: Clients, bucket: string, prefix: string, least: number): Promise<string[]> {
  const until = Date.now() + 30_000;
  for (;;) {
    const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    const keys = Contents.flatMap(({ Key }) => (Key ? [Key] : []));
    if (keys.length >= least) return keys;
    if (Date.now() > until) throw new Error(`only ${keys.length} of ${least} objects came under ${bucket}/${prefix}`);
    await sleep(200);
  }
}

async function readObject(clients: Clients, bucket: string, key: string): Promise<Uint8Array> {
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (!Body) throw new Error(`${bucket}/${key} is empty`);
  return Body.transformToByteArray();
}

/** Rows of a statement over a copy of the bucket's objects, read as analysts read them. */
export async function queryLake(
  clients: Clients,
  bucket: string,
  keys: readonly string[],
  sql: string,
): Promise<Record<string, unknown>[]> {
  const lakeDir = mkdtempSync(join(tmpdir(), 'onehop-lake-'));
  try {
    for (const key of keys) {
      const file = join(lakeDir, key.endsWith('.parquet') ? key : `${key}.parquet`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, await readObject(clients, bucket, key));
    }
    const lake = await openLake({ lakeDir });
    try {
      return await lake.run({ sql, parameters: [] });
    } finally {
      lake.close();
    }
  } finally {
    rmSync(lakeDir, { recursive: true });
  }
}
