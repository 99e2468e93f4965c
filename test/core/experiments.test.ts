import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Arm, type Experiment, experimentInput, HOLDOUT } from '../../lambdas/core/entities/experiment.ts';
import { armOf, assignmentsOf, isDrawing } from '../../lambdas/core/experiments.ts';
import { parseHomeKeys } from '../../lambdas/core/home-keys.ts';
import { sampleRatio } from '../../lambdas/core/statistics/sample-ratio.ts';

const { experimentKey } = parseHomeKeys(JSON.stringify({ key_1: 'x'.repeat(64) }));
const arms = (shares: Readonly<Record<string, number>>): Arm[] =>
  Object.entries(shares).map(([name, share]) => ({ name, share, control_link_no: null }));
const experiment = (id: string, shares: Readonly<Record<string, number>>) => ({ id, arms: arms(shares) });

/** Sizes of the arms over subscribers `<prefix>0`, `<prefix>1`, … */
function sizes(drawn: ReturnType<typeof experiment>, count: number, prefix = 's'): number[] {
  const counts = new Map(drawn.arms.map(({ name }) => [name, 0]));
  for (let at = 0; at < count; at++) {
    const { name } = armOf(drawn, `${prefix}${at}`, experimentKey);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts.values()];
}

describe('arms', () => {
  it.each([
    [{ holdout: 0.1, treatment: 0.9 }],
    [{ a: 0.333333, b: 0.333333, c: 0.333334 }],
    [{ a: 0.45, b: 0.45, holdout: 0.1 }],
    [{ rare: 0.001, rest: 0.999 }],
    [{ none: 0, all: 1 }],
  ])('have the sizes of their shares: %j', (shares) => {
    const planned = Object.values(shares);
    for (const [id, prefix] of [
      ['one', 's'],
      ['two', 'customer-2026-000'],
      ['three', '4915'],
    ] as const) {
      const found = sampleRatio(sizes(experiment(id, shares), 40_000, prefix), planned);
      // Seeds are fixed by ids and key: this holds or it does not, whenever it runs. Fifteen tests, p above 0.001.
      expect(found?.p ?? 1).toBeGreaterThan(0.001);
    }
  });

  it('of one experiment tell nothing of another', () => {
    const first = experiment('spring', { a: 0.5, b: 0.5 });
    const second = experiment('summer', { a: 0.5, b: 0.5 });
    const together = [0, 0, 0, 0];
    for (let at = 0; at < 40_000; at++) {
      const cell = [first, second].map((each) => (armOf(each, `s${at}`, experimentKey).name === 'a' ? 0 : 1));
      const place = (cell[0] ?? 0) * 2 + (cell[1] ?? 0);
      together[place] = (together[place] ?? 0) + 1;
    }
    expect(sampleRatio(together, [1, 1, 1, 1])?.p).toBeGreaterThan(0.001);
  });

  it('depend on subscriber, experiment and key alone, and on nothing else', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[a-z0-9._-]{1,20}$/), (subscriber, id) => {
        const drawn = experiment(id, { a: 0.3, b: 0.7 });
        const arm = armOf(drawn, subscriber, experimentKey);
        expect(armOf({ ...drawn, arms: structuredClone(drawn.arms) }, subscriber, experimentKey)).toEqual(arm);
      }),
    );
    const other = parseHomeKeys(JSON.stringify({ key_1: 'y'.repeat(64) })).experimentKey;
    const names = (key: typeof experimentKey) =>
      Array.from({ length: 200 }, (_, at) => armOf(experiment('e', { a: 0.5, b: 0.5 }), `s${at}`, key).name);
    expect(names(other)).not.toEqual(names(experimentKey));
  });
});

test('an arm is known by an example that must never change, for people keep it', () => {
  const drawn = experiment('golden', { a: 0.25, b: 0.25, c: 0.25, d: 0.25 });
  const found = Array.from({ length: 16 }, (_, at) => armOf(drawn, `s${at}`, experimentKey).name).join('');
  expect(found).toBe('aaaaddbabcdcaddc');
});

test('the holdout of one experiment takes part in no further one', () => {
  const first = experiment('account', { [HOLDOUT]: 0.5, treatment: 0.5 });
  const second = experiment('campaign', { a: 0.5, b: 0.5 });
  for (let at = 0; at < 200; at++) {
    const drawn = assignmentsOf([first, second], `s${at}`, experimentKey);
    const isHeldOut = drawn[0]?.arm.name === HOLDOUT;
    expect(drawn.map((each) => each.experiment)).toEqual(isHeldOut ? ['account'] : ['account', 'campaign']);
  }
});

test('subscribers are drawn from the start to the end, unless it is archived', () => {
  const given = { arms: arms({ a: 0.5, b: 0.5 }), starts_at: '2026-06-01T00:00:00Z', ends_at: '2026-07-01T00:00:00Z' };
  const planned: Experiment = { ...experimentInput.parse(given), id: 'e' };
  const at = (day: string, change: Partial<Experiment> = {}) => isDrawing({ ...planned, ...change }, Date.parse(day));
  expect(['2026-05-31', '2026-06-01', '2026-06-30', '2026-07-01'].map((day) => at(day))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(at('2026-06-15', { status: 'archived' })).toBe(false);
  expect(at('2020-01-01', { starts_at: null })).toBe(true);
  expect(at('2030-01-01', { ends_at: null })).toBe(true);
});

describe('the plan of an experiment', () => {
  const faults = (given: object) => experimentInput.safeParse(given).error?.issues.map(({ message }) => message) ?? [];

  it('has shares that add up to 1 exactly, however they are split', () => {
    expect(faults({ arms: arms({ a: 0.1, b: 0.2, c: 0.7 }) })).toEqual([]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 1_000_000 }), (x, y) => {
        const [low, high] = [Math.min(x, y), Math.max(x, y)];
        const shares = { a: low / 1e6, b: (high - low) / 1e6, c: (1_000_000 - high) / 1e6 };
        expect(faults({ arms: arms(shares) })).toEqual([]);
      }),
    );
  });

  it.each([
    [{ arms: arms({ a: 0.5, b: 0.499999 }) }, 'shares must add up to 1, these make 0.999999'],
    [{ arms: arms({ a: 0.1234567, b: 0.8765433 }) }, 'must have at most six decimal places'],
    [{ arms: [...arms({ a: 0.5 }), ...arms({ a: 0.5 })] }, 'there are two arms a'],
    [
      { arms: [{ name: 'a', share: 0.5, control_link_no: 3 }, ...arms({ b: 0.5 })] },
      'only the arm holdout has a control',
    ],
    [
      { arms: arms({ a: 0.5, b: 0.5 }), starts_at: '2026-06-02T00:00:00Z', ends_at: '2026-06-01T00:00:00Z' },
      'must be after',
    ],
    [{ arms: arms({ all: 1 }) }, 'Too small'],
  ])('is refused: %j', (given, message) => {
    expect(faults(given).join()).toContain(message);
  });
});
