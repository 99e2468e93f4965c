import { ledgerKey } from '../../contract/keys.ts';
import type { Source } from '../entities/source.ts';
import type { CanonicalConversion } from '../postback/conversion.ts';
import { shortHash } from './facts.ts';

/**
 * Key of a conversion: source, transaction (else order, else click) and event. Orders of one click are told apart by their order id, so
 * it stands before the click.
 * @throws where a message names none: the interpreter has quarantined it
 */
export function conversionKey(conversion: CanonicalConversion): string {
  const { source_id, event } = conversion;
  const subject = subjectOf(conversion);
  if (subject === null) throw new Error('a message without transaction, order and click reached the ledger');
  return ledgerKey.conversion(source_id, subject, event);
}

/**
 * What a conversion is told apart by, whatever its event; null where a message names nothing. One's own database counts orders and
 * payments each from 1: so the number of an order is no transaction's.
 */
export const subjectOf = ({ txn_id, order_id, click_id }: CanonicalConversion): string | null =>
  txn_id ?? (order_id === null ? click_id : subjectOfOrder(order_id));

/** What a conversion is told apart by that is known by its order alone. */
export const subjectOfOrder = (orderId: string): string => `order=${orderId}`;

/** What a key of this source and event tells a conversion apart by. */
export const subjectIn = (key: string, { source_id, event }: CanonicalConversion): string =>
  key.slice(ledgerKey.conversion(source_id, '', '').length - 1, -(event.length + 1));

/** Id people and reports know a conversion by; follows from its key. */
export const conversionIdOf = (key: string): string => `cv_${shortHash(key)}`;

/** The group whose sources share their orders: one for all shops and own sites unless told otherwise, none for networks. */
export function dedupeGroupOf({ dedupe_group, kind }: Source): string | null {
  return dedupe_group ?? (kind === 'network' ? null : 'default');
}

/** Key under which a group's sources claim an order; null where the source has no group or the message no order. */
export function orderKey(source: Source, { order_id, event }: CanonicalConversion): string | null {
  const group = dedupeGroupOf(source);
  return group === null || order_id === null ? null : ledgerKey.order(group, order_id, event);
}
