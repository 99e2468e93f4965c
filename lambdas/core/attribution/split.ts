/** Remainders closer than this are a tie: engines differ in the last digits of a power or a quotient. */
const SAME = 1e-6;

const negated = (value: number): number => 0 - value;

function wholeAndRest(value: number): { whole: number; rest: number } {
  const whole = Math.floor(value);
  return { whole, rest: Math.round((value - whole) / SAME) };
}

/**
 * Whole numbers next to `values` that add up to `total`, by largest remainder (Hamilton's method,
 * https://en.wikipedia.org/wiki/Quota_method); of equal remainders the earlier is served first. A negative total mirrors
 * the positive one.
 *
 * @throws RangeError where `total` is not a safe integer, or `values` do not add up to it
 */
export function roundToSum(values: readonly number[], total: number): number[] {
  const sum = values.reduce((all, value) => all + value, 0);
  if (!Number.isSafeInteger(total) || !(Math.abs(sum - total) <= Math.max(1, Math.abs(total)) * 1e-9))
    throw new RangeError(`${sum} is not the whole amount ${total} that was to be split`);
  if (total < 0) return roundToSum(values.map(negated), -total).map(negated);
  const parts = values.map(wholeAndRest);
  const result = parts.map(({ whole }) => whole);
  // Negative only where products near 2⁵³ were rounded up.
  const left = total - result.reduce((all, whole) => all + whole, 0);
  const served = parts.map((_, i) => i).sort((a, b) => (parts[b]?.rest ?? 0) - (parts[a]?.rest ?? 0));
  for (let i = 0; i < Math.abs(left); i += 1) {
    const at = served[i % served.length] ?? 0;
    result[at] = (result[at] ?? 0) + Math.sign(left);
  }
  return result;
}

/**
 * An amount in minor units split by weights that add up to 1, to the last unit. A full refund takes back from every
 * touch just what the sale gave it.
 *
 * @throws RangeError where the amount is not a safe integer, or the weights do not add up to 1
 */
export function splitMinor(amount: number, weights: readonly number[]): number[] {
  return roundToSum(
    weights.map((weight) => amount * weight),
    amount,
  );
}

/**
 * The entries of one conversion, in order, each split so that what a touch has after every entry is its part of the net
 * so far: a sale of 100 and two refunds of 50 leave nobody a cent. Each row adds up to its entry.
 *
 * @returns a row for each amount, a column for each weight
 * @throws RangeError as {@link splitMinor}
 */
export function splitSeries(amounts: readonly number[], weights: readonly number[]): number[][] {
  let net = 0;
  let before = splitMinor(0, weights);
  return amounts.map((amount) => {
    net += amount;
    const after = splitMinor(net, weights);
    const row = after.map((part, i) => part - (before[i] ?? 0));
    before = after;
    return row;
  });
}
