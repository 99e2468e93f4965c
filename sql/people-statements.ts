import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { LATE_ARRIVAL_DAYS } from './definitions.ts';
import { readSql } from './read-sql.ts';
import { arrivalDay } from './report-plan.ts';

/** Whom of a campaign to list. */
export interface CampaignRecipientsRequest {
  readonly campaignId: string;
  /** What happened from here on is left out, epoch ms. */
  readonly asOf: number;
  /** Who has, or has not, a human click on any link of the campaign. @default both */
  readonly clicked?: boolean;
  /** Who has, or has not, a counted conversion. @default both */
  readonly converted?: boolean;
  /** Events that make a conversion count. */
  readonly events: readonly string[];
  /** @default any */
  readonly arm?: string;
  readonly segment?: string;
  readonly messageId?: string;
  readonly linkNo?: number;
  /** True to list holdouts too. */
  readonly allArms: boolean;
}

/** The statement that lists people of a campaign; one run serves all pages. */
export function campaignRecipientsStatement(request: CampaignRecipientsRequest): Statement {
  const { campaignId, asOf, clicked, converted, events, arm = '', segment = '', messageId = '', linkNo = 0 } = request;
  const lastDay = arrivalDay(asOf, 1);
  const asked = [arm, arm, arm, ...[segment, messageId, linkNo].flatMap((value) => [value, value])];
  const flag = (value: boolean | undefined) => (value === undefined ? '' : String(value));
  const parameters = [
    ...[lastDay, campaignId, asOf, ...asked, request.allArms ? 'all' : 'treatment'],
    ...[lastDay, campaignId, asOf],
    ...[lastDay, events.join(','), campaignId, asOf],
    ...[clicked, converted].map(flag).flatMap((value) => [value, value]),
  ];
  return { sql: readSql('reports/campaign-recipients.sql'), parameters };
}

export interface TimelineRequest {
  readonly subscriberId: string;
  readonly subscriberNo: number;
  /** Begin, epoch ms. */
  readonly from: number;
  /** End, epoch ms, exclusive. */
  readonly to: number;
}

/** The statement that lists what happened to a subscriber; one run serves all pages. */
export function timelineStatement({ subscriberId, subscriberNo, from, to }: TimelineRequest): Statement {
  const days = [arrivalDay(from, -1), arrivalDay(to - 1, LATE_ARRIVAL_DAYS)];
  const range = [from, to];
  const parameters = [
    ...[...days, subscriberNo, ...range],
    ...[...days, subscriberNo, subscriberId, ...range],
    ...[...days, subscriberNo, ...range],
    ...[...days, subscriberNo, subscriberId, ...range],
    ...days,
    ...[subscriberNo, subscriberId, ...range],
  ];
  return { sql: readSql('reports/subscriber-timeline.sql'), parameters };
}
