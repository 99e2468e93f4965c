import type { Source } from '../entities/source.ts';
import type { ConversionProfile, Profile } from '../profiles/profile.ts';
import type { Parameter } from './parameters.ts';

/** What URLs and steps of a source depend on. `secret_set_at` is null where it has no secret. */
export type NamedSource = Pick<Source, 'id' | 'params' | 'pixel'> & { readonly secret_set_at?: string | null };

/** What a person pastes into the sender's screens, and where. */
export interface Setup {
  /** Null where the sender does not call us. */
  readonly postback_url: string | null;
  readonly subid_param: string | null;
  readonly setup: readonly string[];
}

/**
 * The generated URL and the steps of a source. `base` is the API's origin without a slash at its end; `token` stands in the path of
 * postback URLs, `{token}` where it is no longer known. Macros stay as the network writes them, unencoded.
 */
export function setupOf(source: NamedSource, profile: Profile, base: string, token: string): Setup {
  const url = urlOf(source, profile, base, token);
  const subid = profile.reports === 'conversions' ? profile.subidParam : null;
  const values: Record<string, string> = { url: url ?? '', subid_param: subid ?? '', source: source.id };
  const fill = (step: string) => step.replace(/\{(url|subid_param|source)\}/g, (_, name: string) => values[name] ?? '');
  return {
    postback_url: url,
    subid_param: subid,
    setup: [...profile.setup.map(fill), ...signing(source, profile), ...pixel(source, profile, base)],
  };
}

/** What a sender does to sign by our own convention: demanded where a source with a token has a secret. */
function signing({ secret_set_at }: NamedSource, { authentication }: Profile): string[] {
  if (authentication.scheme !== 'token' || !secret_set_at) return [];
  return [
    'Sign each call, at most five minutes before it is sent: the source has a secret, so a call without a signature is refused. A signature is the HMAC-SHA-256 of a text under the secret, as hex. A sender that cannot sign needs a source without a secret.',
    'Signing a GET: add sig_time (the time in epoch seconds), percent-encode each name and value after RFC 3986, sort the pairs name=value, join them with &, and add the signature of that text as the parameter sig.',
    'Signing a POST: send the time in epoch seconds as header x-onehop-time and the signature of <time>.<raw body> as header x-onehop-signature. Put everything into the body: the query beside a signed body is not read.',
  ];
}

/** The picture that reports a sale, where the source takes one. */
function pixel(source: NamedSource, profile: Profile, base: string): string[] {
  if (!source.pixel || profile.inlet !== 'postbacks' || profile.reports !== 'conversions') return [];
  return [
    `Where your server cannot call, put this picture on the thank-you page, each text in braces replaced by its value: ${base}/pixel/${source.id}.gif?${pixelQuery(source, profile)}. It needs the click id of a tap and only adds sales.`,
  ];
}

/** The click id goes under its plain name, by which the picture is let in, and under the one by which the source reads it. */
function pixelQuery({ params }: NamedSource, { shapes, kind }: ConversionProfile): string {
  const fields = shapes[0]?.fields ?? {};
  const read = (name: Parameter) => params[name] ?? fields[name]?.from[0] ?? name;
  const order = (params.order_id ?? fields.order_id) ? 'order_id' : 'txn_id';
  const money = kind === 'network' ? 'payout' : 'amount';
  const pairs = (['click_id', order, money] as const).map((name) => [read(name), name] as const);
  const isLetIn = pairs.some(([incoming]) => incoming === 'click_id');
  return [...(isLetIn ? [] : [['click_id', 'click_id'] as const]), ...pairs]
    .map(([incoming, name]) => `${encodeURIComponent(incoming)}={${name}}`)
    .join('&');
}

function urlOf(source: NamedSource, profile: Profile, base: string, token: string): string | null {
  if (profile.inlet === 'stream') return null;
  if (profile.inlet === 'webhooks') return `${base}/webhooks/${source.id}`;
  return `${base}/postbacks/${source.id}/${token}${macroQuery(source, profile)}`;
}

function macroQuery(source: NamedSource, profile: Profile): string {
  const fields = profile.reports === 'conversions' ? (profile.shapes[0]?.fields ?? {}) : {};
  const pairs = Object.entries(fields).flatMap(([name, field]) => {
    const incoming = source.params[name as Parameter] ?? field.from[0] ?? name;
    return field.macro ? [`${encodeURIComponent(incoming)}=${field.macro}`] : [];
  });
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}
