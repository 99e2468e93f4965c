import { z } from 'zod';
import * as field from './fields.ts';

/** An offer has its own destination, status and fallback, so that one write pauses it on every link. */
export const offerInput = z.strictObject({
  name: field.name.nullable().default(null),
  destination: field.destination,
  params: field.params.default({}),
  source_id: field.id.nullable().default(null),
  status: field.status.default('active'),
  expires_at: field.time.nullable().default(null),
  click_cap: z.number().int().min(1).max(1_000_000_000).nullable().default(null),
  fallback_offer_id: field.id.nullable().default(null),
  fallback_url: field.destination.nullable().default(null),
  window: field.window.nullable().default(null),
  tags: field.tags.default([]),
});
export type OfferInput = z.infer<typeof offerInput>;
export interface Offer extends OfferInput {
  readonly id: string;
}
