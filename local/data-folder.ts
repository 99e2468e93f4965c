import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type EventTable, eventTables } from '../lambdas/contract/lake.ts';

/** Where everything of a local system lies. */
export interface DataFolder {
  readonly root: string;
  readonly dynamodb: string;
  readonly lake: string;
  readonly errors: string;
  /** Clicks that are stored but not yet in the lake. */
  readonly clicksSpool: string;
  readonly accessLogSpool: string;
  /** Rows of event tables that are stored but not yet in the lake; a folder for each table. */
  readonly eventSpools: string;
  /** Database of the queue of postbacks. */
  readonly queue: string;
  /** Objects of the bucket that belong to no table. */
  readonly blobs: string;
  readonly temporary: string;
  readonly keysFile: string;
  readonly tokenFile: string;
}

/** Folder of an event table's write-ahead log. */
export const eventSpool = ({ eventSpools }: DataFolder, table: EventTable) => join(eventSpools, table);

/** Folder of the write-ahead log of delivery events that AWS would put. */
export const smsEventSpool = ({ eventSpools }: DataFolder) => join(eventSpools, 'sms_events');

const PRIVATE = { mode: 0o600 } as const;

/** Everything cannot be kept where it was told to; the message says why. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/** Makes the folders that are missing. @throws DataFolderError */
export function openDataFolder(path: string): DataFolder {
  const root = resolve(path);
  const folder: DataFolder = {
    root,
    dynamodb: join(root, 'dynamodb'),
    lake: join(root, 'lake'),
    errors: join(root, 'errors'),
    clicksSpool: join(root, 'spool', 'clicks'),
    accessLogSpool: join(root, 'spool', 'access_logs'),
    eventSpools: join(root, 'spool', 'events'),
    queue: join(root, 'queue'),
    blobs: join(root, 'blobs'),
    temporary: join(root, 'spool', 'tmp'),
    keysFile: join(root, 'keys.json'),
    tokenFile: join(root, 'token'),
  };
  const { keysFile: _keys, tokenFile: _token, ...folders } = folder;
  try {
    makeFolder(root);
    for (const each of Object.values(folders)) mkdirSync(each, { recursive: true });
    for (const table of eventTables) mkdirSync(eventSpool(folder, table), { recursive: true });
    mkdirSync(smsEventSpool(folder), { recursive: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new DataFolderError(
      `the folder ${root} cannot be used (${code}): set ONEHOP_DATA to a folder that can be written to`,
    );
  }
  return folder;
}

/** Makes a folder level by level: where nothing can be made, as in /proc, Node's own recursion never ends. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** Text of a file, or null where there is none. */
export function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Writes a file that only its owner may read; a crash leaves the old one or the new one. */
export function writePrivate(file: string, text: string): void {
  writeFileSync(`${file}.tmp`, text, PRIVATE);
  renameSync(`${file}.tmp`, file);
}

/** Makes the file of the key secrets, or a secret in it, where there is none: by secret, the same flat JSON as on AWS. */
export function ensureKeys(file: string): void {
  const kept = JSON.parse(readIfThere(file) ?? '{}') as Record<string, unknown>;
  if (kept.edge && kept.home) return;
  // 48 bytes are 64 characters of base64url.
  const made = () => ({ key_1: randomBytes(48).toString('base64url') });
  writePrivate(file, `${JSON.stringify({ edge: made(), home: made(), ...kept }, null, 2)}\n`);
}
