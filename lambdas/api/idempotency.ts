import { createHash } from 'node:crypto';
import { ConditionFailedError } from '../adapters/dynamo-table.ts';
import { ledgerKey } from '../contract/keys.ts';
import { fault, invalid, Problem } from '../core/api/problem.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import type { ApiServices } from './services.ts';

const KEPT_SECONDS = 24 * 3_600;

interface Claim<R> {
  readonly pk: string;
  readonly body_hash: string;
  /** What makes the effect repeatable: the numbers and ids that the first attempt was given. */
  readonly reserved: R;
  /** Epoch seconds; DynamoDB removes the item some time after. */
  readonly expires_at: number;
}

/**
 * Runs a POST once for its Idempotency-Key. The claim holds what was reserved for the effect, and the effect is written so
 * that it can be run again with the same reservation: a crash in between loses nothing and doubles nothing.
 * @throws Problem 422 where the key was used with another body
 */
export async function idempotent<R extends object>(
  request: ApiRequest,
  services: ApiServices,
  reserve: () => Promise<R>,
  effect: (reserved: R) => Promise<ApiResponse>,
): Promise<ApiResponse> {
  const key = request.header('idempotency-key');
  if (key === undefined) return effect(await reserve());
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw invalid([fault('Idempotency-Key', 'invalid', 'must be 1 to 255 visible ASCII characters')]);
  const bodyHash = createHash('sha256').update(JSON.stringify(request.body)).digest('hex');
  const claim = await claimed(ledgerKey.idempotency(request.token.id, key), bodyHash, services, reserve);
  if (claim.body_hash !== bodyHash)
    throw new Problem(422, 'key_reused', 'this Idempotency-Key was used with another body: take a new key');
  return effect(claim.reserved);
}

async function claimed<R extends object>(
  pk: string,
  bodyHash: string,
  services: ApiServices,
  reserve: () => Promise<R>,
): Promise<Claim<R>> {
  const seconds = Math.floor(services.now() / 1_000);
  const known = (await services.ledgerTable.get(pk)) as Claim<R> | null;
  // TTL deletes late, so an expired claim may still be there.
  if (known && known.expires_at > seconds) return known;
  const claim: Claim<R> = { pk, body_hash: bodyHash, reserved: await reserve(), expires_at: seconds + KEPT_SECONDS };
  try {
    await services.ledgerTable.put(
      { ...claim },
      { expression: 'attribute_not_exists(pk) OR expires_at <= :now', values: { ':now': seconds } },
    );
    return claim;
  } catch (error) {
    if (!(error instanceof ConditionFailedError)) throw error;
    return ((await services.ledgerTable.get(pk)) as Claim<R> | null) ?? claim;
  }
}
