/**
 * Benjamini–Hochberg: p-values adjusted for how many questions were asked at once, in the order given; reject where the
 * adjusted value is at most the false discovery rate one accepts. A null (not enough data) asks nothing and stays null.
 * https://doi.org/10.1111/j.2517-6161.1995.tb02031.x
 */
export function benjaminiHochberg(pValues: readonly (number | null)[]): (number | null)[] {
  const asked = pValues.flatMap((p, index) => (p === null ? [] : [{ p, index }])).sort((a, b) => b.p - a.p);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let least = 1;
  asked.forEach(({ p, index }, position) => {
    least = Math.min(least, (p * asked.length) / (asked.length - position));
    adjusted[index] = least;
  });
  return adjusted;
}
