import { z } from 'zod';
import * as field from '../entities/fields.ts';
import { subscriberIdFaults } from '../recipients/read-row.ts';

const clickId = z.string().min(1).max(64).meta({ description: 'A click id as the redirect appended it.' });
/** Longer than any address is; what is no address is said by the reader. */
const address = z.string().min(1).max(320);
const country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 code such as US')
  .optional()
  .meta({ description: 'Whose phone numbers come without a country code.' });

const addresses = { email: address.optional(), phone: address.optional(), country };

/** Who somebody is, as a sender's own systems tell it. */
export const identifyInput = z
  .strictObject({
    click_id: clickId.optional(),
    subscriber_id: z.string().optional(),
    ...addresses,
    customer_id: address.optional(),
    ts: field.time.optional(),
  })
  .superRefine((input, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if ((input.click_id === undefined) === (input.subscriber_id === undefined))
      wrong('click_id', 'give either click_id or subscriber_id');
    const id = input.subscriber_id?.trim();
    for (const message of id === undefined ? [] : subscriberIdFaults(id)) wrong('subscriber_id', message);
    if (input.email === undefined && input.phone === undefined && input.customer_id === undefined)
      wrong('email', 'give email, phone or customer_id');
  });
export type IdentifyInput = z.infer<typeof identifyInput>;

/** What a landing page may tell without a token: a click that we signed, and an address. */
export const publicIdentifyInput = z
  .strictObject({ click_id: clickId, ...addresses })
  .superRefine(({ email, phone }, context) => {
    if (email === undefined && phone === undefined)
      context.addIssue({ code: 'custom', path: ['email'], message: 'give email or phone' });
  });
