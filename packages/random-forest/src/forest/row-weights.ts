/** Weights of rows and of classes as one: loaded where there are any. */

/** Undefined where every row counts alike. */
export function rowWeightsOf(
  targets: ArrayLike<number>,
  sampleWeight: Float32Array | undefined,
  classWeight: Float32Array | undefined,
): Float64Array | undefined {
  const weights = Float64Array.from(targets, (code, i) => (sampleWeight?.[i] ?? 1) * (classWeight?.[code] ?? 1));
  return weights.every((weight) => weight === 1) ? undefined : weights;
}
