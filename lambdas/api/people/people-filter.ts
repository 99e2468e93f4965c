import type { campaignRecipientsStatement } from '../../../sql/catalog.ts';
import { type Fault, fault, invalid } from '../../core/api/problem.ts';
import { ID_PATTERN } from '../../core/entities/fields.ts';

/** A query is run once for all pages, so a page may be large. */
export const MAX_LIMIT = 10_000;
export const STANDARD_LIMIT = 1_000;

/** Query parameters of a campaign's people and what they mean. */
export const RECIPIENTS_QUERY = {
  clicked: 'true or false: only those with, or without, a human click on any link of the campaign',
  converted: 'true or false: only those with, or without, a counted conversion since they were minted in the campaign',
  arm: 'only this arm, the holdout among them',
  arms: 'all: holdouts too; treatment, if not given: without them',
  segment: 'only those minted on links of this segment',
  message_id: 'only those minted on links of this message',
  link_no: 'only those minted on this link',
  label: 'only those with this label; a page may then be short, and not the last',
  limit: `1 to ${MAX_LIMIT}, ${STANDARD_LIMIT} if not given; fewer where they would not fit an answer`,
  cursor: 'next_cursor of the page before; x-next-cursor in CSV. Kept for a day, ten minutes in local mode',
} as const;

const IDS = ['arm', 'segment', 'message_id', 'label'] as const;
const PAGING = ['limit', 'cursor'];

type Asked = Omit<Parameters<typeof campaignRecipientsStatement>[0], 'campaignId' | 'asOf' | 'events'>;

export interface PeopleFilter {
  readonly asked: Asked;
  readonly label: string | undefined;
  /** The filter as a query string, always in the same order: a cursor is good for it alone. */
  readonly text: string;
}

/** @throws Problem 422 with every fault of the parameters */
export function peopleFilter(query: Readonly<Record<string, string>>): PeopleFilter {
  const faults = faultsOf(query);
  if (faults.length > 0) throw invalid(faults);
  const { clicked, converted, arm, arms, segment, message_id: messageId, link_no: linkNo, label } = query;
  const asked: Asked = {
    ...(clicked !== undefined && { clicked: clicked === 'true' }),
    ...(converted !== undefined && { converted: converted === 'true' }),
    ...(arm !== undefined && { arm }),
    ...(segment !== undefined && { segment }),
    ...(messageId !== undefined && { messageId }),
    ...(linkNo !== undefined && { linkNo: Number(linkNo) }),
    allArms: arms === 'all' || arm !== undefined,
  };
  const named = Object.entries(query).filter(([name]) => !PAGING.includes(name));
  const text = new URLSearchParams(named.sort(([a], [b]) => (a < b ? -1 : 1))).toString();
  return { asked, label, text };
}

function faultsOf(query: Readonly<Record<string, string>>): Fault[] {
  const known = Object.keys(RECIPIENTS_QUERY);
  const unknown = Object.keys(query).filter((name) => !known.includes(name));
  const oneOf = (name: string, values: readonly string[]) =>
    query[name] !== undefined &&
    !values.includes(query[name]) &&
    fault(name, 'invalid', `must be ${values.join(' or ')}`);
  return [
    ...unknown.map((name) => fault(name, 'unknown_parameter', `is not a parameter; known are ${known.join(', ')}`)),
    oneOf('clicked', ['true', 'false']),
    oneOf('converted', ['true', 'false']),
    oneOf('arms', ['all', 'treatment']),
    ...IDS.map(
      (name) =>
        query[name] !== undefined &&
        !ID_PATTERN.test(query[name]) &&
        fault(name, 'invalid', 'must be 1 to 64 characters of A-Z a-z 0-9 . _ -'),
    ),
    query.link_no !== undefined &&
      !/^[1-9]\d{0,11}$/.test(query.link_no) &&
      fault('link_no', 'invalid', 'must be the number of a link'),
    query.arm !== undefined &&
      query.arms !== undefined &&
      fault('arms', 'invalid', 'says nothing beside arm: name one of the two'),
  ].filter((found) => found !== false);
}
