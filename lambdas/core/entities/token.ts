import { z } from 'zod';
import * as field from './fields.ts';

/** What a token may do; `admin` covers tokens and settings, and nothing else by itself. */
export const SCOPES = ['manage', 'mint', 'send', 'convert', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export const tokenInput = z.strictObject({
  name: field.name,
  scopes: z.array(z.enum(SCOPES)).min(1),
});
export type TokenInput = z.infer<typeof tokenInput>;

/** A token as shown: without its secret. */
export interface Token extends TokenInput {
  readonly id: string;
  readonly status: 'active' | 'revoked';
  readonly created_at: string;
}
