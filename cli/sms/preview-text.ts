import { amountText, grouped } from './cost.ts';
import type { Figures, Foreign, Preview } from './preview.ts';

/** Parts from which on providers are known to refuse a message. */
const MANY_PARTS = 10;

const NO_SCHEME =
  'Without https:// most phones still make the name a link, but not all do; those that do open it over http first, which is one more hop to HTTPS.';

/** What a preview says to a person, above its table of wordings. */
export function previewText(preview: Preview): string {
  const sections = [[preview.text], sizeLines(preview), foreignLines(preview), costLines(preview), hintLines(preview)];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Rows of the table of wordings; columns that have no figure are left out. */
export function wordingRows({ wordings, currency }: Preview): Record<string, unknown>[] {
  const [first] = wordings;
  return wordings.map((wording) => ({
    wording: wording.change,
    ...(first?.link_characters != null && { link: wording.link_characters }),
    encoding: wording.encoding,
    characters: wording.characters,
    parts: wording.parts,
    saves: savedText(wording, currency),
  }));
}

function savedText({ kind, parts_saved, list_parts_saved, list_cost_saved }: Figures, currency: string | null): string {
  if (kind === 'as_is') return '';
  const parts = list_parts_saved ?? parts_saved;
  if (parts === 0) return 'nothing';
  const text = `${grouped(parts)} part${Math.abs(parts) === 1 ? '' : 's'}`;
  return list_cost_saved === null || currency === null ? text : `${text}, ${amountText(list_cost_saved, currency)}`;
}

function sizeLines({ encoding, parts, characters, characters_left, characters_per_part }: Preview): string[] {
  const room = parts === 1 ? `up to ${characters_per_part}` : `${characters_per_part} each`;
  return [
    `Encoding    ${encoding}`,
    `Parts       ${parts} (${room})`,
    `Characters  ${characters} used, ${characters_left} left in the last part`,
    ...(parts > MANY_PARTS ? [`Many providers refuse a message of more than ${MANY_PARTS} parts.`] : []),
  ];
}

function foreignLines({ forced_by, wordings }: Preview): string[] {
  if (forced_by.length === 0) return [];
  const replaced = wordings.find(({ kind }) => kind === 'replace');
  return ['UCS-2 is forced by', ...forced_by.map(foreignLine), ...(replaced ? [`Replaced:  ${replaced.text}`] : [])];
}

function foreignLine({ character, code_point, positions, in: source, replacement }: Foreign): string {
  const shown = positions.slice(0, 5).join(', ') + (positions.length > 5 ? ` and ${positions.length - 5} more` : '');
  const where = `at ${shown}${source === null ? '' : ` (from {${source}})`}`;
  return `  ${character} (${code_point}) ${where}: ${advice(character, replacement)}`;
}

function advice(character: string, replacement: string | null): string {
  if (replacement === null) return 'GSM-7 has nothing like it';
  if (replacement === '') return 'leave it out';
  return `write ${replacement === ' ' ? 'a plain space' : replacement} instead of ${character.trim() || 'it'}`;
}

function costLines({ list, price_per_part, currency, message_cost }: Preview): string[] {
  const money = (amount: string | null) => (amount === null || currency === null ? '' : amountText(amount, currency));
  const perMessage = message_cost === null ? [] : [`One message  ${money(message_cost)}, at ${price_per_part} a part`];
  if (list === null) return perMessage;
  const size = `${grouped(list.size)} messages  ${grouped(list.parts)} parts`;
  return [...perMessage, list.cost === null ? size : `${size}, ${money(list.cost)}`, ...spreadLines(list)];
}

function spreadLines({ by_parts, size, ucs2 }: NonNullable<Preview['list']>): string[] {
  const entries = Object.entries(by_parts).map(([parts, messages]) => ({ parts: Number(parts), messages }));
  const common = entries.reduce((best, entry) => (entry.messages > (best?.messages ?? 0) ? entry : best), entries[0]);
  const others = entries.filter((entry) => entry !== common);
  return [
    ...others.map(
      ({ parts, messages }) => `  ${difference(parts - (common?.parts ?? 0))} for ${grouped(messages)} of them`,
    ),
    ...(ucs2 > 0 && ucs2 < size ? [`  ${grouped(ucs2)} of them are UCS-2 because of their own values`] : []),
  ];
}

function difference(parts: number): string {
  const count = Math.abs(parts);
  return `${count} part${count === 1 ? '' : 's'} ${parts > 0 ? 'more' : 'fewer'} than most`;
}

function hintLines({ wordings, message_cost }: Preview): string[] {
  return [
    ...(message_cost === null
      ? ['For costs, give --price-per-part 0.0079 --currency USD, or set a price on campaign or account.']
      : []),
    ...(wordings.some(({ kind }) => kind === 'no_scheme') ? [NO_SCHEME] : []),
  ];
}
