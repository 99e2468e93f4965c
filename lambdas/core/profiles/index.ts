import { affise } from './affise.ts';
import { awsSms } from './aws-sms.ts';
import { binom } from './binom.ts';
import { cj } from './cj.ts';
import { clickbank } from './clickbank.ts';
import { everflow } from './everflow.ts';
import { generic } from './generic.ts';
import { impact } from './impact.ts';
import { keitaro } from './keitaro.ts';
import type { Profile } from './profile.ts';
import { redtrack } from './redtrack.ts';
import { shopify } from './shopify.ts';
import { stripe } from './stripe.ts';
import { tune } from './tune.ts';
import { twilio } from './twilio.ts';
import { voluum } from './voluum.ts';
import { woocommerce } from './woocommerce.ts';

/** Every profile by the name a source chooses it by. */
export const profiles: Readonly<Record<string, Profile>> = {
  affise,
  'aws-sms': awsSms,
  binom,
  cj,
  clickbank,
  everflow,
  generic,
  impact,
  keitaro,
  redtrack,
  shopify,
  stripe,
  tune,
  twilio,
  voluum,
  woocommerce,
};
