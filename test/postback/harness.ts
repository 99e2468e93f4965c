import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { BlobStore } from '../../lambdas/adapters/blob-store.ts';
import type { KnownSource } from '../../lambdas/adapters/source-store.ts';
import { sourceInput } from '../../lambdas/core/entities/source.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { tokenHash } from '../../lambdas/core/postback/secrets.ts';
import type { StoredMessage } from '../../lambdas/core/postback/stored-message.ts';
import { createPostback } from '../../lambdas/postback/handler.ts';
import { EDGE_SECRET, KeptStreams } from '../support/api.ts';

export const TOKEN = 'a-token-of-the-source';

/** Objects in memory, or none where they are away. */
export class MemoryBlobs implements BlobStore {
  readonly objects = new Map<string, Uint8Array>();
  isAway = false;

  async put(key: string, bytes: Uint8Array): Promise<void> {
    if (this.isAway) throw new Error('S3 is away');
    this.objects.set(key, bytes);
  }
  async get(key: string): Promise<Uint8Array | null> {
    return this.objects.get(key) ?? null;
  }
  async list(prefix: string, limit: number, after = ''): Promise<readonly string[]> {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after);
    return keys.toSorted().slice(0, limit);
  }
  async delete(key: string): Promise<void> {
    this.objects.delete(key);
  }
}

class Queue {
  readonly messages: StoredMessage[] = [];
  isAway = false;

  async send(message: object): Promise<void> {
    if (this.isAway) throw new Error('SQS is away');
    this.messages.push(message as StoredMessage);
  }
}

class Streams extends KeptStreams {
  isAway = false;

  override async put(...[table, rows]: Parameters<KeptStreams['put']>): Promise<void> {
    if (this.isAway) throw new Error('Firehose is away');
    await super.put(table, rows);
  }
}

/** The receiving function over stores that the test can take away. */
export function startPostback() {
  const sources = new Map<string, KnownSource>();
  const log: object[] = [];
  const delivered: { sourceId: string; body: string }[] = [];
  const stores = { streams: new Streams(), blobs: new MemoryBlobs(), queue: new Queue() };
  const clock = { now: Date.parse('2026-06-01T12:00:00Z') };
  let count = 0;
  const handler = createPostback({
    ...stores,
    findSource: async (id) => sources.get(id) ?? null,
    deliver: async ({ body }, sourceId) => {
      delivered.push({ sourceId, body: Buffer.from(body).toString() });
      return true;
    },
    edgeKeys: async () => parseKeyring(EDGE_SECRET),
    now: () => clock.now,
    newId: () => `message-${++count}`,
    log: (event, facts) => log.push({ event, ...facts }),
  });
  const addSource = (id: string, fields: object, secret: string | null = null) => {
    const { secret: _, ...document } = sourceInput.parse(fields);
    sources.set(id, { source: { ...document, id, secret_set_at: null }, tokenHashes: [tokenHash(TOKEN)], secret });
  };
  const call = async (method: string, url: string, options: CallOptions = {}) => handler(toEvent(method, url, options));
  return { ...stores, call, addSource, log, delivered, clock };
}

interface CallOptions {
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly address?: string;
}

/** A call as API Gateway hands it over. */
export function toEvent(method: string, url: string, { headers = {}, body, address = '203.0.113.9' }: CallOptions) {
  const [rawPath = '', rawQueryString = ''] = url.split(/\?(.*)/s);
  return {
    version: '2.0',
    rawPath,
    rawQueryString,
    headers: { host: 'evil.example', ...headers },
    requestContext: { domainName: 'api.brand.com', http: { method, path: rawPath, sourceIp: address } },
    ...(body !== undefined && { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }),
  } as unknown as APIGatewayProxyEventV2;
}
