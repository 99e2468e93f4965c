import { CliError } from '../cli-error.ts';
import { type Answer, type Body, type Client, toError } from '../client.ts';

type Item = Readonly<Record<string, unknown>>;
type Sleep = (ms: number) => Promise<void>;

/** What became of an item; a rejected one with its faults. */
export interface Result {
  readonly status: 'accepted' | 'duplicate' | 'rejected';
  readonly faults: readonly string[];
}

const ATTEMPTS = 9;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Answers after which the same call may be made again: rows are told apart by their keys. */
const PASSING = new Set([409, 429, 500, 502, 503, 504]);

/** Posts a batch, again and again while the API is busy or does not answer. @throws CliError where it does not recover */
export async function postBatch(path: string, items: readonly Item[], client: Client, sleep: Sleep): Promise<Result[]> {
  const answer = await persistently(() => client.ask('POST', path, { body: items }), sleep);
  if (answer.status >= 400) throw toError(answer);
  const results = answer.body.results as { status: Result['status']; errors: Body[] }[];
  return results.map(({ status, errors }) => ({ status, faults: faultsOf(errors) }));
}

/** Calls made at a time where every row is one of its own. */
const AT_ONCE = 8;

/** Puts every item under a path of its own; fields that the path names are not in the body. */
export async function putEach(
  pathOf: (item: Item) => string,
  inPath: readonly string[],
  items: readonly Item[],
  { client, sleep }: { readonly client: Client; readonly sleep: Sleep },
): Promise<Result[]> {
  const results: Result[] = new Array(items.length);
  const queue = items.entries();
  const worker = async () => {
    for (const [at, item] of queue) {
      const body = Object.fromEntries(Object.entries(item).filter(([name]) => !inPath.includes(name)));
      results[at] = resultOf(await persistently(() => client.ask('PUT', pathOf(item), { body }), sleep));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/** @throws CliError where the fault is not the row's */
function resultOf(answer: Answer): Result {
  if (answer.status < 400) return { status: 'accepted', faults: [] };
  if (answer.status !== 422 && answer.status !== 400) throw toError(answer);
  const faults = faultsOf(answer.body?.errors ?? []);
  return { status: 'rejected', faults: faults.length > 0 ? faults : [String(answer.body?.detail)] };
}

const faultsOf = (errors: readonly { readonly path: string; readonly message: string }[]) =>
  errors.map(({ path, message }) => {
    const text = message.replace(', then send it again', ', or correct the row; then import it again');
    if (path === '' || text.startsWith(`${path} `)) return text;
    return /^[A-Z]/.test(text) ? `${path}: ${text}` : `${path} ${text}`;
  });

async function persistently(call: () => Promise<Answer>, sleep: Sleep): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await call().catch((error: unknown) => {
      if (attempt === ATTEMPTS || !(error instanceof CliError)) throw error;
      return null;
    });
    if (answer && (!PASSING.has(answer.status) || attempt === ATTEMPTS)) return answer;
    await sleep(pauseOf(attempt, answer?.headers.get('retry-after') ?? null));
  }
}

function pauseOf(attempt: number, retryAfter: string | null): number {
  const asked = Number(retryAfter) * 1_000 || 0;
  return Math.min(LONGEST_PAUSE_MS, Math.max(asked, FIRST_PAUSE_MS * 2 ** (attempt - 1)));
}
