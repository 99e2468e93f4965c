import { CliError } from '../cli-error.ts';
import type { Client } from '../client.ts';
import { settled } from '../settled.ts';
import { readList } from '../sms/list-file.ts';
import type { Terminal } from '../terminal.ts';

/** Codes of one call; the API's own limit. */
const PAGE = '20000';

/** Every promo code of a campaign, page after page, in a lasting order. @throws CliError */
export async function* campaignCodes(client: Client, campaignId: string, terminal: Terminal): AsyncGenerator<string> {
  let cursor: string | undefined;
  do {
    const path = `/v1/campaigns/${encodeURIComponent(campaignId)}/promo-codes`;
    const body = await settled(client, path, { limit: PAGE, cursor }, terminal);
    for (const { promo_code } of body.promo_codes) yield promo_code;
    cursor = body.next_cursor ?? undefined;
  } while (cursor);
}

/**
 * The codes in the output of a mint, each once: people may stand in a list twice, and the shop takes a code once.
 * Remembers what it has seen, about a hundred bytes a code.
 * @throws CliError
 */
export async function* mintedCodes(file: string): AsyncGenerator<string> {
  const seen = new Set<string>();
  for await (const row of readList(file, ['promo_code'])) {
    const code = row.promo_code?.trim() ?? '';
    if (code === '' || seen.has(code)) continue;
    seen.add(code);
    yield code;
  }
}

/** The codes behind the first `count`. */
export async function* after(codes: AsyncIterable<string>, count: number): AsyncGenerator<string> {
  let passed = 0;
  for await (const code of codes) {
    passed += 1;
    if (passed > count) yield code;
  }
}

/** The first code and all of them. @throws CliError where there is none */
export async function withFirst(
  codes: AsyncGenerator<string>,
  whose: string,
): Promise<[string, AsyncGenerator<string>]> {
  const { value: first, done } = await codes.next();
  if (done)
    throw new CliError(`${whose} has no promo codes: mint people on a personal link of a campaign with a promo first`);
  const all = async function* () {
    yield first;
    yield* codes;
  };
  return [first, all()];
}
