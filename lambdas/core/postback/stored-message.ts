import type { EventRecord } from '../../contract/lake.ts';
import type { RawRequest } from './request.ts';

/** A message as it waits in the queue: everything that interpreting it needs, and nothing that authenticated it. */
export interface StoredMessage {
  /** Also `postbacks.id` in the lake. */
  readonly id: string;
  readonly source_id: string;
  /** Epoch milliseconds. */
  readonly received_at: number;
  readonly method: string;
  /** Query as sent, without `?`. */
  readonly query: string;
  readonly content_type: string | null;
  /** Those that the profile reads, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Base64; null where the body lies at `body_ref`. */
  readonly body: string | null;
  /** Key of the object that holds a large body. */
  readonly body_ref: string | null;
  readonly origin: 'postback' | 'webhook' | 'api' | 'reconciliation';
  /** Among the messages of its batch. @default 0 */
  readonly place?: number;
  /** Came as a picture, which anybody may ask for: it adds conversions and changes none. @default no */
  readonly pixel?: true;
  /** Its body was proved by a signature that leaves the query out, which is not read then, nor at a replay. @default no */
  readonly body_signed?: true;
}

/** The request a message was made of. `body` is what {@link StoredMessage.body} or its object holds. */
export function rawRequestOf(message: StoredMessage, body: Uint8Array): RawRequest {
  const { method, query, content_type, headers, received_at, place, body_signed } = message;
  return {
    method,
    query,
    headers: { ...headers, ...(content_type && { 'content-type': content_type }) },
    body,
    received_at,
    ...(place !== undefined && { place }),
    ...(body_signed && { body_signed }),
  };
}

/** The message as the lake's archive holds it. */
export function archivedMessage({
  origin: _origin,
  place: _place,
  pixel,
  body_signed,
  headers,
  ...message
}: StoredMessage): EventRecord<'postbacks'> {
  return { ...message, is_pixel: pixel === true, body_signed: body_signed === true, headers: JSON.stringify(headers) };
}

/** Headers that a profile reads: its paths name them as `@x-…`. */
export function headersRead(profile: object): ReadonlySet<string> {
  return new Set([...JSON.stringify(profile).matchAll(/@([a-z0-9-]+)/g)].map(([, name = '']) => name));
}
