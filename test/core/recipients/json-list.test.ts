import { describe, expect, it } from 'vitest';
import { readJsonList, readNdjsonList } from '../../../lambdas/core/recipients/json-list.ts';
import { BLANK, thrownBy } from './lists.ts';

const json = (value: unknown) => readJsonList({ text: JSON.stringify(value), bom: '' }, ['segment']);
const ndjson = (text: string) => readNdjsonList({ text, bom: '' }, []);

describe('a JSON list', () => {
  it('has rows whose values become text', () => {
    const rows = json([
      { subscriber_id: 7, Segment: 'vip', age: 3, ok: true, none: null, deep: { a: [1] }, '': 'x' },
    ]).rows;
    expect(rows).toEqual([
      {
        place: 1,
        values: { subscriber_id: '7', segment: 'vip' },
        attributes: { age: '3', ok: 'true', none: '', deep: '{"a":[1]}' },
      },
    ]);
  });

  it('gives rows back as they came, with the answer behind and an error only where there is one', () => {
    const list = json([{ subscriber_id: 'a', n: 1.5, code: 'old' }, 'no', { subscriber_id: 'b' }]);
    const answers = [{ ...BLANK, code: 'new' }, { ...BLANK, error: 'bad' }, null];
    const { error: _, ...blank } = BLANK;
    expect(JSON.parse(list.write(answers))).toEqual([
      { subscriber_id: 'a', n: 1.5, ...blank, code: 'new' },
      { input: 'no', ...blank, error: 'bad' },
    ]);
    expect(list.replaced).toEqual(['code']);
  });

  it('tells rows that cannot be read', () => {
    const big = readJsonList({ text: '[{"subscriber_id": 12345678901234567890}]', bom: '' }, []);
    expect(big.rows[0]?.error).toContain('send it in quotes');
    expect(json([[], { a: 1, A: 2 }]).rows.map(({ error }) => error)).toEqual([
      'the row is not a JSON object',
      'there is more than one a',
    ]);
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`c${at}`, 1]));
    expect(json([many]).rows[0]?.error).toContain('51 further columns');
  });

  it('is refused where it is no array, or no JSON', () => {
    expect(thrownBy(() => json({}))).toMatchObject({ status: 422 });
    expect(thrownBy(() => readJsonList({ text: '[{', bom: '' }, []))).toMatchObject({ status: 400 });
  });
});

describe('a list of JSON lines', () => {
  it('is read line by line, empty ones left out, bad ones in place', () => {
    const list = ndjson('{"subscriber_id":"a"}\r\n\n{bad\n[1]\n{"subscriber_id":"b","x":"ü"}');
    expect(list.rows.map(({ place, values, error }) => [place, values.subscriber_id ?? error])).toEqual([
      [1, 'a'],
      [3, 'the row is not a JSON object'],
      [4, 'the row is not a JSON object'],
      [5, 'b'],
    ]);
    const lines = list.write(list.rows.map(({ error }) => ({ ...BLANK, error: error ?? null }))).split('\n');
    expect(lines).toHaveLength(5);
    expect(lines.slice(0, 4).map((line) => JSON.parse(line))).toMatchObject([
      { subscriber_id: 'a', code: null },
      { input: '{bad', error: 'the row is not a JSON object' },
      { input: [1] },
      { subscriber_id: 'b', x: 'ü' },
    ]);
  });
});
