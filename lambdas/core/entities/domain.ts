import { z } from 'zod';
import * as field from './fields.ts';

/** A short domain. Its certificate and DNS come from the deployment's config; this holds what the redirect needs. */
export const domainInput = z.strictObject({
  name: field.name.nullable().default(null),
  fallback_url: field.destination.nullable().default(null),
  status: z.enum(['active', 'archived']).default('active'),
  tags: field.tags.default([]),
});
export type DomainInput = z.infer<typeof domainInput>;
export interface Domain extends DomainInput {
  /** Host name in lower case, or `default` for every host that is not configured. */
  readonly id: string;
}
