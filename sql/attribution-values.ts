import { windowMs } from '../lambdas/core/attribution/window.ts';
import type { AttributionTerms } from './attribution-terms.ts';
import { LATE_ARRIVAL_DAYS } from './definitions.ts';
import { arrivalDay } from './report-plan.ts';
import { inPieces, type Values } from './statement.ts';

const DAY_MS = 86_400_000;
/** Later than anything, as a moment and as a day. */
const FOREVER = 253_402_300_799_999;
/** A conversion may lie this much before its touch, as in lambdas/core/attribution/window.ts. */
const SKEW_MS = 60_000;

/**
 * Days after a sale on which what is taken back from it is still attributed to its touches, where the range is one of entries:
 * the longest time card schemes give for a chargeback. Every day more is a day more of clicks to read.
 */
export const RETURN_DAYS = 120;

/** Days after its send on which a touch still counts for its cohort, where the range is one of sends; a later one stands at its own time. */
export const LATE_CLICK_DAYS = 30;

/** A code counts as long as it is valid, whatever the window: messages that carried it are looked for this many days further back. */
export const CODE_DAYS = 180;

/** Clocks that may decide range and day of an attribution report. */
export type Basis = 'conversion' | 'click' | 'send';

interface Range {
  readonly from: number;
  readonly to: number;
  readonly basis: string;
}

const ms = (window: string): number => windowMs(window) ?? 0;

/** The longest window that any touch may have, ms. */
export function longestWindow({ choice, rules }: AttributionTerms): number {
  if (choice.window !== null) return ms(choice.window);
  const own = [...Object.values(rules.campaign_windows), ...Object.values(rules.offer_windows)];
  return Math.max(ms(rules.window), ...own.map(ms));
}

/**
 * Days of arrival to read, and conversions to look at. Touches: as long before as the longest window, and behind what is
 * taken back; after it as long as records come late. Ledger: to its newest entry.
 */
export function daysOf({ from, to, basis }: Range, terms: AttributionTerms) {
  const longest = longestWindow(terms);
  const asOf = terms.choice.as_of ?? FOREVER;
  const before = basis === 'conversion' ? RETURN_DAYS * DAY_MS : 0;
  const after = { conversion: 0, click: longest, send: longest + LATE_CLICK_DAYS * DAY_MS }[basis as Basis];
  return {
    from,
    to,
    as_of: asOf,
    oldest_sale: basis === 'conversion' ? from - before : 0,
    scope_from: from - SKEW_MS,
    scope_to: to + after,
    ledger_first: arrivalDay(from - before, -1),
    ledger_last: arrivalDay(asOf),
    codes_first: arrivalDay(from - before - longest, -CODE_DAYS),
    sends_first: arrivalDay(from - (basis === 'send' ? LATE_CLICK_DAYS * DAY_MS : 0), -1),
    late_click_ms: LATE_CLICK_DAYS * DAY_MS,
    roaming_first: arrivalDay(from - longest, -1),
    touches_first: arrivalDay(from - before - longest, -1),
    touches_last: arrivalDay(to - 1 + after, LATE_ARRIVAL_DAYS),
  };
}

export type Days = ReturnType<typeof daysOf>;

/** Windows, events and the choices of a request. */
export function termValues({ choice, rules }: AttributionTerms): Values {
  const windows = (own: Readonly<Record<string, string>>) =>
    inPieces(JSON.stringify(Object.fromEntries(Object.entries(own).map(([id, window]) => [id, ms(window)]))));
  const events = Object.entries(rules.campaign_events).map(([id, own]) => [id, enclosed(own)]);
  return {
    campaign_windows: windows(rules.campaign_windows),
    offer_windows: windows(rules.offer_windows),
    account_window: ms(choice.window ?? rules.window),
    campaign_events: inPieces(JSON.stringify(Object.fromEntries(events))),
    account_events: enclosed(rules.events),
    half_life: ms(choice.half_life),
    actors: enclosed(choice.actors),
  };
}

/** `,a,b,`: a text in which a whole word is found by looking for it between commas. */
const enclosed = (words: readonly string[]): string => `,${words.join(',')},`;
