import type { Source } from '../entities/source.ts';
import type { ConversionProfile, Path } from '../profiles/profile.ts';
import { PARAMETERS, type Parameter } from './parameters.ts';
import type { RawRequest } from './request.ts';
import { sampleOrders } from './sample-orders.ts';

export interface SampleContext {
  readonly source: Source;
  readonly profile: ConversionProfile;
  /** Id of a click shortly before. */
  readonly clickId: string;
  /** The account's currency, where neither source nor profile has one. */
  readonly accountCurrency: string;
  /** When the sample arrives, epoch milliseconds. */
  readonly now: number;
}

const JSON_TYPE = 'application/json';
/** The sale happened so long before its message, ms. */
const DELAY = 1_000;

/**
 * A message as this source's sender would send it for a sale of a click: the generated URL with its macros filled in, or a small
 * order. Where the source gives a parameter a name of its own, it stands there: names that are paths as flat members of the body,
 * since a literal name is tried before a path is followed.
 */
export function sampleRequest(context: SampleContext): RawRequest {
  const { source, profile, now } = context;
  const common = { received_at: now, headers: ownHeaders(context) };
  const order = sampleOrders[source.profile];
  if (profile.inlet === 'postbacks' || !order) {
    const query = pairsOf(context)
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join('&');
    return { ...common, method: 'GET', query, body: new Uint8Array() };
  }
  const { headers, body } = order({
    clickId: context.clickId,
    currency: currencyOf(context),
    at: now - DELAY,
  });
  const own = Object.fromEntries(overrides(context).filter(([name]) => !name.startsWith('@')));
  return {
    ...common,
    method: 'POST',
    query: '',
    headers: { 'content-type': JSON_TYPE, ...headers, ...common.headers },
    body: Buffer.from(JSON.stringify({ ...(body as object), ...own })),
  };
}

/** Parameters of the generated URL in its order, under the names it has for this source. */
function pairsOf(context: SampleContext): [string, string][] {
  const { source, profile } = context;
  const values = valuesOf(context);
  const fields = Object.entries(profile.shapes[0]?.fields ?? {});
  const named = fields.flatMap(([name, { from, macro }]): [string, string][] => {
    const path = source.params[name as Parameter] ?? (macro === undefined ? undefined : from[0]);
    const value = values[name as Parameter];
    return path === undefined || value === undefined || path.startsWith('@') ? [] : [[plain(path), value]];
  });
  return [...new Map(named)];
}

const overrides = (context: SampleContext): [string, string][] =>
  PARAMETERS.flatMap((name): [string, string][] => {
    const path = context.source.params[name];
    const value = valuesOf(context)[name];
    return path === undefined || value === undefined ? [] : [[plain(path), value]];
  });

const ownHeaders = (context: SampleContext) =>
  Object.fromEntries(
    overrides(context)
      .filter(([name]) => name.startsWith('@'))
      .map(([name, value]) => [name.slice(1), value]),
  );

/** A path from the root of the body stands at the root of the sample. */
const plain = (path: Path) => path.replace(/^\$\./, '');

/** Values that every sender could have sent. */
function valuesOf(context: SampleContext): Partial<Record<Parameter, string>> {
  const { profile, source } = context;
  return {
    click_id: context.clickId,
    txn_id: 'sample-1',
    order_id: 'sample-order-1',
    event: wordFor('sale', { ...profile.events, ...source.events }),
    status: wordFor('approved', { ...profile.statuses, ...source.statuses }),
    ...amountsOf(context),
    currency: currencyOf(context),
    ts: String(Math.floor((context.now - DELAY) / 1_000)),
  };
}

/** The word of a sender that has this meaning: the meaning's own name where the sender knows it. */
function wordFor(meaning: string, words: Readonly<Record<string, string>>): string {
  const [other = meaning] = Object.keys(words).filter((word) => words[word] === meaning);
  return words[meaning] === meaning ? meaning : other;
}

/** 49.90 and 20.00 as this source's amounts are written. */
function amountsOf({ source, profile }: SampleContext) {
  const notation = source.notation ?? profile.notation;
  if (notation === 'minor') return { amount: '4990', payout: '2000' };
  return notation === 'decimal_comma' ? { amount: '49,90', payout: '20,00' } : { amount: '49.90', payout: '20.00' };
}

const currencyOf = ({ source, profile, accountCurrency }: SampleContext) =>
  source.currency ?? (profile.currency === 'account' ? null : profile.currency) ?? accountCurrency;
