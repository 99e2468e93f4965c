import type { ReportColumn, ReportDimension } from './definitions.ts';

const of = (name: string, definition: string): ReportDimension => ({ name, column: name, definition });

/** Dimensions of the report `sources`; messages have only source and time. */
export const sourceDimensions: readonly ReportDimension[] = [
  of('source', 'Source'),
  of('day', 'Calendar day in the time zone asked for, yyyy-MM-dd'),
  of('hour_of_day', 'Hour of the day in the time zone asked for, 0 to 23'),
  of('weekday', 'Day of the week in the time zone asked for, 1 (Monday) to 7 (Sunday)'),
  of('profile', 'Profile of the source; conversions only'),
  of('event', 'Event of the conversion; conversions only'),
  of('status', 'Status of the conversion by its last entry; conversions only'),
  of('match', 'How it was found out who converted; conversions only'),
  of('reason', 'Why nothing matched; conversions only'),
  of('origin', 'postback, webhook, api or reconciliation; conversions only'),
];

/** Columns of dimensions that messages do not have: nobody has interpreted them. */
export const NOT_OF_MESSAGES = ['profile', 'event', 'status', 'match', 'reason', 'origin'];

const figure = (name: string, unit: string, definition: string, additive = true): ReportColumn => ({
  name,
  unit,
  definition,
  additive,
});

/** Figures of the report `sources`. */
export const sourceFigures: readonly ReportColumn[] = [
  figure('messages', 'messages', 'Authenticated messages received'),
  figure(
    'messages_without_entry',
    'messages',
    'Of these, those that changed nothing in the ledger: duplicates, quarantined, rejected and ignored ones; GET /v1/sources/{id}/events says which',
  ),
  figure(
    'conversions',
    'conversions',
    'Conversions accepted, by the time they happened, whatever their event and status: rebills and rejected ones too, which reports performance and attribution do not count',
  ),
  figure('rejected', 'conversions', 'Of these, those that are rejected or reversed now'),
  figure('adjustments', 'entries', 'Refunds, chargebacks, corrections and changes of status'),
  figure('matched', 'conversions', 'Conversions of which it is known whose they are'),
  figure('by_click', 'conversions', 'Of these, by click id'),
  figure('by_promo', 'conversions', 'Of these, by promo code'),
  figure('by_identity', 'conversions', 'Of these, by identity'),
  figure('conflicts', 'conversions', 'Conversions whose keys named different people'),
  figure('match_rate', 'ratio', 'matched / conversions', false),
  figure('match_rate_low', 'ratio', 'Lower limit of its 95 % interval (Wilson)', false),
  figure('match_rate_high', 'ratio', 'Upper limit of its 95 % interval (Wilson)', false),
  figure('click_delay_p50_s', 's', 'From the click named to the conversion: half are as short', false),
  figure('click_delay_p90_s', 's', 'From the click named to the conversion: nine of ten are as short', false),
  figure('arrival_delay_p50_s', 's', 'From the conversion to its arrival: half are as short', false),
  figure('arrival_delay_p90_s', 's', 'From the conversion to its arrival: nine of ten are as short', false),
  figure('last_seen', 'time', 'When the last message or entry came', false),
  figure('is_total', 'boolean', 'True on the one row over all groups, whose dimensions are null', false),
];
