import type { Source } from '../entities/source.ts';
import { exponentOf, type Notation, parseAmount } from '../money.ts';
import type { ConversionProfile } from '../profiles/profile.ts';
import type { Money } from './conversion.ts';
import type { FieldReader } from './field-reader.ts';
import type { MessageEntry } from './parameters.ts';
import type { Fault, ReasonCode } from './reasons.ts';

export interface MoneyRules {
  readonly profile: ConversionProfile;
  readonly source: Source;
  /** The account's currency. */
  readonly accountCurrency: string;
}

/** Money of an item; null where it names none. Faults go to the reader. `negative` says that the amount takes back. */
export function readMoney(
  fields: FieldReader,
  rules: MoneyRules,
  entry: MessageEntry,
): { readonly money: Money | null; readonly negative: boolean } {
  const texts = { amount: fields.text('amount'), payout: fields.text('payout') };
  const nothing = { money: null, negative: false };
  if (texts.amount === null && texts.payout === null) {
    if (rules.profile.kind === 'shop' && entry === 'sale') fault(fields, 'missing_amount', 'amount');
    return nothing;
  }
  const currency = readCurrency(fields, rules);
  if (currency === null) return nothing;
  const read = (name: 'amount' | 'payout') => readAmount(fields, rules, name, texts[name], currency);
  const [amount, payout] = [read('amount'), read('payout')];
  const isNetwork = rules.profile.kind === 'network';
  if (isNetwork && entry !== 'sale' && payout === null) fault(fields, 'missing_amount', 'payout');
  const negative = (amount ?? 0) < 0 || (payout ?? 0) < 0;
  if (negative && entry === 'sale' && !rules.profile.negativeIsRefund)
    fault(fields, 'negative_amount', (amount ?? 0) < 0 ? 'amount' : 'payout');
  return { money: inWords(currency, Math.abs(amount ?? 0), Math.abs(payout ?? 0), isNetwork), negative };
}

/** What an amount is called depends on who pays whom, see {@link Money}. */
function inWords(currency: string, amount: number, payout: number, isNetwork: boolean): Money {
  return isNetwork
    ? { currency, revenue: payout, payout, sale_value: amount }
    : { currency, revenue: amount, payout, sale_value: 0 };
}

function fault(fields: FieldReader, code: ReasonCode, parameter: Fault['parameter']): void {
  fields.faults.push({ code, parameter });
}

/** The message's currency, else the source's, else the profile's default. */
function readCurrency(fields: FieldReader, { profile, source, accountCurrency }: MoneyRules): string | null {
  const before = fields.faults.length;
  const text = fields.text('currency');
  if (fields.faults.length > before) return null;
  const fallback = source.currency ?? (profile.currency === 'account' ? accountCurrency : profile.currency);
  const currency = text?.toUpperCase() ?? fallback;
  if (currency === null) fault(fields, 'missing_currency', 'currency');
  else if (exponentOf(currency) === undefined) fault(fields, 'unknown_currency', 'currency');
  else return currency;
  return null;
}

function readAmount(
  fields: FieldReader,
  { profile, source }: MoneyRules,
  name: 'amount' | 'payout',
  text: string | null,
  currency: string,
): number | null {
  if (text === null) return null;
  const notation = source.notation ?? profile.notation;
  const [plain, how] = inOwnDigits(text, currency, notation, profile);
  const parsed = parseAmount(plain, currency, how);
  if (parsed.ok) return parsed.minor;
  fault(fields, parsed.fault, name);
  return null;
}

/** Minor units of a sender that counts other digits than ISO 4217, as a decimal. */
function inOwnDigits(
  text: string,
  currency: string,
  notation: Notation,
  { minorDigits }: ConversionProfile,
): [string, Notation] {
  const digits = notation === 'minor' ? minorDigits?.[currency] : undefined;
  const [, sign = '', number] = /^(-?)(\d+)$/.exec(text) ?? [];
  if (digits === undefined || number === undefined) return [text, notation];
  const padded = number.padStart(digits + 1, '0');
  const point = padded.length - digits;
  return [`${sign}${padded.slice(0, point)}.${padded.slice(point)}`, 'decimal'];
}
