import { z } from 'zod';
import { SEND_TYPES } from '../../contract/sends.ts';
import * as field from '../entities/fields.ts';
import { toMicros } from './micros.ts';

/** Ids that others give: subscribers of a list, messages of a provider. Opaque, but printable and short. */
export const foreignId = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');

/** An amount in quotes that is exact in millionths. */
export const price = field.amount.refine((amount) => toMicros(amount) !== null, 'is too large');
const parts = z.number().int().min(1).max(255);
const linkNo = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** What became of one message to one subscriber, as a sender tells it. */
export const sendInput = z
  .strictObject({
    id: foreignId.meta({ description: 'The provider’s id of the message; with type the natural key.' }),
    type: z.enum(SEND_TYPES),
    ts: field.time.meta({ description: 'When it happened.' }),
    code: z.string().min(1).max(64).optional(),
    link_no: linkNo.optional(),
    message_id: field.id.optional(),
    subscriber_id: foreignId.optional(),
    campaign_id: field.id.optional(),
    creative: field.id.optional(),
    segment: field.id.optional(),
    parts: parts.optional(),
    encoding: z.enum(['GSM', 'UCS-2']).optional(),
    price: price.optional(),
    currency: field.currency.optional(),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 code such as US')
      .optional(),
    carrier: z.string().min(1).max(100).optional(),
  })
  .superRefine((send, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if ((send.price === undefined) !== (send.currency === undefined))
      wrong(send.price === undefined ? 'price' : 'currency', 'price and currency come together');
    subjectFaults(send).forEach(([path, message]) => {
      wrong(path, message);
    });
  });
export type SendInput = z.infer<typeof sendInput>;

interface Subject {
  readonly type: string;
  readonly code?: string | undefined;
  readonly link_no?: number | undefined;
  readonly message_id?: string | undefined;
  readonly subscriber_id?: string | undefined;
  readonly campaign_id?: string | undefined;
  readonly creative?: string | undefined;
  readonly segment?: string | undefined;
}

/** An item names what it is about in one of three ways; what a person answers may also name the person alone. */
function subjectFaults(send: Subject): [path: string, message: string][] {
  const { code, link_no, message_id, subscriber_id } = send;
  const named = [code, link_no, message_id].filter((value) => value !== undefined).length;
  const isAnswer = send.type === 'opt_out' || send.type === 'opt_in';
  const faults: [string, string][] = [];
  if (named > 1 || (named === 0 && !(isAnswer && subscriber_id !== undefined)))
    faults.push(['code', 'give code, or link_no and subscriber_id, or message_id and subscriber_id']);
  if (code !== undefined && subscriber_id !== undefined)
    faults.push(['subscriber_id', 'the code says it: leave it out']);
  if (named === 1 && code === undefined && subscriber_id === undefined) faults.push(['subscriber_id', 'is missing']);
  if (message_id === undefined)
    for (const name of ['campaign_id', 'creative', 'segment'] as const)
      if (send[name] !== undefined) faults.push([name, 'the link says it: only goes with message_id']);
  return faults;
}
