import { z } from 'zod';
import { NOTATIONS } from '../money.ts';
import { isCidr } from '../postback/cidr.ts';
import { EVENTS, PARAMETERS, STATUSES } from '../postback/parameters.ts';
import { profiles } from '../profiles/index.ts';
import type { SourceKind } from '../profiles/profile.ts';
import * as field from './fields.ts';

const profileNames = Object.keys(profiles);
const word = z.string().min(1).max(100);

/** Name or path of an incoming value; see the path language of `profiles/profile.ts`. */
const incomingName = z.string().min(1).max(200);

/** Host of a Shopify shop, under which its admin pages and API are. */
export const SHOP_HOST = /^[a-z0-9][a-z0-9-]{0,99}\.myshopify\.com$/;

const fields = z.strictObject({
  name: field.name.nullable().default(null),
  profile: z.enum(profileNames, { error: `must be one of ${profileNames.join(', ')}` }),
  /** Follows from the profile. May be sent back as it was read, never chosen. */
  kind: z.enum(['network', 'shop', 'own']).optional(),
  /** Currency of amounts that come without one; null: the profile's default. */
  currency: field.currency.nullable().default(null),
  /** A conversion whose click is older than this is quarantined; null: any age. */
  max_click_age: field.window.nullable().default(null),
  /** What a second, different amount under the same key does; null: the profile's way. */
  duplicates: z.enum(['reject', 'update', 'add']).nullable().default(null),
  /** Sources of a group share their orders; null: one group for all shop and own sources, none for networks. */
  dedupe_group: field.id.nullable().default(null),
  /** Signing secret of the shop or network. Write-only: kept encrypted, never shown again. */
  secret: z.string().min(8).max(500).nullable().default(null).meta({ writeOnly: true }),
  /** Parameter → name or path under which this sender sends it, in place of the profile's. */
  params: z.partialRecord(z.enum(PARAMETERS), incomingName).default({}),
  /** The sender's event names → ours, beside the profile's. */
  events: z.record(word, z.enum([...EVENTS, 'refund', 'chargeback'])).default({}),
  /** The sender's status words → ours, beside the profile's. */
  statuses: z.record(word, z.enum(STATUSES)).default({}),
  /** How amounts are written; null: the profile's way. */
  notation: z.enum(NOTATIONS).nullable().default(null),
  /** Address ranges (IPv4 or IPv6, such as 203.0.113.0/24) that may send; empty: any. */
  cidrs: z
    .array(z.string().refine(isCidr, { message: 'must be an address range such as 203.0.113.0/24 or 2001:db8::/32' }))
    .max(100)
    .default([]),
  /** Lets a picture on a thank-you page report conversions; whoever has a click id of ours can then report one. */
  pixel: z.boolean().default(false),
  /** Only for profile shopify: the shop's own host, where promo codes are pushed to. */
  shop_domain: z
    .string()
    .toLowerCase()
    .regex(SHOP_HOST, 'must be the host of the shop’s admin, such as my-shop.myshopify.com')
    .nullable()
    .default(null),
  status: field.status.default('active'),
  tags: field.tags.default([]),
});

const kindOf = (profile: string): SourceKind => profiles[profile]?.kind ?? 'own';

/** A configured sender of conversions or delivery events; `kind` in what comes out is always the profile's. */
export const sourceInput = fields
  .superRefine(({ profile, kind, shop_domain }, context) => {
    if (shop_domain !== null && profile !== 'shopify')
      context.addIssue({
        code: 'custom',
        path: ['shop_domain'],
        message: `belongs to profile shopify; this source is ${profile}`,
      });
    if (kind !== undefined && kind !== kindOf(profile))
      context.addIssue({
        code: 'custom',
        path: ['kind'],
        message: `follows from the profile: ${profile} is ${kindOf(profile)}; leave it out`,
      });
  })
  .transform((source) => ({ ...source, kind: kindOf(source.profile) }));
export type SourceInput = z.infer<typeof sourceInput>;
export interface Source extends SourceInput {
  readonly id: string;
}
