import { readCsvList } from '../../../lambdas/core/recipients/csv-list.ts';
import type { RowAnswer } from '../../../lambdas/core/recipients/list.ts';

export const BLANK: RowAnswer = {
  link_no: null,
  subscriber_no: null,
  code: null,
  url: null,
  promo_code: null,
  arm: null,
  error: null,
};

export const csv = (text: string, ...by: Parameters<typeof readCsvList>[1]) => readCsvList({ text, bom: '' }, by);

/** What a call throws. */
export function thrownBy(call: () => unknown): {
  status: number;
  code: string;
  message: string;
  faults: { path: string; code: string; message: string }[];
} {
  try {
    call();
  } catch (error) {
    return error as ReturnType<typeof thrownBy>;
  }
  throw new Error('nothing was thrown');
}
