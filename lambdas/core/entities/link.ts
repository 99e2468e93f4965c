import { z } from 'zod';
import { isSlug, SLUG_RULE } from '../code.ts';
import { LINK_PARAMS } from '../redirect/params.ts';
import * as field from './fields.ts';

/** Country of a rule: ISO 3166-1 alpha-2, upper case. */
const country = z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 code such as US');
const language = z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as en or pt-BR');
const os = z.enum(['ios', 'android', 'windows', 'macos', 'linux', 'chromeos', 'other']);

/** Where a rule, a split arm or a link leads: a destination or an offer, exactly one. */
const target = { destination: field.destination.nullable().default(null), offer_id: field.id.nullable().default(null) };

function exactlyOneTarget(value: { destination?: unknown; offer_id?: unknown }, context: z.RefinementCtx): void {
  if ((value.destination == null) === (value.offer_id == null))
    context.addIssue({
      code: 'custom',
      path: ['destination'],
      message: 'give exactly one of destination and offer_id; rules and split come on top of it',
    });
}

const rule = z
  .strictObject({
    when: z
      .strictObject({
        os: z.array(os).min(1).optional(),
        country: z.array(country).min(1).optional(),
        language: z.array(language).min(1).optional(),
        from: field.time.optional(),
        until: field.time.optional(),
      })
      .refine((when) => Object.values(when).some((value) => value !== undefined), {
        message: 'must name at least one condition',
      }),
    ...target,
  })
  .superRefine(exactlyOneTarget);

const arm = z
  .strictObject({
    ...target,
    weight: z.number().int().min(1).max(1_000_000),
    creative: field.id.nullable().default(null),
  })
  .superRefine(exactlyOneTarget);

const shape = {
  name: field.name.nullable().default(null),
  external_id: field.id.nullable().default(null),
  personal: z.boolean().default(false),
  domain: z.string().max(253).toLowerCase().nullable().default(null),
  slug: z.string().toLowerCase().refine(isSlug, { message: SLUG_RULE }).nullable().default(null),
  ...target,
  rules: z.array(rule).max(50).default([]),
  split: z.array(arm).max(20).default([]),
  campaign_id: field.id.nullable().default(null),
  message_id: field.id.nullable().default(null),
  creative: field.id.nullable().default(null),
  segment: field.id.nullable().default(null),
  partner: field.id.nullable().default(null),
  params: field.params.default(LINK_PARAMS),
  forward_query: z.boolean().default(false),
  fallback_url: field.destination.nullable().default(null),
  starts_at: field.time.nullable().default(null),
  expires_at: field.time.nullable().default(null),
  click_cap: z.number().int().min(1).max(1_000_000_000).nullable().default(null),
  sent_at: field.time.nullable().default(null),
  status: field.status.default('active'),
  validation: z.enum(['none']).default('none'),
  decoy: z.boolean().default(false),
  tags: field.tags.default([]),
};

/** What a client sends to make or replace a link. */
export const linkInput = z.strictObject(shape).superRefine((link, context) => {
  exactlyOneTarget(link, context);
  if (link.personal && link.slug !== null)
    context.addIssue({
      code: 'custom',
      path: ['slug'],
      message: 'a personal link mints its own codes: leave slug out',
    });
  if (link.starts_at && link.expires_at && link.starts_at >= link.expires_at)
    context.addIssue({ code: 'custom', path: ['expires_at'], message: `must be after starts_at (${link.starts_at})` });
});
export type LinkInput = z.infer<typeof linkInput>;

/** A link as stored and shown: the input plus its number. */
export interface Link extends LinkInput {
  readonly link_no: number;
}
