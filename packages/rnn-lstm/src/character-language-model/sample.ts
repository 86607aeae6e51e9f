/** One code drawn from logarithms of probabilities. */

/**
 * `p ∝ e^(log p / temperature)`; at temperature 0 the likeliest.
 * @param u  a uniform number in [0, 1)
 */
export function sampleCode(logs: Float32Array, temperature: number, u: number): number {
  let best = 0;
  for (let k = 1; k < logs.length; k++) if ((logs[k] ?? 0) > (logs[best] ?? 0)) best = k;
  if (temperature === 0) return best;
  const top = logs[best] ?? 0;
  const weights = Float64Array.from(logs, (log) => Math.exp((log - top) / temperature));
  let left = u * weights.reduce((a, b) => a + b, 0);
  for (let k = 0; k < weights.length; k++) {
    left -= weights[k] ?? 0;
    if (left < 0) return k;
  }
  return best;
}
