import { costOf, type Price } from './cost.ts';
import { type Draft, ListCount, type Tally } from './list-count.ts';
import { readList } from './list-file.ts';
import { type Encoding, measure, ROOM } from './parts.ts';
import { replacementFor } from './replacements.ts';
import { placeholdersOf, render, sourceAt, type Template, type Values } from './template.ts';
import { otherWordings, type Wording } from './wordings.ts';

/** A text, what fills it, and the list it goes to. */
export interface PreviewInput {
  readonly template: Template;
  /** Values that are the same for everybody. */
  readonly values: Values;
  readonly origins: readonly string[];
  readonly list: string | null;
  readonly listSize: number | null;
  readonly price: Price | null;
}

/** A character that forced UCS-2, wherever it stands. */
export interface Foreign {
  readonly character: string;
  readonly code_point: string;
  readonly positions: readonly number[];
  /** Placeholder whose value it stands in; null in the message's own words. */
  readonly in: string | null;
  readonly replacement: string | null;
}

/** A wording and what it takes. Costs are null where no price is known, sizes of the list where there is none. */
export interface Figures {
  readonly kind: string;
  readonly change: string;
  readonly text: string;
  readonly link_characters: number | null;
  readonly encoding: Encoding;
  readonly parts: number;
  readonly characters: number;
  readonly characters_left: number;
  readonly list_parts: number | null;
  readonly list_cost: string | null;
  readonly parts_saved: number;
  readonly list_parts_saved: number | null;
  readonly list_cost_saved: string | null;
}

export interface Preview {
  readonly text: string;
  readonly encoding: Encoding;
  readonly parts: number;
  readonly characters: number;
  readonly characters_left: number;
  readonly characters_per_part: number;
  readonly forced_by: readonly Foreign[];
  readonly price_per_part: string | null;
  readonly currency: string | null;
  readonly message_cost: string | null;
  readonly list: ListFigures | null;
  readonly wordings: readonly Figures[];
}

interface ListFigures {
  readonly size: number;
  readonly parts: number;
  readonly cost: string | null;
  /** Messages by number of parts; one entry where the list is only a size. */
  readonly by_parts: Readonly<Record<string, number>>;
  readonly ucs2: number;
}

/** Measures a text, its list and the other wordings. @throws CliError on a list that cannot be read */
export async function preview(input: PreviewInput): Promise<Preview> {
  const { template, values, origins, price } = input;
  const columns = placeholdersOf(template).filter((name) => values[name] === undefined);
  const count = await countList(input, columns, null);
  const shown: Draft = { template, values: { ...values, ...count?.longest } };
  const wordings = [asItIs(shown), ...otherWordings(shown, origins)];
  // Wordings hang on the longest values. A list of very many shapes is read once more with them known.
  const tallies = count?.tally(wordings) ?? (await countList(input, columns, wordings))?.tally(wordings);
  const counted = count && tallies ? { size: count.rows, tallies } : null;
  const figures = wordings.map((wording, at) => figuresOf(wording, shown, counted, at, price));
  return { ...summary(shown, price), list: listFigures(counted, price), wordings: figures };
}

const asItIs = (draft: Draft): Wording => ({ ...draft, kind: 'as_is', change: 'as it is' });

interface Counted {
  readonly size: number;
  readonly tallies: readonly Tally[];
}

async function countList(
  { list, listSize }: PreviewInput,
  columns: readonly string[],
  drafts: readonly Draft[] | null,
): Promise<ListCount | null> {
  if (list === null && listSize === null) return null;
  const count = new ListCount(columns, drafts);
  if (list === null) count.addAlike(listSize ?? 0);
  else for await (const row of readList(list, columns)) count.add(row);
  return count;
}

function summary(draft: Draft, price: Price | null) {
  const text = render(draft.template, draft.values);
  const { encoding, parts, units, left } = measure(text);
  return {
    text,
    encoding,
    parts,
    characters: units,
    characters_left: left,
    characters_per_part: parts === 1 ? ROOM[encoding].alone : ROOM[encoding].joined,
    forced_by: foreignOf(draft, text),
    price_per_part: price?.perPart ?? null,
    currency: price?.currency ?? null,
    message_cost: price && costOf(parts, price),
  };
}

function foreignOf({ template, values }: Draft, text: string): readonly Foreign[] {
  const found = new Map<string, Foreign & { positions: number[] }>();
  for (const { text: character, position, offset } of measure(text).foreign) {
    const source = sourceAt(template, values, offset);
    const key = `${source} ${character}`;
    const known = found.get(key);
    if (known) known.positions.push(position);
    else found.set(key, { ...described(character), positions: [position], in: source });
  }
  return [...found.values()];
}

function described(character: string) {
  const points = [...character].map(
    (point) => `U+${point.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return { character, code_point: points.join(' '), replacement: replacementFor(character) };
}

function listFigures(counted: Counted | null, price: Price | null): ListFigures | null {
  const tally = counted?.tallies[0];
  if (!counted || !tally) return null;
  return {
    size: counted.size,
    parts: tally.parts,
    cost: price && costOf(tally.parts, price),
    by_parts: Object.fromEntries([...tally.byParts].sort(([a], [b]) => a - b)),
    ucs2: tally.ucs2,
  };
}

function figuresOf(
  { kind, change, template, values }: Wording,
  shown: Draft,
  counted: Counted | null,
  at: number,
  price: Price | null,
): Figures {
  const text = render(template, values);
  const { encoding, parts, units, left } = measure(text);
  const listParts = counted?.tallies[at]?.parts ?? null;
  const before = counted?.tallies[0]?.parts ?? 0;
  const saved = listParts === null ? null : before - listParts;
  return {
    kind,
    change,
    text,
    link_characters: values.link?.length ?? null,
    encoding,
    parts,
    characters: units,
    characters_left: left,
    list_parts: listParts,
    list_cost: price && listParts !== null ? costOf(listParts, price) : null,
    parts_saved: measure(render(shown.template, shown.values)).parts - parts,
    list_parts_saved: saved,
    list_cost_saved: price && saved !== null ? costOf(saved, price) : null,
  };
}
