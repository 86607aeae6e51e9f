/** What a source does not give as it is asked: its columns, and its weights, gathered from its batches. */
import { type Column, type DataSource, DendriteError, type Table } from '@dendrite/spec';

const rowsAtOnce = 1024;

/** Its columns; where it has none, one number column an element of an example. */
export async function sourceTable(source: DataSource): Promise<Table> {
  if (source.columns) return source.columns();
  const width = source.feature.shape.reduce((size, n) => size * n, 1);
  const float = source.feature.dtype === 'float32' || source.feature.dtype === 'float64';
  const columns = Array.from(
    { length: width },
    (_, j): Column => ({
      name: source.names?.[j] ?? `x${j}`,
      kind: 'number',
      values: float ? new Float32Array(source.rows) : new Int32Array(source.rows),
    }),
  );
  let at = 0;
  for await (const { rows, x } of source.batches({ size: rowsAtOnce, epoch: 0 })) {
    if (at + rows > source.rows) throw tooMany(source.rows);
    columns.forEach(({ values }, j) => {
      for (let i = 0; i < rows; i++) values[at + i] = x.data[i * width + j] as number;
    });
    at += rows;
  }
  return { '~dendrite': 'table', rows: source.rows, columns };
}

/** One weight a row, or undefined where the source has none. */
export async function sourceWeights(source: DataSource): Promise<Float32Array | undefined> {
  const weights = new Float32Array(source.rows);
  let at = 0;
  for await (const { rows, sampleWeight } of source.batches({ size: rowsAtOnce, epoch: 0 })) {
    if (sampleWeight === undefined) return undefined;
    if (at + rows > source.rows) throw tooMany(source.rows);
    weights.set(sampleWeight.subarray(0, rows), at);
    at += rows;
  }
  return at === 0 ? undefined : weights;
}

function tooMany(rows: number): DendriteError {
  return new DendriteError(
    'DATA',
    `batches(): a source must give as many rows as it says, got more than ${rows}. Correct its \`rows\`.`,
  );
}
