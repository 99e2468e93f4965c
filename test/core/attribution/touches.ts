import type { Conversion, Touch } from '../../../lambdas/core/attribution/types.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** When the conversions of these tests happen. */
export const NOW = Date.UTC(2026, 5, 15, 12);

/** A human click of subscriber 7 on link 1, a day before the conversion, in a window of seven days. */
export const click = (fields: Partial<Touch> = {}): Touch => ({
  touch_id: 'c1',
  kind: 'click',
  imported: false,
  ts: NOW - DAY,
  actor: 'human',
  subscriber_no: 7,
  link_no: 1,
  offer_id: null,
  window_ms: 7 * DAY,
  channel: 'sms',
  campaign_id: 'welcome',
  message_id: 'welcome-1',
  creative: null,
  segment: null,
  partner: null,
  ...fields,
});

/** A touch of another channel of subscriber 7, two days before the conversion. */
export const email = (fields: Partial<Touch> = {}): Touch =>
  click({
    touch_id: 'e1',
    imported: true,
    actor: null,
    link_no: null,
    channel: 'email',
    message_id: 'mail',
    ts: NOW - 2 * DAY,
    ...fields,
  });

/** A message that carried the code WELCOME-7 to subscriber 7. */
export const carrier = (fields: Partial<Touch> = {}): Touch =>
  click({ touch_id: 'WELCOME-7', kind: 'code', actor: null, ts: NOW - 20 * DAY, ...fields });

/** An order of subscriber 7 in the shop. */
export const order = (fields: Partial<Conversion> = {}): Conversion => ({
  conversion_id: 'o1',
  source_kind: 'shop',
  occurred_at: NOW,
  subscriber_no: 7,
  match: 'click_id',
  click_id: 'c1',
  promo_code: null,
  ...fields,
});

/** The same from a network. */
export const postback = (fields: Partial<Conversion> = {}): Conversion => order({ source_kind: 'network', ...fields });
