import type { Touch } from './types.ts';

const byText = (a: string, b: string) => Number(a > b) - Number(a < b);
const numberOf = (link: number | null) => link ?? Number.POSITIVE_INFINITY;

/** Order of touches: by time, at the same millisecond by link (those without one last), then by id. In SQL: `ts, link_no NULLS LAST, touch_id`. */
export function inOrder(a: Touch, b: Touch): number {
  if (a.ts !== b.ts) return a.ts - b.ts;
  const [x, y] = [numberOf(a.link_no), numberOf(b.link_no)];
  return x === y ? byText(a.touch_id, b.touch_id) : x - y;
}
