import Papa from 'papaparse';

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

/** A list of people: id, e-mail, segment and an attribute. */
export function peopleCsv(from: number, count: number): string {
  const rows = Array.from({ length: count }, (_, at) => {
    const n = from + at;
    return `s-${n},s${n}@people.example,${SEGMENTS[n % SEGMENTS.length]},${TIERS[n % TIERS.length]}`;
  });
  return `subscriber_id,email,segment,tier\n${rows.join('\n')}\n`;
}

/** Mints a list by segment. @throws Error with the problem where it is refused */
export async function mint(
  { apiOrigin, token }: { readonly apiOrigin: string; readonly token: string },
  linkNo: number,
  csv: string,
): Promise<Minted[]> {
  const response = await fetch(`${apiOrigin}/v1/links/${linkNo}/recipients?by=segment`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    body: csv,
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text}`);
  return Papa.parse<Minted>(text, { header: true, skipEmptyLines: true }).data;
}
