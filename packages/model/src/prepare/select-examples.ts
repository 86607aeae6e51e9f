/** Rows of encoded examples, in the form that they have. */
import type { Features } from '../conversion/features.ts';
import { selectRows } from '../table/table.ts';
import type { EncodedExamples } from './targets.ts';

/** The rows at these indices; sources share their bytes, arrays and tables are copied. */
export function selectExamples(examples: EncodedExamples, indices: Uint32Array): EncodedExamples {
  const pick = (from: ArrayLike<number>): Float64Array => Float64Array.from(indices, (i) => from[i] as number);
  const { sampleWeight, targets } = examples;
  return {
    ...examples,
    features: selectedFeatures(examples.features, indices),
    rows: indices.length,
    targets: targets instanceof Int32Array ? Int32Array.from(pick(targets)) : pick(targets),
    ...(sampleWeight && { sampleWeight: pick(sampleWeight) }),
  };
}

function selectedFeatures(features: Features, indices: Uint32Array): Features {
  const rows = indices.length;
  if (features.form === 'source') return { form: 'source', rows, source: features.source.select(indices) };
  if (features.form === 'table') return { form: 'table', rows, table: selectRows(features.table, indices) };
  const { data, shape } = features.x;
  const width = shape.slice(1).reduce((size, n) => size * n, 1);
  const picked =
    data instanceof Uint8Array
      ? new Uint8Array(rows * width)
      : data instanceof Int32Array
        ? new Int32Array(rows * width)
        : new Float32Array(rows * width);
  for (let i = 0; i < rows; i++)
    picked.set(data.subarray((indices[i] as number) * width, ((indices[i] as number) + 1) * width), i * width);
  return { form: 'values', rows, x: { data: picked, shape: [rows, ...shape.slice(1)] } };
}
