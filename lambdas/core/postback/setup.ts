import type { Source } from '../entities/source.ts';
import type { Profile } from '../profiles/profile.ts';
import type { Parameter } from './parameters.ts';

/** What the URL of a source depends on. */
export type NamedSource = Pick<Source, 'id' | 'params'>;

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
  return { postback_url: url, subid_param: subid, setup: profile.setup.map(fill) };
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
