/** Functions that Math lacks, in float64. */

/** Nearest whole number, halves to the even one; −0 where x is below 0. */
export function roundToEven(x: number): number {
  const below = Math.floor(x);
  const above = below === -1 ? -0 : below + 1;
  const rest = x - below;
  if (rest < 0.5) return below;
  if (rest > 0.5) return above;
  return below % 2 === 0 ? below : above;
}

/**
 * Error function to about 1e-15: its Taylor series near 0, a continued fraction of its complement farther out.
 * @source  Abramowitz and Stegun (1964), 7.1.6 and 7.1.14
 */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(a)) return x;
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    // erf x = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1 · 3 · … (2n + 1)): all terms positive, nothing cancels.
    let term = a;
    let total = a;
    for (let n = 1; n < 200 && term > total * 1e-17; n++) {
      term *= (2 * a * a) / (2 * n + 1);
      total += term;
    }
    return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * Math.exp(-a * a) * total;
  }
  let fraction = a;
  for (let n = 60; n >= 1; n--) fraction = a + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * fraction));
}
