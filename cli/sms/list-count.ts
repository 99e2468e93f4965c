import { encode, measure } from './parts.ts';
import { render, type Template, type Values } from './template.ts';

/** A wording to count: a template and the values that are the same for everybody. */
export interface Draft {
  readonly template: Template;
  readonly values: Values;
}

/** What a list takes in one wording. */
export interface Tally {
  /** Parts of all messages together. */
  parts: number;
  /** Messages by the number of parts they take. */
  readonly byParts: Map<number, number>;
  /** Messages in UCS-2. */
  ucs2: number;
}

/** Shapes kept before they are measured and forgotten. Real lists have some hundreds. */
const MAX_SHAPES = 5_000;
/** Longest value whose shape is remembered, in UTF-16 units. */
const LONGEST_KNOWN = 100;
const PLAIN = /^[\p{L}\p{N}\p{P}\p{Zs}]*$/u;
/** Letters of Hangul that melt with their neighbours into one character. */
const JAMO = /[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/;

/**
 * Counts a list while its rows pass by. What a message takes hangs on the length of a value, not on the value, so rows are
 * counted by shape and each shape is measured once: memory stays the same for any list.
 */
export class ListCount {
  rows = 0;
  /** The longest value of each column. */
  readonly longest: Record<string, string> = {};
  readonly #columns: readonly string[];
  readonly #shapes = new Map<string, { readonly values: Values; count: number }>();
  readonly #known = new Map<string, string>();
  #drafts: readonly Draft[] | null;
  #tallies: readonly Tally[] = [];
  #isWhole = true;

  /** @param drafts what to count, where it is known before the rows are */
  constructor(columns: readonly string[], drafts: readonly Draft[] | null = null) {
    this.#columns = columns;
    this.#drafts = drafts;
    this.#tallies = tallies(drafts ?? []);
  }

  add(row: Values): void {
    this.rows += 1;
    let key = '';
    for (const column of this.#columns) {
      const value = row[column] ?? '';
      if (value.length > (this.longest[column]?.length ?? -1)) this.longest[column] = value;
      key += `${this.#shapeOf(value)}\u0000`;
    }
    const shape = this.#shapes.get(key);
    if (shape) shape.count += 1;
    else this.#shapes.set(key, { values: this.#picked(row), count: 1 });
    if (this.#shapes.size >= MAX_SHAPES) this.#flush();
  }

  /** Counts messages that do not differ. */
  addAlike(count: number): void {
    this.rows += count;
    this.#shapes.set('', { values: {}, count });
  }

  /**
   * What the rows take in each draft. Null where the drafts were not known before and the list had more shapes than were
   * kept: then it takes another pass.
   */
  tally(drafts: readonly Draft[]): readonly Tally[] | null {
    if (this.#drafts === null) {
      if (!this.#isWhole) return null;
      this.#drafts = drafts;
      this.#tallies = tallies(drafts);
    }
    this.#flush();
    return this.#tallies;
  }

  #flush(): void {
    if (this.#drafts === null) this.#isWhole = false;
    for (const { values, count } of this.#shapes.values())
      for (const [index, { template, values: fixed }] of (this.#drafts ?? []).entries()) {
        const tally = this.#tallies[index];
        if (tally) addTo(tally, render(template, { ...fixed, ...values }), count);
      }
    this.#shapes.clear();
  }

  /** Names come again and again, and telling the shape of an unusual one takes a while. */
  #shapeOf(value: string): string {
    if (ASCII.test(value) && !DOUBLE.test(value)) return `g${value.length}`;
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const shape = unusualShape(value);
    if (this.#known.size >= MAX_SHAPES) this.#known.clear();
    if (value.length <= LONGEST_KNOWN) this.#known.set(value, shape);
    return shape;
  }

  #picked(row: Values): Values {
    return Object.fromEntries(this.#columns.map((column) => [column, row[column] ?? '']));
  }
}

const tallies = (drafts: readonly Draft[]): Tally[] => drafts.map(() => ({ parts: 0, byParts: new Map(), ucs2: 0 }));

function addTo(tally: Tally, text: string, count: number): void {
  const { parts, encoding } = measure(text);
  tally.parts += parts * count;
  tally.byParts.set(parts, (tally.byParts.get(parts) ?? 0) + count);
  if (encoding === 'UCS-2') tally.ucs2 += count;
}

const ASCII = /^[\x20-\x7e]*$/;
const DOUBLE = /[\^{}\\[\]~|`]/;
const BREAK = /[\r\n]/;

/**
 * What decides about parts: the units of every character. Values that could melt with their neighbours (marks, joiners,
 * emoji, flags) are their own shape.
 */
function unusualShape(value: string): string {
  const { encoding, characters } = encode(value);
  if (encoding === 'GSM-7' && !BREAK.test(value)) return `s${characters.map(({ units }) => units).join('')}`;
  const isPlain = characters.length === value.length && PLAIN.test(value) && !JAMO.test(value);
  return isPlain ? `u${value.length}` : `=${value}`;
}
