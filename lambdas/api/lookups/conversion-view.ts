import { IdentityStore, markKey } from '../../adapters/identity-store.ts';
import { SubscriberLookup } from '../../adapters/subscriber-lookup.ts';
import { marksOf } from '../../core/identity/addresses.ts';
import { type MatchKeys, promoCodesOf } from '../../core/match-keys.ts';
import { formatAmount } from '../../core/money.ts';
import type { ApiServices } from '../services.ts';
import type { Row } from './queries.ts';

const AMOUNTS = ['revenue', 'payout', 'sale_value'] as const;

/** Amounts as the wire has them: decimal texts in the entry's currency. */
export function amountsOf(row: Row) {
  const { currency } = row;
  const amounts = AMOUNTS.map((name) => {
    const minor = row[`${name}_minor`];
    const isMoney = typeof minor === 'number' && typeof currency === 'string';
    return [name, isMoney ? formatAmount(minor, currency) : null] as const;
  });
  return { ...Object.fromEntries(amounts), currency: currency ?? null };
}

/** Keys in the order in which they are tried, addresses as hashes, with whom each names by now. */
export async function keysTried(keys: MatchKeys, { ledgerTable, now }: ApiServices) {
  const { click, click_reason, subscriber_id, customer, email, phone } = keys;
  const marks = marksOf({ email, phone, customer });
  const people = new SubscriberLookup(ledgerTable);
  const [owners, clickers, known] = await Promise.all([
    new IdentityStore(ledgerTable, now).ownersOf(marks),
    people.idsOf(click?.subscriberNo ? [click.subscriberNo] : []),
    people.numbersOf(subscriber_id === null ? [] : [subscriber_id]),
  ]);
  const byMark = marks.map((mark) => {
    const owner = owners.get(markKey(mark));
    return {
      key: mark.kind,
      value: mark.hash,
      names: owner?.subscriberId ?? null,
      contested: owner?.contested ?? false,
    };
  });
  const clicker = click ? (clickers.get(click.subscriberNo) ?? null) : null;
  const id = subscriber_id !== null && known.has(subscriber_id) ? subscriber_id : null;
  return [
    { key: 'click_id', value: click?.id ?? null, names: clicker, reason: click_reason },
    ...promoCodesOf(keys).map((value) => ({ key: 'promo_code', value })),
    ...(subscriber_id === null ? [] : [{ key: 'subscriber_id', value: subscriber_id, names: id }]),
    ...byMark,
  ];
}
