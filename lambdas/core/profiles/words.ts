import type { ConversionEvent, ConversionStatus } from '../postback/parameters.ts';
import type { EventMeaning } from './profile.ts';

/** Words for a status that mean the same wherever they occur; a profile adds its own codes. */
export const STATUS_WORDS: Readonly<Record<string, ConversionStatus>> = {
  pending: 'pending',
  hold: 'pending',
  'on hold': 'pending',
  approved: 'approved',
  confirmed: 'approved',
  paid: 'approved',
  rejected: 'rejected',
  declined: 'rejected',
  cancelled: 'reversed',
  canceled: 'reversed',
  reversed: 'reversed',
};

const own = (...events: ConversionEvent[]) => Object.fromEntries(events.map((event) => [event, event]));

/** Words for an event that mean the same wherever they occur. */
export const EVENT_WORDS: Readonly<Record<string, EventMeaning>> = {
  ...own('sale', 'lead', 'install', 'signup', 'rebill'),
  purchase: 'sale',
  order: 'sale',
  conversion: 'sale',
  registration: 'signup',
  register: 'signup',
  sign_up: 'signup',
  subscription_renewal: 'rebill',
  refund: 'refund',
  chargeback: 'chargeback',
};

/** Body of an answer where the sender only looks at the status code. */
export const OK = { body: 'OK', contentType: 'text/plain; charset=utf-8' } as const;
