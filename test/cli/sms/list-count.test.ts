import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListCount } from '../../../cli/sms/list-count.ts';
import { measure } from '../../../cli/sms/parts.ts';
import { parseTemplate, render } from '../../../cli/sms/template.ts';

const name = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    'Zoë',
    'José',
    'Анна',
    '李',
    '[x]',
    '€€',
    '\u0301',
    '👋',
    '👋🏽',
    '🇩',
    '🇪',
    '\r',
    '\n',
    'ᄀ',
    'ᅡ',
    '\u200d',
    '',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const literal = fc.oneof(fc.constantFrom('', '\u0301', '\u200d👩', '🇩', '\n', 'ᅡ'), fc.string({ maxLength: 165 }));
const harmless = (text: string) => text.replace(/[{}]/g, '');

describe('ListCount', () => {
  it('counts what measuring every message alone counts, whatever the values', () => {
    fc.assert(
      fc.property(
        literal,
        literal,
        fc.array(fc.record({ a: name, b: name }), { maxLength: 40 }),
        (head, tail, rows) => {
          const template = parseTemplate(`${harmless(head)}{a}${harmless(tail)}{b}{fixed}`);
          const values = { fixed: 'x€' };
          const count = new ListCount(['a', 'b']);
          for (const row of rows) count.add(row);
          const measures = rows.map((row) => measure(render(template, { ...values, ...row })));
          expect(count.tally([{ template, values }])).toEqual([
            {
              parts: measures.reduce((sum, { parts }) => sum + parts, 0),
              ucs2: measures.filter(({ encoding }) => encoding === 'UCS-2').length,
              byParts: new Map(
                Object.entries(Object.groupBy(measures, ({ parts }) => parts)).map(([parts, all]) => [
                  Number(parts),
                  all?.length,
                ]),
              ),
            },
          ]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps few shapes for many people, and counts those of too many in a second pass', () => {
    const drafts = [{ template: parseTemplate('Hi {a}'), values: {} }];
    const rows = Array.from({ length: 12_000 }, (_, index) => ({ a: `👋${index}` }));
    const first = new ListCount(['a']);
    for (const row of rows) first.add(row);
    expect([first.longest, first.rows, first.tally(drafts)]).toEqual([{ a: '👋10000' }, 12_000, null]);
    const second = new ListCount(['a'], drafts);
    for (const row of rows) second.add(row);
    expect(second.tally(drafts)).toMatchObject([{ parts: 12_000, ucs2: 12_000 }]);
  });
});
