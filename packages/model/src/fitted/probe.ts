/**
 * The probe: two made-up inputs, saved with the output they gave, and compared when the file is loaded. They are drawn
 * between the smallest and largest values of the first training rows, so that they are plausible and nobody's data.
 */
import { hostKey, uniforms } from '@dendrite/random';
import {
  type Batch,
  type Capabilities,
  type Column,
  DendriteError,
  type SavedArray,
  type SavedModel,
  type Table,
} from '@dendrite/spec';
import type { ColumnData, TrainingData } from '../definition/definition.ts';
import { featureOf } from '../prepare/fit-preprocessing.ts';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import { checkedOutput } from './core-output.ts';
import type { Trained } from './trained.ts';

const probes = 2;
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
  { core, definition, labels, preprocessing }: Pick<Trained, 'core' | 'definition' | 'labels' | 'preprocessing'>,
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

/**
 * Runs the probe of a file and compares.
 * @throws FORMAT  where the output differs by more than the tolerance, with both numbers
 */
export async function checkProbe(trained: Trained, saved: SavedModel, where: string): Promise<void> {
  const input = saved.arrays['probe.input'];
  const expected = saved.arrays['probe.output'];
  const { probe } = saved.header;
  if (!probe || !input || !expected) return;
  checkProbeShape(input, trained, where);
  const got = await probeOutput(trained, input);
  if (got.data.length !== expected.data.length)
    throw new DendriteError(
      'FORMAT',
      `${where}: the probe's output must have ${expected.data.length} numbers, as in the file, got ${got.data.length}. The file belongs to another model.`,
    );
  let worst = 0;
  let at = 0;
  for (let i = 0; i < got.data.length; i++) {
    const a = got.data[i] as number;
    const b = expected.data[i] as number;
    const difference = Object.is(a, b) ? 0 : Math.abs(a - b) / Math.max(1, Math.abs(b));
    // NaN against a number is as far as can be.
    const size = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    if (size > worst) [worst, at] = [size, i];
  }
  if (worst > probe.tolerance) {
    throw new DendriteError(
      'FORMAT',
      `${where}: the loaded model must answer its probe as when it was saved, within ${probe.tolerance}, got ${got.data[at]} instead of ${expected.data[at]} at element ${at} (off by ${worst.toPrecision(3)}). The file is damaged, or a package computes differently.`,
    );
  }
}

function checkProbeShape(input: SavedArray, { definition, preprocessing }: Trained, where: string): void {
  const example =
    definition.capabilities.data === 'columns' ? [columnCount(preprocessing)] : featureOf(preprocessing).shape;
  const [rows, ...shape] = input.shape;
  if (rows === probes && shape.length === example.length && shape.every((n, axis) => n === example[axis])) return;
  throw new DendriteError(
    'FORMAT',
    `${where}: the probe's input must have the shape [${[probes, ...example].join(', ')}], got [${input.shape.join(', ')}]. The file is damaged.`,
  );
}

function columnCount(preprocessing: Preprocessing): number {
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
