import type { Statement } from '../lambdas/core/reports/query-engine.ts';

/** Values by the name a text asks for them by. A list is one text in pieces. */
export type Values = Readonly<Record<string, string | number | readonly string[]>>;

/**
 * A text whose `{{?name}}` marks become placeholders, and the values in the order in which they are asked for: so a text can
 * be put together from parts that do not know each other.
 * @throws Error on a name that has no value
 */
export function bound(text: string, values: Values): Statement {
  const parameters: (string | number)[] = [];
  const sql = text.replace(/\{\{\?(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`a statement asks for a value ${name} that there is not`);
    const pieces = Array.isArray(value) ? (value as readonly string[]) : [value as string | number];
    parameters.push(...pieces);
    return pieces.map(() => '?').join(' || ');
  });
  return { sql, parameters };
}

/** A text with plain placeholders as one with marks `{{?<name>_0}}`, `{{?<name>_1}}` …, and their values. */
export function marked(
  text: string,
  name: string,
  values: readonly (string | number)[],
): { text: string; values: Values } {
  let at = 0;
  const result = text.replaceAll('?', () => `{{?${name}_${at++}}}`);
  return { text: result, values: Object.fromEntries(values.map((value, index) => [`${name}_${index}`, value])) };
}

/** Athena takes values of at most 1,024 characters, quotes included; longer texts go in pieces. */
const PIECE = 1_000;

/** A value as texts that are short enough; at least one. */
export function inPieces(text: string): readonly string[] {
  const count = Math.max(1, Math.ceil(text.length / PIECE));
  return Array.from({ length: count }, (_, at) => text.slice(at * PIECE, (at + 1) * PIECE));
}
