import { clickColumns } from '../lambdas/contract/clicks.ts';
import { conversionColumns } from '../lambdas/contract/conversions.ts';
import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { LATE_ARRIVAL_DAYS } from './definitions.ts';
import { readSql } from './read-sql.ts';
import { arrivalDay } from './report-plan.ts';
import { selectList } from './view-columns.ts';

/** What a click id says of its click. */
export interface LookedUpClick {
  readonly clickId: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly linkNo: number;
  /** 0 on slugs. */
  readonly subscriberNo: number;
  readonly nonce: number;
}

/** Access logs tell seconds, and edge locations' clocks differ a little. */
const LOG_SLACK_MS = 60_000;

const daysAround = (from: number, to: number) => [arrivalDay(from, -1), arrivalDay(to, LATE_ARRIVAL_DAYS)];

/** Rows of one click, those rebuilt from logs among them. */
export function clickRowsStatement({ clickId, time, linkNo, subscriberNo, nonce }: LookedUpClick): Statement {
  const near = [time - LOG_SLACK_MS, time + LOG_SLACK_MS];
  const parameters = [...daysAround(time, time), clickId, nonce, linkNo, subscriberNo, ...near];
  return { sql: readSql('reports/click-rows.sql').replace('{{columns}}', selectList(clickColumns)), parameters };
}

/** Conversions that name a click. @param now epoch milliseconds */
export function clickConversionsStatement({ clickId, time }: LookedUpClick, now: number): Statement {
  const parameters = [arrivalDay(time, -1), arrivalDay(now, 1), clickId];
  return { sql: readSql('reports/click-conversions.sql'), parameters };
}

/** Every version of the entries of a conversion that arrived in these days, epoch milliseconds. */
export function conversionEntriesStatement(conversionId: string, from: number, to: number): Statement {
  const sql = readSql('reports/conversion-entries.sql').replace('{{columns}}', selectList(conversionColumns));
  return { sql, parameters: [...daysAround(from, to), conversionId] };
}

export interface PersonTouchesRequest {
  readonly subscriberNo: number | null;
  /** The click a conversion names, whoever made it; null where it names none. */
  readonly clickId: string | null;
  /** Epoch milliseconds, both included. */
  readonly from: number;
  readonly to: number;
}

/** Clicks and touches of a subscriber, and one click more. */
export function personTouchesStatement({ subscriberNo, clickId, from, to }: PersonTouchesRequest): Statement {
  // No subscriber has a negative number.
  const who = subscriberNo ?? -1;
  const range = [...daysAround(from, to), from, to];
  const parameters = [...range, who, clickId ?? '', ...range, who];
  return { sql: readSql('reports/person-touches.sql'), parameters };
}
