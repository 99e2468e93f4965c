import type { SavedQuery } from './definitions.ts';
import { readSql } from './read-sql.ts';

const saved = (name: string, file: string, doc: string): SavedQuery => ({ name, doc, sql: readSql(`saved/${file}`) });

/** Statements offered in Athena's console; each reads the last seven days of arrival. */
export const savedQueries: readonly SavedQuery[] = [
  saved('Clicks by day', 'clicks-by-day.sql', 'Human, suspect and bot clicks by UTC day.'),
  saved('Why clicks are bots', 'bot-reasons.sql', 'Reasons of verdicts, the most frequent first.'),
  saved('Fallbacks', 'fallbacks.sql', 'Taps that did not reach their destination, by what caused it.'),
  saved('Edge latency', 'edge-latency.sql', 'Milliseconds the edge function took, by region.'),
];
