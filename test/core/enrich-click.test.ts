import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clickColumns, tapColumns } from '../../lambdas/contract/clicks.ts';
import { enrichClick, readTap, UnreadableTapError } from '../../lambdas/core/enrich-click.ts';
import { RULES_VERSION } from '../../lambdas/core/verdict.ts';
import { anyTap, fits } from './taps.ts';

const tap = fc.sample(anyTap, { numRuns: 1, seed: 7 })[0];
if (!tap) throw new Error('no tap was made');

describe('enriching a tap', () => {
  it('gives the columns of the contract, in their types, and keeps what the edge wrote', () => {
    fc.assert(
      fc.property(anyTap, (given) => {
        const click: Record<string, unknown> = { ...enrichClick(readTap(JSON.parse(JSON.stringify(given)))) };
        expect(Object.keys(click).sort()).toEqual(clickColumns.map(({ name }) => name).sort());
        expect(clickColumns.filter((column) => !fits(column, click[column.name]))).toEqual([]);
        for (const { name } of tapColumns) expect(click[name]).toEqual(given[name] === 0 ? 0 : given[name]);
      }),
    );
  });

  it('adds verdict, visitor and the version of the rules', () => {
    const user_agent =
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36';
    expect(enrichClick({ ...tap, method: 'GET', sec_purpose: 'prefetch', user_agent })).toMatchObject({
      device: 'mobile',
      os: 'android',
      browser: 'chrome',
      in_app: null,
      actor: 'bot',
      reasons: ['prefetch_header'],
      rules_version: RULES_VERSION,
      recovered: false,
    });
  });
});

describe('reading a tap', () => {
  it('takes a missing optional column as null and drops what is no column', () => {
    const { user_agent: _, ...rest } = tap;
    const read = readTap({ ...rest, surprise: 1, __proto__: { status: 'no' } });
    expect(read.user_agent).toBeNull();
    expect(Object.keys(read)).toEqual(tapColumns.map(({ name }) => name));
  });

  it.each([
    ['a text', 'x'],
    ['a number', 1],
    ['nothing', null],
    ['a list', []],
  ])('refuses %s', (_, value) => expect(() => readTap(value)).toThrow(UnreadableTapError));

  it('names every fault at once', () => {
    const faulty = { ...tap, ts: 'yesterday', click_id: null, lookup_ms: '3', status: 302.5, link_no: 2 ** 53 };
    expect(() => readTap(faulty)).toThrow(
      'click_id is missing; ts is not a bigint; link_no is not a bigint; status is not a bigint; lookup_ms is not a double',
    );
  });

  it('refuses a time that no query could show', () => {
    expect(() => readTap({ ...tap, ts: Date.UTC(10_000, 0) })).toThrow('ts is not a time');
    expect(readTap({ ...tap, ts: Date.UTC(10_000, 0) - 1 }).ts).toBe(253_402_300_799_999);
  });

  it.each(tapColumns)('refuses $name in a wrong type', ({ name, type }) => {
    expect(() => readTap({ ...tap, [name]: type === 'string' ? 5 : 'five' })).toThrow(`${name} is not a ${type}`);
  });
});
