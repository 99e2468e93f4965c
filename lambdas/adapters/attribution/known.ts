import { ledgerKey, linksKey } from '../../contract/keys.ts';
import { settingsInput } from '../../core/entities/settings.ts';
import { type Source, sourceInput } from '../../core/entities/source.ts';
import { API_SOURCE } from '../../core/postback/api-convention.ts';
import type { DynamoTable } from '../dynamo-table.ts';

/** What is read at most as often as this, ms: a changed source is obeyed within that time, by whichever clock says first that it is over. */
const FRESH_MS = 10_000;

const UNCONFIGURED_API: Source = { id: API_SOURCE, ...sourceInput.parse({ profile: 'generic' }) };

export interface KnownSources {
  readonly linksTable: DynamoTable;
  readonly ledgerTable: DynamoTable;
  /** Milliseconds; only differences count. A clock that is made to stand never makes what is known last for ever. */
  readonly uptime: () => number;
  /** Milliseconds, of the clock that messages are dated by: where it is moved on, what is known ages with it. */
  readonly now: () => number;
}

interface Remembered {
  readonly uptime: number;
  readonly now: number;
  readonly value: Promise<unknown>;
}

/** Configuration that many messages share, read seldom. */
export class Known {
  readonly #tables: KnownSources;
  readonly #read = new Map<string, Remembered>();

  constructor(tables: KnownSources) {
    this.#tables = tables;
  }

  /** Nothing remembered: for who acts on a change just made, and asks how it reads now. */
  anew(): Known {
    return new Known(this.#tables);
  }

  /** A source by its id, without its secret; null where there is none. */
  async source(id: string): Promise<Source | null> {
    const { ledgerTable } = this.#tables;
    return this.#fresh(`source ${id}`, async () => {
      const stored = (await ledgerTable.get(ledgerKey.source(id)))?.doc as Source | undefined;
      return stored ?? (id === API_SOURCE ? UNCONFIGURED_API : null);
    });
  }

  /** The account's currency. */
  async currency(): Promise<string> {
    const { linksTable } = this.#tables;
    return this.#fresh('currency', async () => {
      const item = await linksTable.get(linksKey.settings);
      return settingsInput.parse(item?.doc ?? {}).currency;
    });
  }

  #fresh<T>(name: string, read: () => Promise<T>): Promise<T> {
    const time = { uptime: this.#tables.uptime(), now: this.#tables.now() };
    const known = this.#read.get(name);
    const isNear = (clock: 'uptime' | 'now') => known && Math.abs(time[clock] - known[clock]) < FRESH_MS;
    if (known && isNear('uptime') && isNear('now')) return known.value as Promise<T>;
    const value = read();
    this.#read.set(name, { ...time, value });
    const forget = () => this.#read.delete(name);
    value.then((found) => mayChangeNow(found) && forget(), forget);
    return value;
  }
}

/** What is missing may be made, what is paused resumed at any moment: what came from then on must not be passed over for good. */
const mayChangeNow = (found: unknown) => found === null || ((found as Source).status ?? 'active') !== 'active';
