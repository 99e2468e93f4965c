import type { Draft } from './list-count.ts';
import { measure } from './parts.ts';
import { replaceForeign } from './replacements.ts';
import { onOrigin } from './sample-values.ts';
import { render, reworded, shortened, type Values } from './template.ts';

/** A way to say the same in fewer parts. */
export interface Wording extends Draft {
  /** Stable word for programs: `replace`, `domain`, `no_scheme`, `shorten`. */
  readonly kind: string;
  /** What to do, for people. */
  readonly change: string;
}

/**
 * Everything worth comparing with a text: other characters, other domains, no scheme, fewer words. Each stands alone, so
 * that its effect can be seen.
 */
export function otherWordings(draft: Draft, origins: readonly string[]): readonly Wording[] {
  const link = draft.values.link;
  return [
    ...replaced(draft),
    ...(link === undefined ? [] : [...otherDomains(draft, link, origins), ...withoutScheme(draft, link)]),
    ...fewerCharacters(draft),
  ];
}

function replaced(draft: Draft): readonly Wording[] {
  const template = reworded(draft.template, replaceForeign);
  if (render(template, draft.values) === render(draft.template, draft.values)) return [];
  const isEnough = measure(render(template, draft.values)).encoding === 'GSM-7';
  const change = isEnough ? 'replace the characters GSM-7 lacks' : 'replace those characters that can be';
  return [{ ...draft, template, kind: 'replace', change }];
}

function otherDomains(draft: Draft, link: string, origins: readonly string[]): readonly Wording[] {
  if (!link.includes('://')) return [];
  const others = origins.filter((origin) => origin !== new URL(link).origin);
  return others.map((origin) => ({
    ...withLink(draft, onOrigin(link, origin)),
    kind: 'domain',
    change: `link on ${new URL(origin).host}`,
  }));
}

function withoutScheme(draft: Draft, link: string): readonly Wording[] {
  const bare = link.replace(/^https?:\/\//, '');
  return bare === link ? [] : [{ ...withLink(draft, bare), kind: 'no_scheme', change: 'link without its scheme' }];
}

const withLink = (draft: Draft, link: string): Draft => ({ ...draft, values: { ...draft.values, link } });

/** The fewest characters of its own words that a text has to lose for one part less. */
function fewerCharacters(draft: Draft): readonly Wording[] {
  const partsOf = (template: Draft['template'], values: Values) => measure(render(template, values)).parts;
  const now = partsOf(draft.template, draft.values);
  if (now === 1) return [];
  for (let count = 1; ; count += 1) {
    const template = shortened(draft.template, count);
    if (template === null) return [];
    if (partsOf(template, draft.values) < now)
      return [{ ...draft, template, kind: 'shorten', change: `${count} character${count === 1 ? '' : 's'} less` }];
  }
}
