import type { SavedQuery } from './definitions.ts';
import { readSql } from './read-sql.ts';

const saved = (name: string, file: string, doc: string, days = 7): SavedQuery => ({
  name,
  doc,
  sql: readSql(`saved/${file}`),
  days,
});

/** Statements offered in Athena's console; each reads the last days of arrival only. */
export const savedQueries: readonly SavedQuery[] = [
  saved('Clicks by day', 'clicks-by-day.sql', 'Human, suspect and bot clicks by UTC day.'),
  saved('Why clicks are bots', 'bot-reasons.sql', 'Reasons of verdicts, the most frequent first.'),
  saved('Fallbacks', 'fallbacks.sql', 'Taps that did not reach their destination, by what caused it.'),
  saved('Edge latency', 'edge-latency.sql', 'Milliseconds the edge function took, by region.'),
  saved('Revenue by day', 'revenue-by-day.sql', 'What each source brought, by UTC day of the entry and currency.'),
  saved(
    'Matches of sources',
    'matches-of-sources.sql',
    'Conversions of each source by what they were matched by, and why nothing matched.',
  ),
  saved(
    'Send times of clicks',
    'send-times-of-clicks.sql',
    'Each click of the last seven days with the time its message was sent, from sends of the last 31 days, else from its link.',
    31,
  ),
];
