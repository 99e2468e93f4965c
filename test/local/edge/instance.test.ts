import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EDGE_BUNDLE_FILE } from '../../../local/edge/bundle.ts';
import { type EdgeInstanceOptions, startEdgeInstance } from '../../../local/edge/instance.ts';

const base: Omit<EdgeInstanceOptions, 'code'> = {
  region: 'eu-west-1',
  credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  write: () => undefined,
  now: () => 1_000,
};

/** What code in an instance makes of an expression. */
async function evaluated(expression: string, options: Partial<EdgeInstanceOptions> = {}): Promise<unknown> {
  const code = `exports.handler = async () => (${expression});`;
  return startEdgeInstance({ ...base, ...options, code })({ Records: [] as never });
}

describe('an instance of the edge function', () => {
  it('loads the built bundle', () => {
    expect(startEdgeInstance({ ...base, code: readFileSync(EDGE_BUNDLE_FILE, 'utf8') })).toBeTypeOf('function');
  });

  it('runs a bundle that knows nothing of the simulator', () => {
    expect(readFileSync(EDGE_BUNDLE_FILE, 'utf8')).not.toMatch(/sim-/);
  });

  it('sees the variables that Lambda sets and no others', async () => {
    process.env.ONEHOP_TEST_SECRET = 'x';
    expect(await evaluated('Object.keys(process.env)')).toEqual([
      'AWS_REGION',
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
    ]);
    expect(await evaluated('require("node:process").env.ONEHOP_TEST_SECRET')).toBeUndefined();
  });

  it('has no globals beyond the few it may use', async () => {
    expect(
      await evaluated('[typeof fetch, typeof module.parent, typeof structuredClone, typeof XMLHttpRequest]'),
    ).toEqual(['undefined', 'undefined', 'undefined', 'undefined']);
  });

  it('loads Node’s own modules only', async () => {
    await expect(evaluated('require("some-package")')).rejects.toThrow('must be self-contained');
    expect(await evaluated('typeof require("node:crypto").createHash')).toBe('function');
  });

  it('tells the time of the system’s clock', async () => {
    let now = 5;
    const options = { now: () => now };
    expect(await evaluated('[Date.now(), new Date().getTime(), new Date(7).getTime()]', options)).toEqual([5, 5, 7]);
    now = 9;
    expect(await evaluated('new Date().toISOString()', options)).toBe('1970-01-01T00:00:00.009Z');
  });

  it('shares nothing with another instance', async () => {
    const code = 'let count = 0; globalThis.seen ??= 0; exports.handler = async () => [++count, ++globalThis.seen];';
    const [one, other] = [startEdgeInstance({ ...base, code }), startEdgeInstance({ ...base, code })];
    await one({ Records: [] as never });
    expect(await other({ Records: [] as never })).toEqual([1, 1]);
  });

  it('cannot make code from text', async () => {
    await expect(evaluated('eval("1")')).rejects.toThrow();
  });

  it('refuses a bundle without a handler', () => {
    expect(() => startEdgeInstance({ ...base, code: '' })).toThrow('exports no handler');
  });
});
