import { z } from 'zod';
import * as field from './fields.ts';

const promo = z.strictObject({
  prefix: z.string().regex(/^[A-Z0-9]{1,20}$/, 'must be 1 to 20 characters of A-Z 0-9'),
  type: z.enum(['percentage', 'fixed']),
  value: field.amount,
  currency: field.currency.nullable().default(null),
  expires_at: field.time.nullable().default(null),
});

/** A marketing effort. A paused or archived campaign sends its links to their fallback. */
export const campaignInput = z.strictObject({
  name: field.name.nullable().default(null),
  status: field.status.default('active'),
  currency: field.currency.nullable().default(null),
  fallback_url: field.destination.nullable().default(null),
  attribution: field.attribution.nullable().default(null),
  conversion_events: field.conversionEvents.nullable().default(null),
  experiment: field.id.nullable().default(null),
  promo: promo.nullable().default(null),
  price: field.price.nullable().default(null),
  dedupe_rule: z.enum(['transaction', 'click']).nullable().default(null),
  tags: field.tags.default([]),
});
export type CampaignInput = z.infer<typeof campaignInput>;
export interface Campaign extends CampaignInput {
  readonly id: string;
}
