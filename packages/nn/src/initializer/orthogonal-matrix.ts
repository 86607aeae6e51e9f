/** A random matrix with orthogonal rows or columns, made on the host in float64. */
import { keyFromWords, normals } from '@dendrite/random';

/** Row-major `[rows, columns]`: modified Gram-Schmidt over the shorter side of a matrix of normal numbers, twice against rounding. */
export function orthogonalMatrix(
  words: readonly [number, number],
  rows: number,
  columns: number,
  gain: number,
): Float64Array {
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const vectors = normals(keyFromWords(words), count * length);
  for (let i = 0; i < count; i++) {
    const own = vectors.subarray(i * length, (i + 1) * length);
    for (let pass = 0; pass < 2; pass++)
      for (let j = 0; j < i; j++) {
        const other = vectors.subarray(j * length, (j + 1) * length);
        const along = dot(own, other);
        for (let k = 0; k < length; k++) own[k] = (own[k] as number) - along * (other[k] as number);
      }
    const norm = Math.sqrt(dot(own, own)) || 1;
    for (let k = 0; k < length; k++) own[k] = (own[k] as number) / norm;
  }
  const matrix = new Float64Array(rows * columns);
  for (let i = 0; i < count; i++)
    for (let k = 0; k < length; k++)
      matrix[rows <= columns ? i * columns + k : k * columns + i] = gain * (vectors[i * length + k] as number);
  return matrix;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
