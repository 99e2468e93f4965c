import { readFileSync } from 'node:fs';

/**
 * Text of a SQL file of this folder without its comments: Athena counts a question mark in a comment as a placeholder,
 * and a view's text is limited in size.
 */
export function readSql(path: string): string {
  const text = readFileSync(new URL(`./${path}`, import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('--'));
  return lines.join('\n').trim().replace(/;$/, '');
}
