import type { EventRecord } from '../../contract/lake.ts';
import type { Link } from '../../core/entities/link.ts';
import type { Coded } from './codes.ts';

type Row = EventRecord<'recipients'>;

/**
 * Rows for the lake: one for each recipient, and one more for the code that a holdout gets on a control link. A subscriber
 * who stands in the list twice is written once, as they came first.
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

const NO_CODES = { code: null, promo_code: null };

function rowsOf(coded: Coded, now: number): Row[] {
  const { link, mintsOn, code, promoCode } = coded;
  const person = personOf(coded, now);
  const codes = { code, promo_code: promoCode };
  if (mintsOn === null || mintsOn.link_no === link.link_no) return [{ ...fieldsOf(link), ...codes, ...person }];
  return [
    { ...fieldsOf(link), ...NO_CODES, ...person },
    { ...fieldsOf(mintsOn), ...codes, ...person },
  ];
}

const fieldsOf = ({ link_no, campaign_id, message_id, creative, segment, partner, offer_id }: Link) => ({
  link_no,
  campaign_id,
  message_id,
  creative,
  segment,
  partner,
  offer_id,
});

function personOf({ recipient, subscriberNo, assignments }: Coded, now: number) {
  const drawn = assignments.at(-1);
  const outer = assignments.length > 1 ? assignments[0] : undefined;
  return {
    subscriber_no: subscriberNo,
    subscriber_id: recipient.subscriberId,
    experiment: drawn?.experiment ?? null,
    arm: drawn?.arm.name ?? null,
    account_experiment: outer?.experiment ?? null,
    account_arm: outer?.arm.name ?? null,
    minted_at: now,
    attributes: recipient.attributes,
    email_hash: recipient.identities.email ?? null,
    phone_hash: recipient.identities.phone ?? null,
    customer_hash: recipient.identities.customer ?? null,
  };
}
