/** Nodes over numbers alone, computed on the host and rounded to float32. */
import type { Binary, DType, Unary } from '@dendrite/spec';

export function hostUnary(name: Unary, x: number): number {
  switch (name) {
    case 'neg':
      return -x;
    case 'not':
      return x === 0 ? 1 : 0;
    case 'isNaN':
      return Number.isNaN(x) ? 1 : 0;
    case 'isFinite':
      return Number.isFinite(x) ? 1 : 0;
    case 'erf':
      return Math.fround(erf(x));
    case 'round':
      return roundHalfToEven(x);
    default:
      return Math.fround(Math[name](x));
  }
}

export function hostBinary(name: Binary, x: number, y: number): number {
  switch (name) {
    case 'add':
      return Math.fround(x + y);
    case 'sub':
      return Math.fround(x - y);
    case 'mul':
      return Math.fround(x * y);
    case 'div':
      return Math.fround(x / y);
    case 'mod': {
      const rest = x % y;
      return Math.fround(rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest);
    }
    case 'lt':
      return x < y ? 1 : 0;
    case 'le':
      return x <= y ? 1 : 0;
    case 'eq':
      return x === y ? 1 : 0;
    case 'and':
      return x !== 0 && y !== 0 ? 1 : 0;
    case 'or':
      return x !== 0 || y !== 0 ? 1 : 0;
    default:
      return Math.fround(Math[name](x, y));
  }
}

/** What the number is in a tensor of this dtype, but for its rounding. */
export const castNumber = (x: number, dtype: DType): number =>
  dtype === 'bool' ? (x === 0 ? 0 : 1) : dtype === 'uint8' ? Math.trunc(x) & 255 : x;

function roundHalfToEven(x: number): number {
  if (!Number.isFinite(x)) return x;
  const down = Math.floor(x);
  const rest = x - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
}

/** Maclaurin series: erf(x) = 2/√π · Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1)); 1 to double precision from |x| = 6 on. */
function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) >= 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 160; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
