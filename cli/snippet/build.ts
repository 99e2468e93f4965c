import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';

export type SnippetKind = 'html' | 'shopify';

/** What the attributes of the script tag say. */
export interface SnippetOptions {
  readonly kind: SnippetKind;
  /** Origin of the API that `POST /identify` goes to; null: addresses are told to nobody. */
  readonly api: string | null;
  /** Days a click id is kept. */
  readonly days: number;
  /** Hosts whose links and forms get the click id, subdomains included. */
  readonly hosts: readonly string[];
  /** Query parameter of the landing page that holds the click id. */
  readonly param: string;
  /** True: nothing is kept before `onehop.consent(true)`. */
  readonly needsConsent: boolean;
}

/** Most bytes of the script: it stands in every page of a shop. */
export const SNIPPET_BUDGET = 2_048;

const SOURCE = fileURLToPath(new URL('../../web/snippet/onehop.js', import.meta.url));

/** The script of `web/snippet`, minified for browsers from 2020 on. */
export async function minifiedSnippet(kind: SnippetKind): Promise<string> {
  const { code } = await transform(readFileSync(SOURCE, 'utf8'), {
    minify: true,
    target: 'es2020',
    define: { SHOPIFY: String(kind === 'shopify') },
  });
  return code.trim();
}

/** What to paste into a page. */
export async function snippetOf(options: SnippetOptions): Promise<string> {
  const code = await minifiedSnippet(options.kind);
  return `<!-- Onehop: keeps the click id -->\n<script${attributesOf(options)}>${code}</script>\n`;
}

function attributesOf({ api, days, hosts, param, needsConsent }: SnippetOptions): string {
  const attributes = {
    api,
    days: String(days),
    hosts: hosts.length > 0 ? hosts.join(',') : null,
    param: param === 'click_id' ? null : param,
    consent: needsConsent ? 'required' : null,
  };
  return Object.entries(attributes)
    .flatMap(([name, value]) => (value === null ? [] : [` data-${name}="${escaped(value)}"`]))
    .join('');
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
