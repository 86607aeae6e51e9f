/** Sources whose rows have several targets, which the contract's rows of one target have no place for. */
import { arraySource } from '@dendrite/model';
import type { Batch, DataSource, Label, Shape } from '@dendrite/spec';

export interface CutSourceOptions {
  /** A row holds its example, then its targets: `[rows, example + targets]`. */
  readonly data: Float32Array | Int32Array;
  readonly rows: number;
  /** Shape of one example. */
  readonly example: Shape;
  /** How many targets a row has. */
  readonly targets: number;
  /** The one target that stands for a row where there is room for one: for stratified splits, and in `evaluate`. */
  readonly standing: ArrayLike<number>;
  readonly labels?: readonly Label[];
  readonly sampleWeight?: ArrayLike<number>;
  /** Batches come in the order of the rows, whatever is asked: a state is carried from each to the next. */
  readonly inOrder?: boolean;
}

/** A batch's `y` has `rows × targets` numbers: codes where there are labels. @throws DATA */
export function cutSource({
  data,
  rows,
  example,
  targets,
  standing,
  labels,
  sampleWeight,
  inOrder = false,
}: CutSourceOptions): DataSource {
  const width = example.reduce((a, b) => a * b, 1);
  const whole: DataSource<Label> = arraySource<Label>({
    x: { data, shape: [rows, width + targets] },
    targets: standing,
    ...(labels && { labels }),
    ...(sampleWeight && { sampleWeight }),
  });
  return cut(whole, { example, width, targets, inOrder, whole: data instanceof Int32Array });
}

interface Cut {
  readonly example: Shape;
  readonly width: number;
  readonly targets: number;
  readonly inOrder: boolean;
  /** Examples are whole numbers. */
  readonly whole: boolean;
}

function cut(source: DataSource, how: Cut): DataSource {
  const { example, width, targets, inOrder, whole } = how;
  const { labels } = source;
  return {
    '~dendrite': 'data',
    rows: source.rows,
    feature: { shape: example, dtype: whole ? 'int32' : 'float32' },
    ...(labels && { labels }),
    fingerprint: () => source.fingerprint(),
    select: (indices) => cut(source.select(indices), how),
    targets: () => source.targets(),
    async *batches({ shuffle, ...options }): AsyncGenerator<Batch, void, void> {
      for await (const batch of source.batches({ ...options, ...(shuffle && !inOrder && { shuffle }) })) {
        const { rows } = batch;
        const x = whole ? new Int32Array(rows * width) : new Float32Array(rows * width);
        const y = labels ? new Int32Array(rows * targets) : new Float32Array(rows * targets);
        for (let row = 0; row < rows; row++) {
          const at = row * (width + targets);
          x.set(batch.x.data.subarray(at, at + width), row * width);
          y.set(batch.x.data.subarray(at + width, at + width + targets), row * targets);
        }
        yield { ...batch, x: { data: x, shape: [rows, ...example] }, y };
      }
    },
  };
}
