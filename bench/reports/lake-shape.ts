/** How large a lake is made, and how its rows are spread. */
export interface LakeShape {
  readonly clicks: number;
  readonly conversions: number;
  /** Messages sent, each told by one final state. */
  readonly sends: number;
  readonly subscribers: number;
  readonly campaigns: number;
  readonly days: number;
  readonly seed: number;
  /** Begin of the first day, epoch ms. */
  readonly from: number;
}

export const DAY_MS = 86_400_000;

/** Lakes of one kind at any size: a year's clicks of a larger sender in 60 days, 3 conversions for 100 clicks. */
export const shapeOf = (clicks: number): LakeShape => ({
  clicks,
  conversions: Math.round(clicks * 0.03),
  sends: Math.round(clicks / 10),
  subscribers: Math.max(1, Math.round(clicks / 10)),
  campaigns: 30,
  days: 60,
  seed: 1,
  from: Date.UTC(2026, 6, 1),
});
