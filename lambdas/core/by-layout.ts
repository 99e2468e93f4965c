/** Codes made at once: enough to spread the cost of a call of the cipher, few enough to stay in a processor's cache. */
const BATCH = 1_024;

/**
 * Makes a code of each number, in batches whose numbers share a layout, and gives them back in their order.
 * @param layoutOf the layout a number needs; throws where none holds it
 * @param mint makes the codes of numbers of one layout, in their order
 */
export function mintByLayout<Layout>(
  numbers: readonly number[],
  layoutOf: (number: number) => Layout,
  mint: (layout: Layout, numbers: readonly number[]) => readonly string[],
): string[] {
  const codes: string[] = [];
  for (let from = 0; from < numbers.length; from += BATCH)
    for (const code of mintMixed(numbers.slice(from, from + BATCH), layoutOf, mint)) codes.push(code);
  return codes;
}

function mintMixed<Layout>(
  numbers: readonly number[],
  layoutOf: (number: number) => Layout,
  mint: (layout: Layout, numbers: readonly number[]) => readonly string[],
): readonly string[] {
  const layouts = numbers.map(layoutOf);
  const [first] = layouts;
  if (first !== undefined && layouts.every((layout) => layout === first)) return mint(first, numbers);
  const codes = new Array<string>(numbers.length);
  for (const layout of new Set(layouts)) {
    const places = [...layouts.keys()].filter((place) => layouts[place] === layout);
    const minted = mint(
      layout,
      places.map((place) => numbers[place] as number),
    );
    for (const [index, place] of places.entries()) codes[place] = minted[index] as string;
  }
  return codes;
}
