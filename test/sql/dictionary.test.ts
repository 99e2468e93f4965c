import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clickColumns } from '../../lambdas/contract/clicks.ts';
import { lakeTables } from '../../lambdas/contract/lake.ts';
import { reports, views } from '../../sql/catalog.ts';
import { dataDictionary } from '../../sql/dictionary.ts';

test('the file in docs is what the contract and the catalogue say now (else run `npm run docs`)', () => {
  const file = readFileSync(new URL('../../docs/data-dictionary.md', import.meta.url), 'utf8');
  expect(file).toBe(dataDictionary());
});

test('it has every table, view, dimension and figure, and a meaning for each column', () => {
  const text = dataDictionary();
  for (const { name } of Object.values(lakeTables)) expect(text).toContain(`### \`${name}_raw\``);
  for (const { name } of views) expect(text).toContain(`### \`${name}\`\n`);
  for (const { dimensions, columns } of Object.values(reports)) {
    for (const { name } of [...dimensions, ...columns]) expect(text).toContain(`\n| \`${name}\` |`);
  }
  for (const { name, type } of clickColumns) expect(text).toContain(`| \`${name}\` | \`${type}\` |`);
  expect(text).not.toMatch(/\| \|$/m);
  expect(text).not.toContain('undefined');
});

test('a table row has as many cells as its head', () => {
  for (const block of dataDictionary()
    .split('\n\n')
    .filter((part) => part.startsWith('|'))) {
    const widths = new Set(
      block
        .trim()
        .split('\n')
        .map((line) => line.split(/(?<!\\)\|/).length),
    );
    expect([...widths]).toHaveLength(1);
  }
});
