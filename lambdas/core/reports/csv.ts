/** A number as decimal text, such as money: a spreadsheet reads it as the number it is. */
const NUMBER = /^-?\d+(\.\d+)?$/;

/** True of a text that a spreadsheet would run as a formula. */
export const isFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text);

/** Quotes a cell as RFC 4180 asks; a text that a spreadsheet would run as a formula is shielded by an apostrophe. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const shielded = typeof value === 'string' && isFormula(text) ? `'${text}` : text;
  return /[",\r\n]/.test(shielded) ? `"${shielded.replaceAll('"', '""')}"` : shielded;
}

/** Rows as CSV with a header line; columns in the order given. */
export function toCsv(columns: readonly string[], rows: readonly Record<string, unknown>[]): string {
  const lines = [columns.map(cell), ...rows.map((row) => columns.map((column) => cell(row[column])))];
  return `${lines.map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}
