import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../', import.meta.url);
const docs = readdirSync(new URL('docs/', root)).filter((name) => name.endsWith('.md'));
const textOf = (path: string) => readFileSync(new URL(path, root), 'utf8');

it.each(['README.md', ...docs.map((name) => `docs/${name}`)])(
  '%s has whole tables: each begins with a header',
  (path) => {
    const lines = textOf(path).split('\n');
    const isRow = (line = '') => line.startsWith('|');
    const begins = lines.flatMap((line, at) => (isRow(line) && !isRow(lines[at - 1]) ? [at] : []));
    expect(begins.filter((at) => !/^\|[ :|-]+\|$/.test(lines[at + 1] ?? '')).map((at) => lines[at])).toEqual([]);
  },
);
