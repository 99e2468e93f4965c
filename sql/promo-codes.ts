import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { readSql } from './read-sql.ts';

export interface PromoCodesRequest {
  readonly campaignId: string;
  /** When the campaign was made, epoch ms: no code is older. */
  readonly from: number;
  /** Epoch ms. */
  readonly to: number;
  /** Last row of the page before; null for the first page. */
  readonly after: { readonly subscriberNo: number; readonly promoCode: string } | null;
  readonly limit: number;
}

const DAY_MS = 86_400_000;

/** The statement that lists the promo codes of a campaign, page by page. */
export function promoCodesStatement({ campaignId, from, to, after, limit }: PromoCodesRequest): Statement {
  const { subscriberNo, promoCode } = after ?? { subscriberNo: 0, promoCode: '' };
  // A day on both sides: arrival is dated by another clock than the campaign's.
  const days = [from - DAY_MS, to + DAY_MS].map((time) => new Date(time).toISOString().slice(0, 10));
  const parameters = [...days, campaignId, subscriberNo, subscriberNo, promoCode, limit];
  return { sql: readSql('reports/promo-codes.sql'), parameters };
}
