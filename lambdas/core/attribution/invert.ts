/**
 * Inverse of a square matrix by Gauss and Jordan, in place of a copy. Without pivoting, which matrices I - Q of an
 * absorbing chain do not need (they are M-matrices: https://doi.org/10.1137/1.9781611971262, chapter 6). n³ steps.
 */
export function invert(matrix: readonly Float64Array[]): Float64Array[] {
  const a = matrix.map((row) => Float64Array.from(row));
  const inverse = matrix.map((_, i) => Float64Array.from({ length: matrix.length }, (_, j) => (i === j ? 1 : 0)));
  for (const [i, row] of a.entries()) {
    const own = inverse[i] as Float64Array;
    const pivot = row[i] as number;
    scale(row, pivot);
    scale(own, pivot);
    for (const [j, other] of a.entries()) {
      const factor = other[i] as number;
      if (j === i || factor === 0) continue;
      subtract(other, row, factor);
      subtract(inverse[j] as Float64Array, own, factor);
    }
  }
  return inverse;
}

function scale(row: Float64Array, by: number): void {
  for (let k = 0; k < row.length; k += 1) row[k] = (row[k] as number) / by;
}

function subtract(row: Float64Array, other: Float64Array, factor: number): void {
  for (let k = 0; k < row.length; k += 1) row[k] = (row[k] as number) - factor * (other[k] as number);
}
