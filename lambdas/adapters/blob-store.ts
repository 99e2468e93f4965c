import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** Objects by key: what is too large for a queue or a table. */
export interface BlobStore {
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Null where there is no such object. */
  get(key: string): Promise<Uint8Array | null>;
  /** Keys that begin so, in order, at most as many; behind a key, where one is given. */
  list(prefix: string, limit: number, after?: string): Promise<readonly string[]>;
  delete(key: string): Promise<void>;
}

/** Objects in a bucket. */
export class S3Blobs implements BlobStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: bytes }));
  }

  async get(key: string): Promise<Uint8Array | null> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      return (await Body?.transformToByteArray()) ?? null;
    } catch (error) {
      if (error instanceof NoSuchKey) return null;
      throw error;
    }
  }

  async list(prefix: string, limit: number, after = ''): Promise<readonly string[]> {
    const place = after === '' ? {} : { StartAfter: after };
    const command = new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix, MaxKeys: limit, ...place });
    const { Contents = [] } = await this.#client.send(command);
    return Contents.flatMap(({ Key }) => (Key ? [Key] : []));
  }

  async delete(key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }));
  }
}
