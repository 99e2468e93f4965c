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
          const count = new ListCount([{ template, values }], ['a', 'b']);
          for (const row of rows) count.add(row);
          count.settle();
          const measures = rows.map((row) => measure(render(template, { ...values, ...row })));
          expect(count.tallies[0]).toEqual({
            parts: measures.reduce((sum, { parts }) => sum + parts, 0),
            ucs2: measures.filter(({ encoding }) => encoding === 'UCS-2').length,
            byParts: new Map(
              Object.entries(Object.groupBy(measures, ({ parts }) => parts)).map(([parts, all]) => [
                Number(parts),
                all?.length,
              ]),
            ),
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps few shapes for many people, and goes on where there are too many', () => {
    const template = parseTemplate('Hi {a}');
    const count = new ListCount([{ template, values: {} }], ['a']);
    for (let index = 0; index < 12_000; index += 1) count.add({ a: `👋${index}` });
    count.settle();
    expect(count.tallies[0]).toMatchObject({ parts: 12_000, ucs2: 12_000 });
    expect(count.longest).toEqual({ a: '👋10000' });
  });
});
