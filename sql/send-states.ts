import { readSql } from './read-sql.ts';

const text = readSql('views/send_states.sql');

function filled(parts: { readonly arrival: string; readonly day: string; readonly last_day: string }): string {
  return text.replace(/\{\{(arrival|day|last_day)\}\}/g, (_, name: keyof typeof parts) => parts[name]);
}

/** States by day of arrival: a filter on the day reaches the files. */
export const sendStatesByDay = filled({ arrival: 'true', day: 'dt,', last_day: ',\n  dt' });

/** States of whole messages, from all rows that arrived on a day or later; a placeholder for that day. */
export const sendStatesSince = filled({ arrival: 'dt >= ?', day: '', last_day: '' });
