/**
 * The probe: two made-up inputs, saved with the output they gave, and compared when the file is loaded. They are drawn
 * between the smallest and largest values of the first training rows, so that they are plausible and nobody's data.
 */
import { hostKey, uniforms } from '@dendrite/random';
import { type Batch, type Capabilities, type Column, DendriteError, type SavedArray, type Table } from '@dendrite/spec';
import type { ColumnData, TrainingData } from '../definition/definition.ts';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import { checkedOutput } from './core-output.ts';
import type { Answering } from './trained.ts';

/** How many inputs. */
export const probes = 2;
const seen = 64;

/** `[2, ...example]` in the dtype of the features, or `[2, columns]` in float64. */
export async function makeProbe(data: TrainingData<Capabilities['data']>, seed: number): Promise<SavedArray> {
  if (!('batches' in data)) return columnProbe(data, seed);
  const shape = [probes, ...data.feature.shape];
  for await (const { rows, x } of data.batches({ size: seen, epoch: 0 })) {
    const width = x.data.length / rows;
    const drawn = draw(
      (i, j) => x.data[i * width + j] as number,
      rows,
      width,
      seed,
      !(x.data instanceof Float32Array || x.data instanceof Float64Array),
    );
    if (x.data instanceof Uint8Array) return { dtype: 'uint8', shape, data: Uint8Array.from(drawn) };
    return x.data instanceof Int32Array
      ? { dtype: 'int32', shape, data: Int32Array.from(drawn) }
      : { dtype: 'float32', shape, data: Float32Array.from(drawn) };
  }
  throw new DendriteError('DATA', 'fit(): a source must give at least one batch, got none.');
}

function columnProbe({ table }: ColumnData, seed: number): SavedArray {
  const rows = Math.min(seen, table.rows);
  const data = new Float64Array(probes * table.columns.length);
  table.columns.forEach(({ values, missing }, c) => {
    const known = Array.from(values.subarray(0, rows)).filter((value, i) => !missing?.[i] && !Number.isNaN(value));
    const drawn = draw(
      (i) => known[i] as number,
      known.length,
      1,
      seed + c,
      values.constructor !== Float64Array && values.constructor !== Float32Array,
    );
    for (let i = 0; i < probes; i++) data[i * table.columns.length + c] = drawn[i] ?? 0;
  });
  return { dtype: 'float64', shape: [probes, table.columns.length], data };
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

/** What the core answers to the probe: probabilities where it has them, else codes or numbers. */
export async function probeOutput(
  { core, definition, labels, preprocessing }: Answering,
  probe: SavedArray,
): Promise<SavedArray> {
  const input = definition.capabilities.data === 'columns' ? probeTable(probe, preprocessing) : probeBatch(probe);
  const { values, probabilities } = checkedOutput(
    await core.predict(input),
    probe.shape[0] ?? 0,
    labels.length,
    definition,
    0,
  );
  if (probabilities)
    return { dtype: 'float32', shape: [probes, labels.length], data: Float32Array.from(probabilities) };
  return { dtype: 'float64', shape: [probes], data: Float64Array.from(values) };
}

/** How many columns the encoded table has. */
export function columnCount(preprocessing: Preprocessing): number {
  return preprocessing.kind === 'table'
    ? preprocessing.columns.length
    : preprocessing.shape.reduce((size, n) => size * n, 1);
}
function probeBatch({ data, shape }: SavedArray): Batch {
  return { rows: probes, x: { data, shape } };
}
function probeTable({ data }: SavedArray, preprocessing: Preprocessing): Table {
  const count = columnCount(preprocessing);
  const columns = Array.from({ length: count }, (_, c): Column => {
    const values = Float64Array.from({ length: probes }, (_, i) => data[i * count + c] as number);
    if (preprocessing.kind === 'values') return { name: preprocessing.names?.[c] ?? `x${c}`, kind: 'number', values };
    const { name, kind, categories } = preprocessing.columns[c] ?? { name: `x${c}`, kind: 'number' };
    return { name, kind, values: categories ? Int32Array.from(values) : values, ...(categories && { categories }) };
  });
  return { '~dendrite': 'table', rows: probes, columns };
}
