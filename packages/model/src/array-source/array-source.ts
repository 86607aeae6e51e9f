/**
 * A data source in memory: one flat array of examples, one target a row. Batches are gathered once into reused buffers;
 * shuffling and selecting only rewrite indices, so every selection shares the bytes.
 */
import { permutation } from '@dendrite/random';
import {
  type Batch,
  type BatchOptions,
  type DataSource,
  DendriteError,
  type DType,
  type HostKey,
  type Label,
  type Numbers,
  type Shape,
  type Table,
} from '@dendrite/spec';
import { dataFingerprint } from '../fingerprint/fingerprint.ts';
import { checkFinite } from './check-finite.ts';
import { checkFits } from './check-fits.ts';
import { sourceColumns } from './source-columns.ts';

export interface ArraySourceOptions<T extends Label = Label> {
  /** Row-major, `[rows, ...one example]`. Kept as it is: float32, uint8, int32; other types become float32. */
  readonly x: { readonly data: Numbers; readonly shape: Shape };
  /** One a row: codes into `labels`, or plain targets where there are no labels. Absent: a source to predict for. */
  readonly targets?: ArrayLike<number>;
  /** What the codes stand for. */
  readonly labels?: readonly T[];
  /** Names of the features, one an element of an example. */
  readonly names?: readonly string[];
  /** One a row, at least 0. */
  readonly sampleWeight?: ArrayLike<number>;
}

/** What a source and its selections share. */
export interface SourceArrays<T extends Label> {
  readonly data: Float32Array | Int32Array | Uint8Array;
  readonly feature: { readonly shape: Shape; readonly dtype: DType };
  readonly rows: number;
  /** Elements of one example. */
  readonly width: number;
  readonly targets?: Int32Array | Float64Array;
  readonly labels?: readonly T[];
  readonly names?: readonly string[];
  readonly sampleWeight?: Float32Array;
}

/**
 * A `DataSource` over arrays. `targets()` gives Int32Array codes or Float64Array numbers; a batch's `y` is Int32Array codes or
 * Float32Array numbers; `columns()` is there for any feature shape, one column an element.
 * @returns  a source; `arraySource(…).select(indices)` shares its bytes
 * @param where  the call that error texts name
 * @throws DATA  where sizes disagree, a value is not finite, a code has no label or a weight is negative; it names the row
 * @example
 * import { arraySource } from '@dendrite/model';
 * const source = arraySource({ x: { data: new Float32Array([1, 2, 3, 4]), shape: [2, 2] }, targets: [0, 1], labels: ['cat', 'dog'] });
 * for await (const { rows, x, y } of source.batches({ size: 2, epoch: 0 })) console.log(rows, x.shape, y); // 2 [2, 2] Int32Array [0, 1]
 */
export function arraySource<const T extends Label = number>(
  options: ArraySourceOptions<T>,
  where = 'arraySource()',
): DataSource<T> {
  const [rows = 0, ...shape] = options.x.shape;
  const width = shape.reduce((size, length) => size * length, 1);
  const { length } = options.x.data;
  if (
    options.x.shape.length === 0 ||
    !options.x.shape.every((n) => Number.isInteger(n) && n >= 0) ||
    rows * width !== length
  ) {
    throw new DendriteError(
      'SHAPE',
      `${where}: x.shape must be [rows, ...example] of x.data, got [${options.x.shape.join(', ')}] for ${length} numbers. Give the shape that the data have.`,
    );
  }
  const { names, labels } = options;
  if (names !== undefined && (names.length !== width || new Set(names).size !== names.length)) {
    throw new DendriteError(
      'DATA',
      `${where}: names must be ${width} different ones, one an element of an example, got ${names.length}: ${names.slice(0, 8).join(', ')}. Name every feature once.`,
    );
  }
  if (options.x.data instanceof Float64Array) checkFits(options.x.data, options.x.shape, where);
  const data = storable(options.x.data);
  checkFinite(data, width, names, where);
  const targets = options.targets && checkedTargets(options.targets, rows, labels, where);
  const sampleWeight = options.sampleWeight && checkedWeights(options.sampleWeight, rows, where);
  const feature = {
    shape,
    dtype: data instanceof Uint8Array ? 'uint8' : data instanceof Int32Array ? 'int32' : 'float32',
  } as const;
  return view({
    data,
    feature,
    rows,
    width,
    ...(targets && { targets }),
    ...(labels && { labels }),
    ...(names && { names }),
    ...(sampleWeight && { sampleWeight }),
  });
}

/** A source over these rows of the arrays; `rows` undefined: all of them, in order. */
function view<T extends Label>(arrays: SourceArrays<T>, indices?: Uint32Array): DataSource<T> {
  const rows = indices?.length ?? arrays.rows;
  let table: Table | undefined;
  let fingerprint: Promise<string> | undefined;
  return {
    '~dendrite': 'data',
    rows,
    feature: arrays.feature,
    ...(arrays.labels && { labels: arrays.labels }),
    ...(arrays.names && { names: arrays.names }),
    fingerprint: () =>
      (fingerprint ??= dataFingerprint({ ...arrays, shape: arrays.feature.shape, ...(indices && { indices }) })),
    batches: (options) => batches(arrays, indices, rows, options),
    select(chosen) {
      const picked = new Uint32Array(chosen.length);
      for (let i = 0; i < chosen.length; i++) {
        const row = chosen[i] as number;
        if (row >= rows)
          throw new DendriteError(
            'OPTION',
            `select(): an index must be below ${rows}, the number of rows, got ${row} at position ${i}.`,
          );
        picked[i] = indices === undefined ? row : (indices[row] as number);
      }
      return view(arrays, picked);
    },
    targets() {
      if (arrays.targets === undefined)
        throw new DendriteError(
          'DATA',
          'targets(): this source must have targets, got none: it was made to predict for. Pass `targets` to arraySource().',
        );
      return indices === undefined ? arrays.targets : gathered(arrays.targets, indices);
    },
    columns: () => (table ??= sourceColumns(arrays, indices, rows)),
  };
}

async function* batches<T extends Label>(
  { data, feature, width, targets, labels, sampleWeight }: SourceArrays<T>,
  indices: Uint32Array | undefined,
  rows: number,
  { size, epoch, shuffle, skip = 0 }: BatchOptions,
): AsyncGenerator<Batch, void, void> {
  if (!Number.isInteger(size) || size < 1)
    throw new DendriteError('OPTION', `batches(): size must be a positive integer, got ${size}.`);
  if (!Number.isInteger(skip) || skip < 0)
    throw new DendriteError('OPTION', `batches(): skip must be an integer of at least 0, got ${skip}.`);
  const order = shuffle ? shuffledOrder(shuffle, epoch, rows, indices) : indices;
  const most = Math.min(size, rows);
  // Without an order, rows lie side by side: batches are views, nothing is copied.
  const x = order && like(data, most * width);
  const y = targets && (labels ? new Int32Array(most) : new Float32Array(most));
  const weight = sampleWeight && order && new Float32Array(most);
  for (let begin = skip * size; begin < rows; begin += size) {
    const count = Math.min(size, rows - begin);
    if (x && order) {
      for (let i = 0; i < count; i++) {
        const from = (order[begin + i] as number) * width;
        // A short row is copied faster by a loop than by a call that makes a view.
        if (width < 32) for (let j = 0, to = i * width; j < width; j++) x[to + j] = data[from + j] as number;
        else x.set(data.subarray(from, from + width), i * width);
      }
    }
    for (let i = 0; i < count; i++) {
      const row = order ? (order[begin + i] as number) : begin + i;
      if (y && targets) y[i] = targets[row] as number;
      if (weight && sampleWeight) weight[i] = sampleWeight[row] as number;
    }
    const weights = weight ?? sampleWeight?.subarray(begin);
    yield {
      rows: count,
      x: {
        data: x ? x.subarray(0, count * width) : data.subarray(begin * width, (begin + count) * width),
        shape: [count, ...feature.shape],
      },
      ...(y && { y: y.subarray(0, count) }),
      ...(weights && { sampleWeight: weights.subarray(0, count) }),
    };
  }
}

/** A pure function of (key, epoch). */
function shuffledOrder(key: HostKey, epoch: number, rows: number, indices: Uint32Array | undefined): Uint32Array {
  const order = permutation(key.fork(epoch), rows);
  if (indices !== undefined) for (let i = 0; i < rows; i++) order[i] = indices[order[i] as number] as number;
  return order;
}

function storable(data: Numbers): Float32Array | Int32Array | Uint8Array {
  return data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint8Array
    ? data
    : Float32Array.from(data);
}
function like(data: Float32Array | Int32Array | Uint8Array, size: number): Float32Array | Int32Array | Uint8Array {
  return data instanceof Float32Array
    ? new Float32Array(size)
    : data instanceof Int32Array
      ? new Int32Array(size)
      : new Uint8Array(size);
}
function gathered(from: Int32Array | Float64Array, indices: Uint32Array): Int32Array | Float64Array {
  const to = from instanceof Int32Array ? new Int32Array(indices.length) : new Float64Array(indices.length);
  for (let i = 0; i < indices.length; i++) to[i] = from[indices[i] as number] as number;
  return to;
}

function checkedTargets(
  given: ArrayLike<number>,
  rows: number,
  labels: readonly Label[] | undefined,
  where: string,
): Int32Array | Float64Array {
  if (given.length !== rows)
    throw new DendriteError(
      'DATA',
      `${where}: x and y must have as many rows, got ${rows} in x and ${given.length} in y. Give one target a row.`,
    );
  const targets = labels
    ? given instanceof Int32Array
      ? given
      : new Int32Array(rows)
    : given instanceof Float64Array
      ? given
      : new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const value = given[i] as number;
    if (labels ? !(Number.isInteger(value) && value >= 0 && value < labels.length) : !Number.isFinite(value)) {
      const rule = labels ? `a code from 0 to ${labels.length - 1}` : 'a finite number';
      throw new DendriteError(
        'DATA',
        `${where}: a target must be ${rule}, got ${value} in row ${i}. Correct it or leave the row out.`,
      );
    }
    targets[i] = value;
  }
  return targets;
}

function checkedWeights(given: ArrayLike<number>, rows: number, where: string): Float32Array {
  if (given.length !== rows)
    throw new DendriteError(
      'DATA',
      `${where}: sampleWeight must have one weight a row, got ${given.length} for ${rows} rows. Give 1 where a row counts as it is.`,
    );
  const weights = Float32Array.from(given);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const weight = weights[i] as number;
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new DendriteError(
        'DATA',
        `${where}: sampleWeight must be finite and at least 0, got ${given[i]} in row ${i}. Give 0 to leave the row out.`,
      );
    sum += weight;
  }
  if (rows > 0 && sum === 0)
    throw new DendriteError(
      'DATA',
      `${where}: sampleWeight must be positive somewhere, got zeros only. Leave it out to weigh all rows alike.`,
    );
  return weights;
}
