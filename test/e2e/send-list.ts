import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';

/** One row of a minted list, as the API answers it. */
export interface Minted {
  readonly subscriber_id: string;
  readonly segment: string;
  readonly tier: string;
  readonly link_no: string;
  readonly subscriber_no: string;
  readonly code: string;
  readonly url: string;
  readonly promo_code: string;
  readonly arm: string;
  readonly error?: string;
}

export const SEGMENTS = ['vip', 'regular', 'lapsed'] as const;
const TIERS = ['gold', 'silver'] as const;

/** A list of people: id, segment and an attribute. */
export function peopleCsv(from: number, count: number): string {
  const rows = Array.from({ length: count }, (_, at) => {
    const n = from + at;
    return `s-${n},${SEGMENTS[n % SEGMENTS.length]},${TIERS[n % TIERS.length]}`;
  });
  return `subscriber_id,segment,tier\n${rows.join('\n')}\n`;
}

const ATTEMPTS = 30;

/** Mints a list by segment, again while the API is busy, as every client does. @throws Error with the problem where it is refused */
export async function mint(system: System, linkNo: number, csv: string): Promise<Minted[]> {
  for (let attempt = 1; ; attempt++) {
    const { status, text } = await mintOnce(system, linkNo, csv);
    if (status === 200) return parse(text, { columns: true, skip_empty_lines: true }) as Minted[];
    if (status !== 503 || attempt === ATTEMPTS) throw new Error(`${status} ${text}`);
    await sleep(250);
  }
}

type System = { readonly apiOrigin: string; readonly token: string };

async function mintOnce({ apiOrigin, token }: System, linkNo: number, csv: string) {
  const response = await fetch(`${apiOrigin}/v1/links/${linkNo}/recipients?by=segment`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    body: csv,
  });
  return { status: response.status, text: await response.text() };
}
