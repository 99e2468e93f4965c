import { EVENTS, STATUSES } from '../lambdas/core/postback/parameters.ts';
import { profiles } from '../lambdas/core/profiles/index.ts';
import { ACTORS } from './attribution-terms.ts';

/** What values a dimension can have at all. */
export interface ValueRule {
  readonly fits: (value: string) => boolean;
  /** What a value must be, for whoever wrote another. */
  readonly says: string;
}

const oneOf = (...values: readonly string[]): ValueRule => ({
  fits: (value) => values.includes(value),
  says: `must be one of ${values.join(', ')}`,
});
const like = (pattern: RegExp, says: string): ValueRule => ({ fits: (value) => pattern.test(value), says });
const from = (first: number, last: number): ValueRule => ({
  fits: (value) => /^\d{1,2}$/.test(value) && Number(value) >= first && Number(value) <= last,
  says: `must be a number from ${first} to ${last}`,
});

/** Where a dimension has no value, and where a conversion has no touch that has it. */
const NONE = ['', '(unattributed)'];

/** Rules by the column of a dimension; whatever is not here takes its values from outside. */
const RULES: Readonly<Record<string, ValueRule>> = {
  day: like(/^\d{4}-\d\d-\d\d$/, 'must be a date such as 2026-06-01'),
  hour_of_day: from(0, 23),
  weekday: from(1, 7),
  link_no: like(/^[1-9]\d{0,11}$/, 'must be the number of a link'),
  country: like(/^[A-Z][A-Z0-9]$/, 'must be an ISO 3166-1 code such as US'),
  os: oneOf('ios', 'android', 'windows', 'macos', 'linux', 'chromeos', 'other'),
  device: oneOf('mobile', 'tablet', 'desktop', 'tv', 'bot', 'other'),
  actor: oneOf(...ACTORS),
  event: oneOf(...EVENTS),
  status: oneOf(...STATUSES),
  match: oneOf('click_id', 'promo_code', 'identity', 'none'),
  origin: oneOf('postback', 'webhook', 'api', 'reconciliation'),
  profile: oneOf(...Object.keys(profiles)),
};

/** The rule that a value of a dimension's column breaks; null where it may be one. */
export function brokenRule(column: string, value: string): ValueRule | null {
  const rule = Object.hasOwn(RULES, column) ? RULES[column] : undefined;
  return rule === undefined || NONE.includes(value) || rule.fits(value) ? null : rule;
}
