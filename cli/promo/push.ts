import { statSync } from 'node:fs';
import type { Campaign } from '../../lambdas/core/entities/campaign.ts';
import type { ShopifyAdmin } from '../shopify/admin.ts';
import { type Discount, discountById, findOrCreateDiscount } from '../shopify/discount.ts';
import { type PushCounts, pushCodes } from '../shopify/push-codes.ts';
import type { Terminal } from '../terminal.ts';
import { after, withFirst } from './campaign-codes.ts';
import { PushJournal } from './push-state.ts';

export interface PushRequest {
  readonly shop: string;
  readonly admin: ShopifyAdmin;
  readonly campaignId: string;
  readonly promo: NonNullable<Campaign['promo']>;
  /** Output of a mint that the codes come from; without it they come from the API. */
  readonly file: string | undefined;
  readonly discountId: string | undefined;
  readonly title: string;
  readonly codes: () => AsyncGenerator<string>;
}

export interface PushResult {
  readonly discount: Discount;
  readonly counts: PushCounts;
  /** Codes that an interrupted run had pushed already. */
  readonly resumedAt: number;
}

const TELL_EVERY_MS = 5_000;

/** Pushes a campaign's codes to a shop, from where an interrupted run stopped. @throws CliError */
export async function push(request: PushRequest, terminal: Terminal): Promise<PushResult> {
  const journal = new PushJournal(request.shop, request.campaignId, terminal);
  const key = keyOf(request);
  const before = journal.read(key);
  const [firstCode, codes] = await withFirst(request.codes(), `campaign ${request.campaignId}`);
  const discount = await discountOf(request, before?.discountId, firstCode, terminal);
  const resumedAt = before?.discountId === discount.id ? before.done : 0;
  if (resumedAt > 0) terminal.stderr.write(`going on behind ${resumedAt} codes of an interrupted run\n`);
  const tell = teller(terminal);
  const counts = await pushCodes(discount.isNew ? without(codes, firstCode) : after(codes, resumedAt), {
    shop: request.admin,
    discountId: discount.id,
    terminal,
    onProgress: (soFar, done) => {
      journal.write({ request: key, discountId: discount.id, done: resumedAt + done });
      tell(soFar);
    },
  });
  journal.clear();
  // A new discount was made with its first code.
  if (discount.isNew) counts.added += 1;
  return { discount, counts, resumedAt };
}

async function discountOf(
  { admin, discountId, title, promo }: PushRequest,
  earlier: string | undefined,
  firstCode: string,
  terminal: Terminal,
): Promise<Discount> {
  const named = discountId ?? earlier;
  if (named !== undefined) return discountById(admin, named);
  return findOrCreateDiscount(admin, { title, promo, firstCode, now: terminal.now() });
}

/** What an interrupted run must have been asked for to go on. */
function keyOf({ file, discountId, title, promo }: PushRequest): string {
  const list = file === undefined ? null : { file, size: statSync(file).size, modified: statSync(file).mtimeMs };
  return JSON.stringify({ list, discountId, title, promo });
}

async function* without(codes: AsyncIterable<string>, left: string): AsyncGenerator<string> {
  for await (const code of codes) if (code !== left) yield code;
}

/** Tells the counts now and then. */
function teller({ stderr, now }: Terminal): (counts: PushCounts) => void {
  const began = now();
  let toldAt = began;
  return ({ added, present, failed }) => {
    if (now() - toldAt < TELL_EVERY_MS) return;
    toldAt = now();
    const done = added + present + failed.length;
    const speed = Math.round((done * 1_000) / (toldAt - began));
    stderr.write(
      `${done} codes done (${added} added, ${present} there already, ${failed.length} failed), ${speed}/s\n`,
    );
  };
}
