import { ledgerIndex, ledgerKey } from '../contract/keys.ts';
import type { Source } from '../core/entities/source.ts';
import { type HomeKeys, openSecret, sealSecret } from '../core/home-keys.ts';
import { tokenHash } from '../core/postback/secrets.ts';
import type { DynamoTable, Item } from './dynamo-table.ts';
import { EntityStore, type Stored } from './entity-store.ts';
import type { Journal } from './history-store.ts';
import { retryOnConflict } from './retry-on-conflict.ts';

/** A source as it is stored and shown: never its secret, only since when there is one. */
export interface SourceDocument extends Omit<Source, 'secret'> {
  /** RFC 3339; null where no secret is set. */
  readonly secret_set_at: string | null;
}

/** A token of a source's postback URL as it is stored and listed: its text is told once. */
export interface SourceToken {
  readonly id: string;
  /** SHA-256 as hex. */
  readonly hash: string;
  /** RFC 3339. */
  readonly created_at: string;
}

/** Two are valid at once, so that a sender can be given the new one before the old one goes. */
const MAX_TOKENS = 2;

/** A source with what proves that a message comes from it. */
export interface KnownSource {
  readonly source: SourceDocument;
  /** Hashes of the tokens that are valid now. */
  readonly tokenHashes: readonly string[];
  /** Signing secret in clear; null where none is set. */
  readonly secret: string | null;
}

/** A source has a secret that the keys at hand do not open: nobody can tell whether a message is its sender's. */
export class SecretUnreadableError extends Error {
  override readonly name = 'SecretUnreadableError';
}

/** A source has as many tokens as are valid at once: one more would end one that its sender may be using. */
export class TokensFullError extends Error {
  override readonly name = 'TokensFullError';
}

export interface SourceStoreOptions {
  readonly ledgerTable: DynamoTable;
  /** Keys that seal secrets; asked for only where a secret is written or opened. */
  readonly homeKeys: () => Promise<HomeKeys>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
  /** Records what is written. @default nothing is recorded */
  readonly journal?: Journal;
}

/** A new secret, or null to have none; undefined leaves the one there is. */
export type NewSecret = string | null | undefined;

/**
 * Sources in the ledger table: `source#<id>` holds the document, beside it the attribute `secret`, sealed under the home key for
 * this source alone, and `tokens`, the newest first.
 */
export class SourceStore {
  readonly #options: SourceStoreOptions;
  readonly #entities: EntityStore;

  constructor(options: SourceStoreOptions) {
    this.#options = options;
    this.#entities = new EntityStore(options.ledgerTable, options.now, options.journal);
  }

  /** The document with its revision, or null. */
  get(id: string): Promise<Stored<SourceDocument> | null> {
    return this.#entities.get<SourceDocument>(ledgerKey.source(id));
  }

  /**
   * The source with its secret and tokens, for whoever checks a message; null where there is none.
   * @throws SecretUnreadableError, for a source whose secret is out of reach must not pass for one without
   */
  async find(id: string): Promise<KnownSource | null> {
    const item = await this.#options.ledgerTable.get(ledgerKey.source(id));
    if (!item) return null;
    return {
      source: item.doc as SourceDocument,
      tokenHashes: tokensOf(item).map(({ hash }) => hash),
      secret: item.secret == null ? null : await this.#opened(String(item.secret), id),
    };
  }

  async #opened(sealed: string, id: string): Promise<string> {
    const secret = openSecret(sealed, id, await this.#options.homeKeys());
    if (secret === null) throw new SecretUnreadableError(`the home key does not open the secret of source ${id}`);
    return secret;
  }

  /** Document and secret in one write. @throws ConditionFailedError where someone else wrote in between */
  async save(document: SourceDocument, secret: NewSecret, previous: Stored<SourceDocument> | null) {
    const pk = ledgerKey.source(document.id);
    const beside = { secret: secret == null ? secret : await this.#sealed(secret, document.id) };
    return this.#entities.save({ pk, kind: 'source', sort: document.id, subject: pk, beside }, document, previous);
  }

  /** Tokens of a source, the newest first, without their texts. */
  async tokens(id: string): Promise<readonly SourceToken[]> {
    return tokensOf(await this.#options.ledgerTable.get(ledgerKey.source(id)));
  }

  /**
   * Adds a token beside the one there is; made again under an id it has, it has a new text.
   * @returns the source, or null where there is none
   * @throws TokensFullError
   */
  async addToken(id: string, tokenId: string, text: string): Promise<SourceDocument | null> {
    const created_at = new Date(this.#options.now()).toISOString();
    const added: SourceToken = { id: tokenId, hash: tokenHash(text), created_at };
    return this.#changeTokens(id, (tokens) => {
      const others = tokens.filter((token) => token.id !== tokenId);
      if (others.length >= MAX_TOKENS) throw new TokensFullError(`${MAX_TOKENS} tokens of ${id} are valid already`);
      return [added, ...others];
    });
  }

  /** Takes a token away. @returns the source, or null where there is none */
  async removeToken(id: string, tokenId: string): Promise<SourceDocument | null> {
    return this.#changeTokens(id, (tokens) => tokens.filter((token) => token.id !== tokenId));
  }

  async #changeTokens(
    id: string,
    change: (tokens: readonly SourceToken[]) => readonly SourceToken[],
  ): Promise<SourceDocument | null> {
    const { ledgerTable } = this.#options;
    const pk = ledgerKey.source(id);
    return retryOnConflict(async () => {
      const item = await ledgerTable.get(pk);
      if (!item) return null;
      const tokens = change(tokensOf(item));
      const turn = Number(item.tokens_turn ?? 0);
      const condition = {
        expression: turn === 0 ? 'attribute_exists(pk) AND attribute_not_exists(tokens_turn)' : 'tokens_turn = :turn',
        ...(turn > 0 && { values: { ':turn': turn } }),
      };
      await ledgerTable.update(pk, { set: { tokens, tokens_turn: turn + 1 } }, condition);
      return item.doc as SourceDocument;
    });
  }

  /** One page of the list, with the key to go on from. */
  page(limit: number, from?: Readonly<Record<string, unknown>>) {
    const partition = { name: 'kind', value: 'source' };
    return this.#entities.page<SourceDocument>({ index: ledgerIndex.byKind, partition, limit, from });
  }

  async #sealed(secret: string, id: string): Promise<string> {
    const { homeKeys, randomBytes } = this.#options;
    return sealSecret(secret, id, randomBytes(12), await homeKeys());
  }
}

const tokensOf = (item: Item | null) => (item?.tokens as readonly SourceToken[] | undefined) ?? [];
