/** The probe: two made-up inputs, saved with the output they gave, and compared when the file is loaded. See make-probe.ts. */
import type { Batch, Column, SavedArray, Table } from '@dendrite/spec';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import { checkedOutput } from './core-output.ts';
import type { Answering } from './trained.ts';

/** How many inputs. */
export const probes = 2;

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
