import { Problem } from '../../core/api/problem.ts';
import type { Campaign } from '../../core/entities/campaign.ts';
import type { Experiment } from '../../core/entities/experiment.ts';
import type { Link } from '../../core/entities/link.ts';
import type { List, RowAnswer } from '../../core/recipients/list.ts';
import type { ReadRow } from '../../core/recipients/read-row.ts';
import type { ApiRequest } from '../http.ts';
import { linkOrigin } from '../link-view.ts';
import type { Deployment } from '../services.ts';
import type { Coded } from './codes.ts';
import type { MintOptions } from './options.ts';
import { holdoutOf } from './placed.ts';
import { listTypeOf } from './read-list.ts';

/** Most bytes of one answer. */
const MAX_ANSWER_BYTES = 5_000_000;
/** Bytes that numbers, code, check characters, punctuation and, in JSON, names add to a row at most. */
const ROW_BYTES = { csv: 80, json: 150 };

const BLANK: RowAnswer = {
  link_no: null,
  subscriber_no: null,
  code: null,
  url: null,
  promo_code: null,
  arm: null,
  error: null,
};

/** What the answer says of a row; null where it is left out. */
export function answerOf(row: ReadRow, coded: Coded | null, { isTreatmentOnly }: MintOptions): RowAnswer | null {
  if ('error' in row || !coded) return { ...BLANK, error: 'error' in row ? row.error : null };
  if (isTreatmentOnly && holdoutOf(coded)) return null;
  return {
    link_no: (coded.mintsOn ?? coded.link).link_no,
    subscriber_no: coded.subscriberNo,
    code: coded.code,
    url: coded.url,
    promo_code: coded.promoCode,
    arm: coded.assignments.at(-1)?.arm.name ?? null,
    error: null,
  };
}

/** How many rows of the answer are to be messaged, held out, or at fault: a client that knows need not look for them. */
export function countsOf(answers: readonly (RowAnswer | null)[]) {
  const counts = { minted: 0, held_out: 0, rejected: 0 };
  for (const answer of answers)
    if (answer) counts[answer.error !== null ? 'rejected' : answer.code === null ? 'held_out' : 'minted'] += 1;
  return counts;
}

/** Something about a list that does not keep it from being minted, and that whoever sends it should know. */
export interface MintWarning {
  readonly code: 'rows_without_identity' | 'columns_replaced';
  /** Rows or columns it is about. */
  readonly count: number;
  readonly message: string;
}

export function warningsOf(list: List, rows: readonly ReadRow[], isDrawing: boolean): MintWarning[] {
  const anonymous = rows.filter(
    (row) => 'recipient' in row && Object.keys(row.recipient.identities).length === 0,
  ).length;
  const warnings: MintWarning[] = [];
  if (isDrawing && anonymous > 0)
    warnings.push({
      code: 'rows_without_identity',
      count: anonymous,
      message: `${anonymous} rows have no email, phone or customer_id: what their people buy is seen only where the shop tells the subscriber_id, so lift may miss it`,
    });
  if (list.replaced.length > 0)
    warnings.push({
      code: 'columns_replaced',
      count: list.replaced.length,
      message: `the list had columns of an earlier mint, which were written anew: ${list.replaced.join(', ')}`,
    });
  return warnings;
}

/** What the length of an answer depends on. */
export interface AnswerSize {
  readonly link: Link;
  readonly campaign: Campaign | null;
  readonly experiments: readonly Experiment[];
  readonly deployment: Deployment;
}

/**
 * The answer is larger than the list, and is limited as well; what would not fit is refused before anything is written.
 * @throws Problem 413
 */
export function checkAnswerSize(request: ApiRequest, rows: readonly ReadRow[], size: AnswerSize): void {
  const errors = rows.reduce((sum, row) => sum + ('error' in row ? Buffer.byteLength(row.error) : 0), 0);
  const bytes = request.bytes.length + rows.length * rowBytes(listTypeOf(request) === 'text/csv', size) + errors;
  if (bytes <= MAX_ANSWER_BYTES) return;
  const fitting = Math.floor((rows.length * MAX_ANSWER_BYTES) / bytes);
  throw new Problem(
    413,
    'answer_too_large',
    `the answer might have more than ${MAX_ANSWER_BYTES} bytes: send at most ${fitting} of these rows at a time`,
    [],
    { limit_rows: fitting },
  );
}

function rowBytes(isCsv: boolean, { link, campaign, experiments, deployment }: AnswerSize): number {
  const origin = linkOrigin(link.domain, deployment).length;
  const prefix = campaign?.promo?.prefix.length ?? 0;
  const arms = experiments.flatMap((experiment) => experiment.arms.map(({ name }) => name.length));
  return (isCsv ? ROW_BYTES.csv : ROW_BYTES.json) + origin + prefix + Math.max(0, ...arms);
}
