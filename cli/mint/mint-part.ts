import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../cli-error.ts';
import type { Answer, Client } from '../client.ts';
import type { Part } from './parts.ts';
import { type ListSource, MEDIA_TYPES } from './source.ts';

/** What a run asks of the API for each part. */
export interface MintCall {
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
}

const ATTEMPTS = 9;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Answers after which the same part may be sent again: minting twice gives the same codes. */
const PASSING = new Set([409, 429, 500, 502, 503, 504]);

/**
 * Sends a part, again and again while the API is busy or does not answer.
 * @throws CliError where it refuses the part, or does not recover
 */
export async function mintPart(
  client: Client,
  { path, query }: MintCall,
  list: ListSource,
  part: Part,
): Promise<Answer> {
  const bytes = Buffer.concat([list.header, part.bytes]);
  const headers = { 'content-type': MEDIA_TYPES[list.format], accept: MEDIA_TYPES[list.format] };
  for (let attempt = 1; ; attempt++) {
    const answer = await client.ask('POST', path, { bytes, query, headers }).catch(orGiveUp(attempt));
    if (answer && !PASSING.has(answer.status)) return answer;
    if (answer && attempt === ATTEMPTS) return answer;
    await sleep(pauseOf(attempt, answer?.headers.get('retry-after') ?? null));
  }
}

/** Nobody answered: worth another try, but not for ever. */
function orGiveUp(attempt: number) {
  return (error: unknown): null => {
    if (attempt === ATTEMPTS || !(error instanceof CliError)) throw error;
    return null;
  };
}

function pauseOf(attempt: number, retryAfter: string | null): number {
  const asked = Number(retryAfter) * 1_000 || 0;
  const own = FIRST_PAUSE_MS * 2 ** (attempt - 1);
  return Math.min(LONGEST_PAUSE_MS, Math.max(asked, own));
}
