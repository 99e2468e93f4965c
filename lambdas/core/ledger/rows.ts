import type { EventRecord } from '../../contract/lake.ts';
import type { ConversionRecord, RecordedEntry } from './record.ts';

export type ConversionRow = EventRecord<'conversions'>;

/** Rows of the lake for these entries of a conversion. */
export function rowsOf({ entries, join }: ConversionRecord, ids: ReadonlySet<string>): ConversionRow[] {
  return entries.filter(({ entry_id }) => ids.has(entry_id)).map((entry) => ({ ...amountsOf(entry), ...whoOf(join) }));
}

function amountsOf({ refund_id: _refund, promo_code: _promo, click_id: _click, ...entry }: RecordedEntry) {
  return entry;
}

function whoOf({ keys, match, version }: ConversionRecord['join']) {
  const { click, link, match: by, match_conflict, unmatched_reason, subscriber_no, subscriber_id } = match;
  return {
    version,
    match: by,
    match_conflict,
    unmatched_reason,
    click_id: click?.id ?? null,
    clicked_at: click?.time ?? null,
    nonce: click?.nonce ?? null,
    link_no: click?.linkNo ?? null,
    subscriber_no,
    subscriber_id,
    identity_subscriber_no: match.identity_subscriber_no,
    campaign_id: match.campaign_id,
    message_id: link?.message_id ?? null,
    creative: link?.creative ?? null,
    segment: link?.segment ?? null,
    partner: link?.partner ?? null,
    offer_id: link?.offer_id ?? null,
    promo_code: match.redeemed_code ?? keys.promo_code,
    customer_ref: keys.customer,
    email_hash: keys.email,
    phone_hash: keys.phone,
  };
}
