import { CliError } from '../cli-error.ts';
import type { Terminal } from '../terminal.ts';
import type { ShopifyAdmin } from './admin.ts';
import { isTaken, ownerOf } from './discount.ts';

/**
 * Most codes of one call (https://shopify.dev/docs/api/admin-graphql/latest/mutations/discountRedeemCodeBulkAdd: 250; it
 * was 100 before 2025).
 */
export const BATCH_SIZE = 250;

/** Batches under way at once: adding is a job at Shopify that takes seconds, in which a single one would leave points unused. */
const WIDTH = 4;
const FIRST_POLL_MS = 500;
const LONGEST_POLL_MS = 5_000;
/** A job that takes longer than this is left to itself. */
const PATIENCE_MS = 10 * 60_000;

const ADD = `mutation OnehopCodesAdd($discountId: ID!, $codes: [DiscountRedeemCodeInput!]!) {
  discountRedeemCodeBulkAdd(discountId: $discountId, codes: $codes) { bulkCreation { id } userErrors { code field message } } }`;
const STATUS = `query OnehopCodesStatus($id: ID!) {
  discountRedeemCodeBulkCreation(id: $id) { done codesCount importedCount failedCount } }`;
const RESULTS = `query OnehopCodesResults($id: ID!) {
  discountRedeemCodeBulkCreation(id: $id) { codes(first: ${BATCH_SIZE}) { nodes { code errors { code field message } } } } }`;

export interface FailedCode {
  readonly code: string;
  readonly reason: string;
}

/** What became of codes. */
export interface PushCounts {
  added: number;
  /** In the discount already, by an earlier run. */
  present: number;
  readonly failed: FailedCode[];
}

export interface PushOptions {
  readonly shop: ShopifyAdmin;
  readonly discountId: string;
  readonly terminal: Pick<Terminal, 'now' | 'sleep'>;
  /** Told after each batch: all counts, and how many codes from the beginning on are done without a gap. */
  readonly onProgress: (counts: PushCounts, done: number) => void;
}

/**
 * Adds codes to a discount, several batches at a time. A code that is there already counts as present, so a push may be
 * repeated. Where a batch fails, those under way are finished first.
 * @throws CliError
 */
export async function pushCodes(codes: AsyncIterable<string>, options: PushOptions): Promise<PushCounts> {
  const batches = batchesOf(codes);
  const counts: PushCounts = { added: 0, present: 0, failed: [] };
  const gapless = new Gapless();
  let isStopped = false;
  const work = async () => {
    for (let next = await batches.next(); !next.done && !isStopped; next = await batches.next()) {
      const { index, batch } = next.value;
      await pushBatch(batch, counts, options);
      options.onProgress(counts, gapless.add(index, batch.length));
    }
  };
  const workers = Array.from({ length: WIDTH }, () =>
    work().catch((error: unknown) => {
      isStopped = true;
      throw error;
    }),
  );
  const failed = (await Promise.allSettled(workers)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return counts;
}

/** Generators serve their callers one after the other, so workers can share one. */
async function* batchesOf(codes: AsyncIterable<string>): AsyncGenerator<{ index: number; batch: string[] }> {
  let batch: string[] = [];
  let index = 0;
  for await (const code of codes) {
    batch.push(code);
    if (batch.length < BATCH_SIZE) continue;
    yield { index, batch };
    index += 1;
    batch = [];
  }
  if (batch.length > 0) yield { index, batch };
}

/** Counts what is done from the beginning on without a gap, while batches end in any order. */
class Gapless {
  readonly #ended = new Map<number, number>();
  #next = 0;
  #done = 0;

  add(index: number, size: number): number {
    this.#ended.set(index, size);
    for (let ended = this.#ended.get(this.#next); ended !== undefined; ended = this.#ended.get(this.#next)) {
      this.#ended.delete(this.#next);
      this.#done += ended;
      this.#next += 1;
    }
    return this.#done;
  }
}

interface UserError {
  readonly code: string | null;
  readonly message: string;
}

async function pushBatch(batch: readonly string[], counts: PushCounts, options: PushOptions): Promise<void> {
  const { shop, discountId } = options;
  const { discountRedeemCodeBulkAdd: answer } = await shop.call<{
    discountRedeemCodeBulkAdd: { bulkCreation: { id: string } | null; userErrors: readonly UserError[] };
  }>(ADD, { discountId, codes: batch.map((code) => ({ code })) });
  if (!answer.bulkCreation)
    throw new CliError(
      'Shopify refuses the codes',
      answer.userErrors.map(({ message }) => message),
    );
  const { imported, failed } = await ended(answer.bulkCreation.id, options);
  counts.added += imported;
  if (failed > 0) await sortOut(answer.bulkCreation.id, counts, options);
}

interface JobStatus {
  readonly done: boolean;
  readonly codesCount: number;
  readonly importedCount: number;
  readonly failedCount: number;
}

/** Waits for a job. `done` alone may mean that it has begun, so its counts have to add up too. */
async function ended(id: string, { shop, terminal }: PushOptions): Promise<{ imported: number; failed: number }> {
  const began = terminal.now();
  for (
    let pause = FIRST_POLL_MS;
    terminal.now() - began < PATIENCE_MS;
    pause = Math.min(pause * 1.5, LONGEST_POLL_MS)
  ) {
    await terminal.sleep(pause);
    const { discountRedeemCodeBulkCreation: job } = await shop.call<{
      discountRedeemCodeBulkCreation: JobStatus | null;
    }>(STATUS, { id });
    if (!job) throw new CliError(`Shopify does not know the job ${id} any more: run this again`);
    if (job.done && job.importedCount + job.failedCount >= job.codesCount)
      return { imported: job.importedCount, failed: job.failedCount };
  }
  throw new CliError(
    'Shopify has not finished adding codes after ten minutes: run this again later, nothing is added twice',
  );
}

/** Tells codes that are there already from those that were refused. */
async function sortOut(id: string, counts: PushCounts, { shop, discountId }: PushOptions): Promise<void> {
  const { discountRedeemCodeBulkCreation: job } = await shop.call<{
    discountRedeemCodeBulkCreation: { codes: { nodes: readonly { code: string; errors: readonly UserError[] }[] } };
  }>(RESULTS, { id });
  const refused = job.codes.nodes.filter(({ errors }) => errors.length > 0);
  const taken = refused.filter(({ errors }) => errors.every(isTaken)).map(({ code }) => code);
  for (const { code, errors } of refused)
    if (!errors.every(isTaken)) counts.failed.push({ code, reason: errors.map(({ message }) => message).join(', ') });
  const [sample] = taken;
  // One stands for its batch: codes of a campaign lie in one discount, unless somebody moved them.
  if (sample === undefined || (await ownerOf(shop, sample)) === discountId) counts.present += taken.length;
  else await countOwners(taken, counts, { shop, discountId });
}

async function countOwners(
  codes: readonly string[],
  counts: PushCounts,
  { shop, discountId }: Pick<PushOptions, 'shop' | 'discountId'>,
): Promise<void> {
  for (const code of codes) {
    const owner = await ownerOf(shop, code);
    if (owner === discountId) counts.present += 1;
    else counts.failed.push({ code, reason: `belongs to another discount (${owner ?? 'unknown'})` });
  }
}
