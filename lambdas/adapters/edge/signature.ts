import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

/** What an AWS call is signed with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What is signed: a POST to `/` without a query, the only request the edge makes. */
export interface SignedPost {
  readonly service: string;
  readonly region: string;
  /** With its port where it is not the protocol's own. */
  readonly host: string;
  readonly contentType: string;
  readonly target: string;
  readonly body: string;
}

const keys = new Map<string, KeyObject>();
const KEYS_REMEMBERED = 50;

const hmac = (key: KeyObject, text: string) => createHmac('sha256', key).update(text);

/**
 * Headers of a POST with AWS Signature Version 4 (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html).
 * The signing key is derived once a day for each service and region, and kept as a key object: Node takes several times
 * as long to sign with plain bytes.
 */
export function signedHeaders(post: SignedPost, credentials: Credentials, now: Date): Record<string, string> {
  const time = now.toISOString().replace(/[:-]|\.\d{3}/g, '');
  const scope = `${time.slice(0, 8)}/${post.region}/${post.service}/aws4_request`;
  const headers: Record<string, string> = {
    'content-type': post.contentType,
    host: post.host,
    'x-amz-date': time,
    ...(credentials.sessionToken && { 'x-amz-security-token': credentials.sessionToken }),
    'x-amz-target': post.target,
  };
  const names = Object.keys(headers);
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const signed = names.join(';');
  const request = `POST\n/\n\n${lines}\n${signed}\n${hash('sha256', post.body)}`;
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', request)}`;
  const signature = hmac(signingKey(scope, credentials), text).digest('hex');
  const credential = `${credentials.accessKeyId}/${scope}`;
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signed}, Signature=${signature}`;
  return headers;
}

function signingKey(scope: string, { secretAccessKey }: Credentials): KeyObject {
  const id = `${scope} ${secretAccessKey}`;
  const known = keys.get(id);
  if (known) return known;
  let key = createSecretKey(`AWS4${secretAccessKey}`, 'utf8');
  for (const part of scope.split('/')) key = createSecretKey(hmac(key, part).digest());
  if (keys.size >= KEYS_REMEMBERED) keys.clear();
  keys.set(id, key);
  return key;
}
