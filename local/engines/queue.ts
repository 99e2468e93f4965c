import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type AwsCall, AwsServiceError, parseBody } from './aws-json.ts';

/** A message in the hands of its consumer. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  /** How often it was handed out, this time included. */
  readonly receiveCount: number;
  /** Epoch milliseconds. */
  readonly sentAt: number;
}

export interface QueueOptions {
  /** Folder of the database. */
  readonly folder: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long a message that was handed out is hidden from others, ms. */
  readonly visibilityMs: number;
  /** After so many times a message that nobody finished goes to the dead letters. */
  readonly maxReceives: number;
}

/** What SQS takes in one call (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html). */
const MAX_BYTES = 1_048_576;
const MAX_ENTRIES = 10;

const STATEMENTS = {
  insert: 'INSERT INTO messages (id, body, sent_at, visible_at) VALUES (?, ?, ?, ?)',
  bury: 'UPDATE messages SET dead = 1 WHERE dead = 0 AND visible_at <= ? AND receives >= ?',
  take: `UPDATE messages SET visible_at = ?, receives = receives + 1 WHERE seq IN
         (SELECT seq FROM messages WHERE dead = 0 AND visible_at <= ? ORDER BY seq LIMIT ?)
         RETURNING id, body, receives, sent_at`,
  delete: 'DELETE FROM messages WHERE id = ?',
  release: 'UPDATE messages SET visible_at = ? WHERE id = ?',
} as const;

/**
 * A queue as SQS is one: at least once, hidden while somebody works on a message, dead letters after some attempts. What was
 * acknowledged is in SQLite's log, so it survives `kill -9`.
 */
export class Queue {
  readonly #options: QueueOptions;
  readonly #database: DatabaseSync;
  readonly #statements: Readonly<Record<keyof typeof STATEMENTS, StatementSync>>;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#database = new DatabaseSync(join(options.folder, 'queue.sqlite'));
    this.#database.exec(`
      PRAGMA busy_timeout = 5000;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = OFF;
      CREATE TABLE IF NOT EXISTS messages (
        seq INTEGER PRIMARY KEY, id TEXT NOT NULL, body TEXT NOT NULL, sent_at INTEGER NOT NULL,
        visible_at INTEGER NOT NULL, receives INTEGER NOT NULL DEFAULT 0, dead INTEGER NOT NULL DEFAULT 0
      );
      CREATE INDEX IF NOT EXISTS by_id ON messages (id);
      CREATE INDEX IF NOT EXISTS by_visibility ON messages (dead, visible_at, seq);
    `);
    const prepare = (name: keyof typeof STATEMENTS) => this.#database.prepare(STATEMENTS[name]);
    this.#statements = {
      insert: prepare('insert'),
      bury: prepare('bury'),
      take: prepare('take'),
      delete: prepare('delete'),
      release: prepare('release'),
    };
  }

  /** Runs one call of SQS's protocol. @throws AwsServiceError */
  readonly serve = ({ operation, body }: AwsCall): object => {
    const input = parseBody(body);
    if (operation === 'SendMessage') return this.#take([input])[0] ?? {};
    if (operation === 'SendMessageBatch') return this.#takeBatch(input);
    throw new AwsServiceError('AWS.SimpleQueueService.UnsupportedOperation', `${operation} is not known here`);
  };

  #takeBatch({ Entries }: Record<string, unknown>): object {
    const entries = Array.isArray(Entries) ? (Entries as Record<string, unknown>[]) : [];
    if (entries.length === 0 || entries.length > MAX_ENTRIES)
      throw new AwsServiceError(
        'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
        `a batch has 1 to ${MAX_ENTRIES}`,
      );
    const taken = this.#take(entries);
    return { Successful: taken.map((one, at) => ({ ...one, Id: entries[at]?.Id })), Failed: [] };
  }

  /** Takes messages, all of them or none. */
  #take(inputs: readonly Record<string, unknown>[]): object[] {
    const texts = inputs.map(({ MessageBody }) => String(MessageBody ?? ''));
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    if (texts.includes('') || bytes > MAX_BYTES)
      throw new AwsServiceError('InvalidParameterValue', `a call has messages of 1 to ${MAX_BYTES} bytes`);
    return this.#together(() =>
      texts.map((text) => ({
        MessageId: this.send(text),
        MD5OfMessageBody: createHash('md5').update(text).digest('hex'),
      })),
    );
  }

  #together<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  send(body: string): string {
    const id = randomUUID();
    const now = this.#options.now();
    this.#statements.insert.run(id, body, now, now);
    return id;
  }

  /** Hands out messages that nobody works on, the oldest first. Those that were handed out too often become dead letters. */
  receive(max: number): QueuedMessage[] {
    const { now, visibilityMs, maxReceives } = this.#options;
    const time = now();
    this.#statements.bury.run(time, maxReceives);
    const rows = this.#statements.take.all(time + visibilityMs, time, max);
    return rows.map((row) => ({
      id: String(row.id),
      body: String(row.body),
      receiveCount: Number(row.receives),
      sentAt: Number(row.sent_at),
    }));
  }

  /** Takes finished messages out. */
  delete(ids: readonly string[]): void {
    this.#together(() => ids.map((id) => this.#statements.delete.run(id)));
  }

  /** Lets messages be handed out again at this time, as after a failure. */
  release(ids: readonly string[], visibleAt: number): void {
    for (const id of ids) this.#statements.release.run(visibleAt, id);
  }

  /** Puts dead letters back into the queue. @returns how many */
  redrive(): number {
    const statement = this.#database.prepare(
      'UPDATE messages SET dead = 0, receives = 0, visible_at = ? WHERE dead = 1',
    );
    return Number(statement.run(this.#options.now()).changes);
  }

  /** Messages that wait or are worked on, and dead letters. */
  count(): { readonly waiting: number; readonly dead: number } {
    const row = this.#database.prepare('SELECT count(*) AS all_of, coalesce(sum(dead), 0) AS dead FROM messages').get();
    return { waiting: Number(row?.all_of) - Number(row?.dead), dead: Number(row?.dead) };
  }

  close(): void {
    this.#database.close();
  }
}
