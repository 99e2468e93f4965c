import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('says nothing twice in the changelog: two versions of one entry are what a merge of both sides leaves', () => {
  const entries = readFileSync(new URL('../CHANGELOG.md', import.meta.url), 'utf8').match(/^- .*/gm) ?? [];
  const beginnings = entries.map((entry) => entry.slice(0, 50));
  expect(entries.length).toBeGreaterThan(20);
  expect(beginnings.filter((one, at) => beginnings.indexOf(one) !== at)).toEqual([]);
});
