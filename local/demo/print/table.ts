/** Lines of a table with aligned columns: the first column to the left, figures to the right, all of them after two spaces. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)));
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [line(header), rule, ...rows.map(line)].map((text) => `  ${text.trimEnd()}`).join('\n');
}

const NONE = '–';

/** A share as a percentage with one decimal. */
export const percent = (share: number | null) => (share === null ? NONE : `${(share * 100).toFixed(1)} %`);
/** An amount with two decimals. */
export const amount = (value: number | string | null) => (value === null ? NONE : Number(value).toFixed(2));
export const cents = (minor: number) => (minor / 100).toFixed(2);
export const count = (value: number | null) => (value === null ? NONE : String(Math.round(value * 100) / 100));

/** How far a figure is from the truth, of the truth. */
export function off(measured: number, truth: number): string {
  if (Math.abs(measured - truth) < 1e-9) return 'exact';
  if (truth === 0) return 'truth 0';
  const by = ((measured - truth) / Math.abs(truth)) * 100;
  return `${by > 0 ? '+' : '−'}${Math.abs(by).toFixed(1)} %`;
}
