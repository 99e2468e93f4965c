import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chiSquareTail,
  normalCritical,
  normalTails,
  studentCritical,
  studentTails,
} from '../../../lambdas/core/statistics/distributions.ts';

/** Same up to a relative error; the values come from @stdlib 0.2 and 0.3 (incomplete gamma and beta functions after Boost). */
function expectSame(got: number, want: number, relative = 1e-12): void {
  expect(Math.abs(got - want), `${got} for ${want}`).toBeLessThanOrEqual(relative * want);
}

describe('reference values', () => {
  it.each([
    [0.1, 0.920344325445942],
    [0.674, 0.5003113136806452],
    [1.910802, 0.05603003060587378],
    [3, 0.0026997960632601913],
    [6, 1.973175290075403e-9],
    [12, 3.552964224155404e-33],
    [30, 9.813427854297528e-198],
  ])('tails of the normal at %d', (z, p) => {
    expectSame(normalTails(z), p);
    expect(normalTails(-z)).toBe(normalTails(z));
  });

  it.each([
    [0.5, 0.6744897501960818],
    [0.2, 1.2815515655446006],
    [0.1, 1.644853626951473],
    [0.05, 1.9599639845400538],
    [0.01, 2.5758293035489004],
    [0.001, 3.2905267314918945],
    [0.000001, 4.8916384756929325],
  ])('critical value of the normal for %d', (tails, z) => expectSame(normalCritical(tails), z, 2e-12));

  it.each([
    [0.02, 1, 0.887537083981715],
    [3.841, 1, 0.05001368376395672],
    [10.83, 1, 0.0009986863791802592],
    [200, 1, 2.088487583762545e-45],
    [7.3, 2, 0.025991128778755347],
    [11.07, 5, 0.05000961862240547],
    [0.5, 5, 0.9921232932326295],
    [300, 19, 2.000523244294765e-52],
    [12.5, 19, 0.8631560637880606],
  ])('tail of chi-square at %d with %d degrees of freedom', (x, df, p) => expectSame(chiSquareTail(x, df), p));

  it.each([
    [0.1, 1, 0.936548965138893],
    [12.7, 1, 0.050024327689344165],
    [2.5, 7.3, 0.03965023466560042],
    [1.8608, 17.776, 0.07939657813977984],
    [40, 30, 1.3726045194406424e-27],
    [0.01, 150.5, 0.9920345308289736],
    [3, 199.99, 0.0030430648192335237],
    [3, 200, 0.0030430471139059057],
    [3, 200.01, 0.0030430294104027773],
    [2, 1_000, 0.045770346493251644],
    [1.3, 1_000_000, 0.19360126880912518],
    [5, 100_000_000, 5.733041101267268e-7],
  ])('tails of t at %d with %d degrees of freedom', (t, df, p) => {
    expectSame(studentTails(t, df), p);
    expect(studentTails(-t, df)).toBe(studentTails(t, df));
  });

  it.each([
    [0.05, 1, 12.706204736174705],
    [0.000001, 1, 636619.7723670579],
    [0.05, 7.3, 2.3450667365477034],
    [0.01, 30, 2.7499956535672254],
    [0.05, 199.9, 1.9719022283759269],
    [0.05, 200, 1.9718962236339097],
    [0.001, 1_000_000, 3.2905364612486916],
  ])('critical value of t for %d with %d degrees of freedom', (tails, df, t) =>
    expectSame(studentCritical(tails, df), t),
  );
});

describe('shape', () => {
  it('is 1 at zero and 0 at infinity', () => {
    expect([normalTails(0), chiSquareTail(0, 3), studentTails(0, 5), studentTails(0, 500)]).toEqual([1, 1, 1, 1]);
    expect([normalTails(1 / 0), chiSquareTail(1 / 0, 3)]).toEqual([0, 0]);
  });

  it('critical values undo the tails', () => {
    const tails = fc.double({ min: 1e-12, max: 0.99, noNaN: true });
    fc.assert(fc.property(tails, (p) => expectSame(normalTails(normalCritical(p)), p, 1e-11)));
    const df = fc.oneof(fc.double({ min: 1, max: 250, noNaN: true }), fc.double({ min: 250, max: 1e9, noNaN: true }));
    fc.assert(fc.property(tails, df, (p, n) => expectSame(studentTails(studentCritical(p, n), n), p, 1e-10)));
  });

  it('tails shrink as the value grows', () => {
    const value = fc.double({ min: 0, max: 30, noNaN: true });
    const df = fc.double({ min: 1, max: 400, noNaN: true });
    fc.assert(
      fc.property(value, value, df, (a, b, n) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        for (const tail of [normalTails, (x: number) => studentTails(x, n), (x: number) => chiSquareTail(x, n)])
          expect(tail(high)).toBeLessThanOrEqual(tail(low) * (1 + 1e-12));
      }),
    );
  });
});
