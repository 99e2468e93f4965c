/** A text message with places to fill in: `{first_name}`, or `{{first_name}}` as some senders write it. */
export type Template = readonly Token[];

type Token = { readonly literal: string } | { readonly placeholder: string };

export type Values = Readonly<Record<string, string>>;

/** A filled-in stretch of text: of the message itself (null) or of a placeholder. */
interface Piece {
  readonly text: string;
  readonly of: string | null;
}

const PLACEHOLDER = /\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}|\{([A-Za-z_][\w.-]*)\}/g;

/** Names under which the link and the promo code may stand in a text; the output of a mint has `url` and `promo_code`. */
const ALIASES: Readonly<Record<string, string>> = { url: 'link', promo_code: 'promo' };

export function parseTemplate(text: string): Template {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    if (match.index > end) tokens.push({ literal: text.slice(end, match.index) });
    const name = match[1] ?? match[2] ?? '';
    tokens.push({ placeholder: Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name });
    end = match.index + match[0].length;
  }
  if (end < text.length) tokens.push({ literal: text.slice(end) });
  return tokens;
}

/** Names of the placeholders, each once, in order. */
export function placeholdersOf(template: Template): readonly string[] {
  return [...new Set(template.flatMap((token) => ('placeholder' in token ? [token.placeholder] : [])))];
}

/** The text with values filled in; a placeholder without a value is empty. */
export function render(template: Template, values: Values): string {
  return pieces(template, values)
    .map(({ text }) => text)
    .join('');
}

/** The same template with its own words changed, placeholders kept. */
export function reworded(template: Template, change: (literal: string) => string): Template {
  return template.map((token) => ('literal' in token ? { literal: change(token.literal) } : token));
}

/** The template without the last `count` characters of its own words; null where it has not so many. */
export function shortened(template: Template, count: number): Template | null {
  let left = count;
  const tokens = template.toReversed().map((token) => {
    if (!('literal' in token)) return token;
    const characters = [...token.literal];
    const kept = characters.slice(0, Math.max(0, characters.length - left));
    left -= characters.length - kept.length;
    return { literal: kept.join('') };
  });
  return left > 0 ? null : tokens.toReversed();
}

/** The placeholder that an offset (UTF-16 units) of the filled-in text lies in; null in the message's own words. */
export function sourceAt(template: Template, values: Values, offset: number): string | null {
  let end = 0;
  for (const { text, of } of pieces(template, values)) {
    end += text.length;
    if (offset < end) return of;
  }
  return null;
}

function pieces(template: Template, values: Values): readonly Piece[] {
  return template.map((token) =>
    'literal' in token
      ? { text: token.literal, of: null }
      : { text: values[token.placeholder] ?? '', of: token.placeholder },
  );
}
