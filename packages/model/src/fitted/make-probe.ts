/**
 * Making the probe: two inputs that are drawn between the smallest and largest values of the first training rows, so that they
 * are plausible and nobody's data.
 */
import { hostKey, uniforms } from '@dendrite/random';
import type { Column, SavedArray } from '@dendrite/spec';
import { probes } from './probe.ts';
import type { ProbeRows } from './probe-rows.ts';

/** `[2, ...example]` in the dtype of the features, or `[2, columns]` in float64. */
export function makeProbe(known: ProbeRows, seed: number): SavedArray {
  if ('columns' in known) return columnProbe(known.columns, seed);
  const { rows, data, example } = known;
  const shape = [probes, ...example];
  const width = data.length / rows;
  const drawn = draw(
    (i, j) => data[i * width + j] as number,
    rows,
    width,
    seed,
    !(data instanceof Float32Array || data instanceof Float64Array),
  );
  if (data instanceof Uint8Array) return { dtype: 'uint8', shape, data: Uint8Array.from(drawn) };
  return data instanceof Int32Array
    ? { dtype: 'int32', shape, data: Int32Array.from(drawn) }
    : { dtype: 'float32', shape, data: Float32Array.from(drawn) };
}

function columnProbe(columns: readonly Column['values'][], seed: number): SavedArray {
  const data = new Float64Array(probes * columns.length);
  columns.forEach((known, c) => {
    const drawn = draw(
      (i) => known[i] as number,
      known.length,
      1,
      seed + c,
      known.constructor !== Float64Array && known.constructor !== Float32Array,
    );
    for (let i = 0; i < probes; i++) data[i * columns.length + c] = drawn[i] ?? 0;
  });
  return { dtype: 'float64', shape: [probes, columns.length], data };
}

/** `min + u · (max − min)`, an element each; whole where the data are. */
function draw(
  value: (i: number, j: number) => number,
  rows: number,
  width: number,
  seed: number,
  whole: boolean,
): Float64Array {
  const u = uniforms(hostKey(seed).fork('probe'), probes * width);
  return u.map((share, at) => {
    const j = at % width;
    let min = rows > 0 ? value(0, j) : 0;
    let max = min;
    for (let i = 1; i < rows; i++) {
      min = Math.min(min, value(i, j));
      max = Math.max(max, value(i, j));
    }
    return whole ? min + Math.floor(share * (max - min + 1)) : min + share * (max - min);
  });
}
