/** A forest as named arrays. */
import type { Json, SavedArray } from '@dendrite/spec';
import type { Bins } from '../binning/bins.ts';
import type { Forest } from '../predict/forest.ts';
import type { Tree } from '../tree/tree.ts';

/** Trees one behind the other; `trees.*` says how much belongs to each. */
export function forestArrays({ trees, bins, classes, exact }: Forest): Record<string, SavedArray> {
  const joined = (pick: (tree: Tree) => Int32Array): Int32Array => join(Int32Array, trees.map(pick));
  const counts = (of: (tree: Tree) => number): SavedArray => int32(Int32Array.from(trees, of));
  const values = trees.map((tree) => tree.values);
  const floats = (parts: readonly (Float64Array | Float32Array)[]): SavedArray => float64(join(Float64Array, parts));
  return {
    'nodes.feature': int32(joined(({ feature }) => feature)),
    'nodes.cut': int32(joined(({ cut }) => cut)),
    'nodes.right': int32(joined(({ right }) => right)),
    ...(exact && { 'nodes.threshold': floats(trees.map(({ thresholds = new Float64Array(0) }) => thresholds)) }),
    'trees.nodes': counts(({ feature }) => feature.length),
    'trees.leaves': counts((tree) => tree.values.length),
    'trees.sets': counts(({ sets }) => sets.length),
    leaves: classes > 0 ? float32(join(Float32Array, values)) : floats(values),
    sets: int32(joined((tree) => tree.sets)),
    'bins.edges': floats(bins.map(({ edges }) => edges)),
    'bins.centers': floats(bins.map(({ centers }) => centers)),
    'bins.codes': uint8(
      join(
        Uint8Array,
        bins.map(({ codes = new Uint8Array(0) }) => codes),
      ),
    ),
  };
}

/** What the arrays do not say of the bins. */
export function binsJson(bins: readonly Bins[]): Json {
  return bins.map(({ kind, count, missing, edges, centers, codes }) => ({
    kind,
    count,
    missing,
    edges: edges.length,
    centers: centers.length,
    codes: codes?.length ?? 0,
  }));
}

export const int32 = (data: Int32Array): SavedArray => ({ dtype: 'int32', shape: [data.length], data });
export const float64 = (data: Float64Array): SavedArray => ({ dtype: 'float64', shape: [data.length], data });
const float32 = (data: Float32Array): SavedArray => ({ dtype: 'float32', shape: [data.length], data });
const uint8 = (data: Uint8Array): SavedArray => ({ dtype: 'uint8', shape: [data.length], data });

function join<T extends Int32Array | Float32Array | Float64Array | Uint8Array>(
  make: new (length: number) => T,
  parts: readonly ArrayLike<number>[],
): T {
  const all = new make(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
