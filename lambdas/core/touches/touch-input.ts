import { z } from 'zod';
import * as field from '../entities/fields.ts';
import { foreignId, price } from '../sends/send-input.ts';

const KINDS = ['click', 'view', 'delivery'] as const;
/** Longer than any address is; what is no address is said by the reader. */
const address = z.string().min(1).max(320);
const KEYS = ['subscriber_id', 'email', 'phone', 'customer_id'] as const;

/** A touch of another channel, as its sender tells it. */
export const touchInput = z
  .strictObject({
    id: foreignId.meta({ description: 'The sender’s id of the touch: the natural key.' }),
    kind: z.enum(KINDS).default('click'),
    ts: field.time.meta({ description: 'When it happened.' }),
    channel: z.string().min(1).max(64),
    campaign_id: field.id,
    message_id: field.id.optional(),
    creative: field.id.optional(),
    segment: field.id.optional(),
    offer_id: field.id.optional(),
    subscriber_id: foreignId.optional(),
    email: address.optional(),
    phone: address.optional(),
    customer_id: address.optional(),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 code such as US')
      .optional()
      .meta({ description: 'Whose phone numbers come without a country code.' }),
    cost: price.optional(),
    currency: field.currency.optional(),
  })
  .superRefine((touch, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (KEYS.every((name) => touch[name] === undefined))
      wrong('subscriber_id', `says nobody: give ${KEYS.slice(0, -1).join(', ')} or ${KEYS.at(-1)}`);
    if ((touch.cost === undefined) !== (touch.currency === undefined))
      wrong(touch.cost === undefined ? 'cost' : 'currency', 'cost and currency come together');
  });
export type TouchInput = z.infer<typeof touchInput>;
