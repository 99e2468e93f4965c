import type { EventRecord } from '../../contract/lake.ts';
import type { Coded } from './codes.ts';

type Row = EventRecord<'recipients'>;

/**
 * Rows for the lake: for each recipient one, or one for each experiment they were drawn into; and one more for the code that
 * a holdout gets on a control link. A subscriber who stands in the list twice is written once, as they came first.
 */
export function recipientRows(recipients: readonly (Coded | null)[], now: number): Row[] {
  const seen = new Set<string>();
  return recipients.flatMap((recipient) => {
    if (!recipient) return [];
    const key = `${recipient.link.link_no}|${recipient.subscriberNo}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return rowsOf(recipient, now);
  });
}

function rowsOf({ recipient, subscriberNo, link, assignments, mintsOn, code, promoCode }: Coded, now: number): Row[] {
  const person = {
    subscriber_no: subscriberNo,
    subscriber_id: recipient.subscriberId,
    minted_at: now,
    attributes: recipient.attributes,
    email_hash: recipient.identities.email ?? null,
    phone_hash: recipient.identities.phone ?? null,
    customer_hash: recipient.identities.customer ?? null,
  };
  const row = (
    on: Coded['link'],
    codes: Pick<Row, 'code' | 'promo_code'>,
    drawn: Coded['assignments'][number] | undefined,
  ): Row => ({
    link_no: on.link_no,
    campaign_id: on.campaign_id,
    message_id: on.message_id,
    creative: on.creative,
    segment: on.segment,
    partner: on.partner,
    offer_id: on.offer_id,
    ...codes,
    experiment: drawn?.experiment ?? null,
    arm: drawn?.arm.name ?? null,
    ...person,
  });
  const codes = { code, promo_code: promoCode };
  const isOwn = mintsOn?.link_no === link.link_no;
  const drawn = assignments.length > 0 ? assignments : [undefined];
  const rows = drawn.map((each) => row(link, isOwn ? codes : { code: null, promo_code: null }, each));
  return mintsOn && !isOwn ? [...rows, row(mintsOn, codes, drawn.at(-1))] : rows;
}
