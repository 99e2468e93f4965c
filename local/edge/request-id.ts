import { randomBytes } from 'node:crypto';

const ID_BYTES = 40;
const IDS_AT_ONCE = 256;

let pool = Buffer.alloc(0);
let used = 0;

/** A unique id of the form of CloudFront's own: 56 characters of base64 that end in `==`. */
export function newRequestId(): string {
  if (used === pool.length) {
    pool = randomBytes(ID_BYTES * IDS_AT_ONCE);
    used = 0;
  }
  used += ID_BYTES;
  return `${pool.toString('base64url', used - ID_BYTES, used)}==`;
}
