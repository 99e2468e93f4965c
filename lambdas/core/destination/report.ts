import { expandEncoded } from '../redirect/template.ts';

/** What a check found. Only `ok`, `guarded` and `unchecked` are no trouble. */
export type DestinationOutcome =
  /** It answers. */
  | 'ok'
  /** It answers, but not to machines: a sign-in, a firewall against robots, or too many requests. */
  | 'guarded'
  /** The network of the check could not tell. */
  | 'unchecked'
  | 'slow'
  | 'no_such_host'
  | 'not_public'
  | 'bad_port'
  | 'bad_url'
  | 'unreachable'
  | 'bad_certificate'
  | 'error_status'
  | 'too_many_redirects';

/** One request of a check. */
export interface DestinationHop {
  readonly url: string;
  /** HTTP status; null where nothing answered. */
  readonly status: number | null;
}

/** What asking a destination showed. */
export interface DestinationReport {
  readonly outcome: DestinationOutcome;
  /** A sentence for people, with what to do. */
  readonly message: string;
  readonly hops: readonly DestinationHop[];
}

/** Whether a person should be told. */
export const isTrouble = ({ outcome }: DestinationReport) => !['ok', 'guarded', 'unchecked'].includes(outcome);

/** Values that say where they come from and belong to nobody. */
const SAMPLES = {
  click_id: 'onehop-check',
  campaign_id: 'onehop-check',
  message_id: 'onehop-check',
  creative: 'onehop-check',
  segment: 'onehop-check',
  offer_id: 'onehop-check',
  partner: 'onehop-check',
  subscriber_no: '0',
  promo_code: 'ONEHOP-CHECK',
  domain: 'example.com',
  country: 'US',
  os: 'ios',
};

/** A destination as a tap would ask for it, with samples in the place of macros. */
export const withSamples = (destination: string) => expandEncoded(destination, SAMPLES);
