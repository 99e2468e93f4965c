import { describe, expect, it } from 'vitest';
import { Clock, ClockError } from '../../local/clock.ts';

const NOON = Date.UTC(2026, 0, 1, 12);

describe('Clock', () => {
  it('tells the real time until it is set', () => {
    let real = NOON;
    const clock = new Clock(undefined, () => real);
    real += 5;
    expect(clock.now()).toBe(NOON + 5);
    expect(clock.stands).toBe(false);
  });

  it.each([NOON - 1e9, NOON + 1e9])('stands still at the time it is set to, past or future (%i)', (time) => {
    let real = NOON;
    const clock = new Clock(undefined, () => real);
    clock.set({ now: new Date(time).toISOString() });
    real += 60_000;
    expect(clock.now()).toBe(time);
  });

  it('only goes forward once it is set', () => {
    const clock = new Clock(undefined, () => NOON);
    clock.set({ now: NOON });
    expect(clock.set({ advance_ms: 1_500 })).toBe(NOON + 1_500);
    expect(() => clock.set({ now: NOON })).toThrow(ClockError);
    expect(() => clock.set({ advance_ms: -1 })).toThrow(ClockError);
    expect(clock.set({ now: NOON + 2_000 })).toBe(NOON + 2_000);
  });

  it('goes on running where it is advanced while it runs', () => {
    let real = NOON;
    const clock = new Clock(undefined, () => real);
    clock.set({ advance_ms: 1_000 });
    real += 10;
    expect(clock.now()).toBe(NOON + 1_010);
  });

  it('tells the real time again when it is let go', () => {
    const clock = new Clock(undefined, () => NOON);
    clock.set({ now: NOON + 1e6 });
    expect(clock.set({ real: true })).toBe(NOON);
  });

  it('tells the same time in every thread', () => {
    const clock = new Clock(undefined, () => NOON);
    const elsewhere = new Clock(clock.shared, () => NOON);
    clock.set({ now: NOON + 7 });
    expect(elsewhere.now()).toBe(NOON + 7);
  });

  it.each(['yesterday', 1.5, Number.NaN, -1, 1e15])('refuses %s', (now) => {
    expect(() => new Clock().set({ now })).toThrow(ClockError);
  });
});
