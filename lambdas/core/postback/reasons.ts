import type { FieldName } from '../profiles/profile.ts';

/**
 * Every reason why an item was not simply counted, with a sentence a person can act on. `{parameter}` is the parameter concerned.
 * The codes are part of the interface: events, quarantine and alarms carry them.
 */
export const REASONS = {
  // authentication: refused, nothing is stored
  address_not_allowed: 'The sender’s address is in none of the source’s cidrs. Add its range, or empty the list.',
  bad_token:
    'The token in the URL is not valid for this source. Copy the URL anew, or make a token: npx onehop source token create <source>.',
  secret_not_set: 'The source has no secret, so signatures cannot be checked. Set secret to the one the sender shows.',
  signature_missing: 'The request carries no signature. Check that the sender signs, or remove the source’s secret.',
  bad_signature: 'The signature does not fit the body. Set secret to the one the sender shows now.',
  signature_expired: 'The signature is more than five minutes off. Check the clock of the sender; replays are refused.',

  // the request as a whole
  body_unreadable: 'The body is neither JSON nor a form. Let the sender use application/json or a URL-encoded form.',
  too_many_items: 'The body holds more than 1,000 items. Let the sender split it.',

  // fields
  array_value: '{parameter} has several values or a structure where one value belongs. Send it once.',
  not_utf8: '{parameter} is not valid UTF-8. Let the sender encode it as UTF-8.',
  macro_unexpanded:
    '{parameter} still holds a placeholder: the network did not know it. Correct the postback URL there.',
  value_too_long: '{parameter} is longer than 256 characters. Check which value the sender puts there.',
  unknown_event: 'The event’s name is not known. Map it in the source’s events, then replay.',
  unknown_status: 'The status is not known. Map it in the source’s statuses, then replay.',
  placeholder_id:
    '{parameter} is what programs write where they have no value (undefined, null, 0 …): all that bear it would count as one. Let the sender fill it in or leave it out, or let the source read another name for it (params), then replay.',
  missing_key:
    'There is neither transaction id, order id nor click id, so a repeat could not be told. Send one of them.',

  // money
  missing_amount: 'There is no {parameter}. Check the name in the source’s params.',
  missing_currency: 'The message names no currency. Set the source’s currency, then replay.',
  unknown_currency: 'The currency is none of ISO 4217. Map the right parameter, or correct it at the sender.',
  bad_amount: '{parameter} is no amount. Check which value the sender puts there.',
  ambiguous_amount: '{parameter} uses a mark that could mean two things. Set the source’s notation, then replay.',
  amount_too_large:
    '{parameter} is larger than can be counted exactly. Check the value, and whether it is in minor units.',
  currency_conflict:
    '{parameter} bears the sign of another currency than the one it is read in. Where the message names that currency itself, correct one of them at the sender; where it does not, it is the source’s (or the account’s): set the source’s currency, then replay.',
  negative_amount: '{parameter} is negative. To take money back send event=refund with a positive amount.',

  // time
  bad_time:
    '{parameter} is no time. Use RFC 3339, epoch seconds or milliseconds, YYYY-MM-DD HH:mm:ss (UTC) or RFC 1123.',
  time_in_future: '{parameter} lies more than a day ahead. Check time zone and unit.',
  time_before_2000: '{parameter} lies before the year 2000. Check the unit.',

  // click
  no_click_id: 'The message carries no click id. Put the click id into the link and return it in the postback.',
  click_id_malformed: 'The click id has another form than ours. Check which parameter carries it.',
  click_id_unsigned: 'The click id was minted while no key could be read: it proves nothing.',
  click_id_unknown_key: 'The click id names a key we do not have. It belongs to another stage, or its key is gone.',
  click_id_forged: 'The click id does not verify: changed on its way, or made up.',
  click_too_old:
    'The click was older than the source’s max_click_age when the sale was made: a network’s new conversion is not counted by it, another’s is matched without it. What changes a known conversion counts. To count it raise max_click_age, then replay.',

  // whose it is
  promo_code_unknown: 'No click id, and the promo code is none of ours: nobody on the list has it.',
  identity_unknown: 'No click id, and nobody on the list has this address or id yet; matched when somebody does.',

  address_unreadable:
    'The {parameter} is no address that could match anybody. A phone number needs + and the country code, or the order’s country (two letters, such as US) beside it.',

  // ignored on purpose
  ping: 'The sender only tried whether the URL answers.',
  test: 'A test order of the sender; it is not counted.',
  not_paid: 'Not paid yet, or never will be: it is no conversion.',
  other_topic: 'The source does not report this kind of message as a conversion.',
  nothing_reported: 'The message reports nothing that has money or a state.',
  payment_named: 'It only tells which payment belongs to an invoice; kept, so that its refunds are found.',
  source_paused:
    'The source is paused: nothing of it is read. To read it again: npx onehop source resume <source>, then replay what is in quarantine.',
  source_archived:
    'The source is archived: nothing of it is read. To read it again, activate it: npx onehop source resume <source>, then replay what is in quarantine.',

  dismissed: 'Somebody dismissed it from quarantine; it is not counted.',

  // ledger
  repeat: 'Already counted: the same report came before.',
  superseded: 'A later report of the same conversion is already counted.',
  order_of_another_source: 'Another source of the dedupe group reported this order first.',
  refund_of_another_source:
    'Another source of the dedupe group has this order, so only its refunds count: this one took nothing back. Let that source report refunds, or let this one report the order first or alone (dedupe_group).',
  sale_never_came:
    'What it takes back was never reported, or was worth nothing. Check which ids the sender puts where, then replay; or dismiss it.',
  awaiting_sale: 'The sale it belongs to has not come yet; it counts when it comes.',
  no_amount:
    'It names no amount, so it counts as 0 until a report of it names one. If this one should have, check the name in the source’s params.',
  amount_changed: 'The amount differs from the one reported before; the difference was entered.',
  status_changed: 'The status differs from the one reported before.',
  second_amount_rejected: 'Another amount under the same key; the source rejects second amounts.',
  another_sale: 'Another amount under the same key, counted as another sale.',
  refund_exceeds_sale: 'More is taken back than was sold; what is left was taken.',
  pixel_takes_back: 'A pixel may report a sale only: anybody can ask for one. Report refunds by postback or API.',
  pixel_rebills: 'A pixel may report no rebill: it happens where no page is shown. Report rebills by postback or API.',
  refund_currency_differs:
    'The refund is in another currency than its sale and was not applied. Correct the source’s currency where that is what it is read by, then replay; else let the sender report it in the sale’s currency, and dismiss this one.',
  already_reversed: 'Nothing was left to take back.',
  too_many_changes: 'The conversion has had more reports than are kept. Check the sender for a loop or a wrong id.',
} as const;
export type ReasonCode = keyof typeof REASONS;

/** One thing wrong with an item. */
export interface Fault {
  readonly code: ReasonCode;
  readonly parameter: FieldName | null;
}

/** The same for an item that was handed in and kept nowhere: there is nothing to replay, it has to come again. */
export const toldAgain = (sentence: string): string =>
  sentence
    .replace(/, then replay( what is in quarantine)?/, ', then send it again')
    .replace(', and dismiss this one', '');

/** The sentence for people. */
export function sentenceOf({ code, parameter }: Fault): string {
  return REASONS[code].replaceAll('{parameter}', parameter ?? 'A value');
}
