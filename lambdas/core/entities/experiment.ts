import { z } from 'zod';
import * as field from './fields.ts';

/** Name of the arm that is not messaged. */
export const HOLDOUT = 'holdout';

/** Shares are counted in millionths, so that they add up exactly. */
export const MILLION = 1_000_000;
export const inMillionths = (share: number) => Math.round(share * MILLION);

const arm = z.strictObject({
  name: field.id,
  share: z
    .number()
    .min(0)
    .max(1)
    .refine((share) => Math.abs(share * MILLION - inMillionths(share)) < 1e-6, {
      message: 'must have at most six decimal places',
    }),
  control_link_no: z.number().int().min(1).nullable().default(null),
});
export type Arm = z.infer<typeof arm>;

const fields = z.strictObject({
  name: field.name.nullable().default(null),
  scope: z.enum(['account', 'campaign']).default('campaign'),
  arms: z.array(arm).min(2).max(20),
  outcome_events: field.conversionEvents.nullable().default(null),
  window: field.window.nullable().default(null),
  starts_at: field.time.nullable().default(null),
  ends_at: field.time.nullable().default(null),
  planned_effect: z.number().positive().max(100).nullable().default(null),
  status: z.enum(['active', 'archived']).default('active'),
  tags: field.tags.default([]),
});

/**
 * Subscribers drawn into arms when links are minted. `planned_effect` is the relative lift the plan hopes for (0.05 = 5 %).
 * An arm called `holdout` gets no messages; where it has a `control_link_no`, it gets codes on that link instead.
 */
export const experimentInput = fields.superRefine(({ arms, starts_at, ends_at }, context) => {
  const issue = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  const total = arms.reduce((sum, { share }) => sum + inMillionths(share), 0);
  if (total !== MILLION) issue(['arms'], `shares must add up to 1, these make ${total / MILLION}`);
  for (const [at, { name, control_link_no }] of arms.entries()) {
    if (arms.findIndex((other) => other.name === name) < at) issue(['arms', at, 'name'], `there are two arms ${name}`);
    if (control_link_no !== null && name !== HOLDOUT)
      issue(
        ['arms', at, 'control_link_no'],
        `only the arm ${HOLDOUT} has a control link; other arms get the link itself`,
      );
  }
  if (starts_at && ends_at && starts_at >= ends_at) issue(['ends_at'], `must be after starts_at (${starts_at})`);
});
export type ExperimentInput = z.infer<typeof experimentInput>;

export interface Experiment extends ExperimentInput {
  readonly id: string;
  /** When the first subscriber was drawn; arms, shares and scope are fixed since. RFC 3339. */
  readonly assigned_at?: string;
}
