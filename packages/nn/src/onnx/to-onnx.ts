/** A saved classifier or regressor as an ONNX model. */
import { add, cast, div, mul, reshape, softmax, sub } from '@dendrite/core';
import type { LengthRange } from '@dendrite/core/onnx';
import type { FactoryTable } from '@dendrite/model';
import {
  DendriteError,
  type DType,
  type Json,
  type LayerLike,
  type SavedModel,
  type Shape,
  type Tensor,
  type Tree,
} from '@dendrite/spec';
import { layerFromJson } from '../composition/layer-json.ts';
import { scalingFrom } from '../net-model/scaling-from.ts';
import { nnLayers } from '../nn-layers.ts';
import { judgeSaved } from './judge-saved.ts';
import { savedToOnnx } from './saved-to-onnx.ts';

export interface ToOnnxOptions {
  /** Tables of the packages that the layer is made of, as for `load`; that of this package is there. */
  readonly with?: readonly FactoryTable[];
  /** In place of what the file says: for a `network()` of your own, whose function no file can hold. */
  readonly layer?: LayerLike<never, Tree>;
  /** Shape of the input, with a name for each length that shall be free: `['batch', 'steps', 3]`. Default: that of training. */
  readonly input?: readonly (number | string)[];
  /** What free lengths may be: see `functionToOnnx`. */
  readonly lengths?: { readonly [name: string]: LengthRange };
  /** As of `load`: the most bytes that the model may need beside a few times its file. Default 2^30. */
  readonly maxBytes?: number;
}
type Fields = Readonly<Record<string, Json>>;

/**
 * The bytes of an `.onnx` file that answers as the model does.
 *
 * Input `x` `[batch, …]`: what the model was trained on, in the dtype of training (float32, uint8, int32); of a table its columns in
 * order, numbers as they are and a 0-or-1 column for each category. Their scaling is part of the graph.
 * Output of a classifier: `probabilities` `[batch, labels]`; of a regressor: `prediction` `[batch]`, in the units of its targets. In the
 * metadata, as JSON: `labels`, and of a table its `columns`.
 * @param saved  of `save()` of a fitted `classifier` or `regressor`
 * @param options.with, options.layer, options.input, options.lengths, options.maxBytes
 * @throws OPTION  for another model, and as `functionToOnnx`; FORMAT  for a layer that no table has, and
 *   for what `load` refuses
 * @example
 * import { dense, regressor } from '@dendrite/nn';
 * import { toOnnx } from '@dendrite/nn/onnx';
 * const line = await regressor(dense(1), { epochs: 2 }).fit({ x: [[1], [2], [3], [4]], y: [2, 4, 6, 8] });
 * const bytes = await toOnnx(await line.save());
 * bytes[0]; // 8
 */
export async function toOnnx(
  saved: SavedModel,
  { with: tables = [], layer, input, lengths, maxBytes }: ToOnnxOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { header } = saved;
  const { name } = header.model;
  if (name !== 'nn/classifier' && name !== 'nn/regressor')
    throw new DendriteError(
      'OPTION',
      `toOnnx(): the model must be an 'nn/classifier' or an 'nn/regressor', got '${name}'. Use toOnnx() of @dendrite/${name.split('/')[0]}/onnx.`,
    );
  await judgeSaved(saved, { tables, ...(layer && { layer }), ...(maxBytes !== undefined && { maxBytes }) });
  const { shape, dtype, mean, deviation, columns } = inputOf(header.preprocessing as Fields);
  const extra = header.extra as { readonly scaling: Json; readonly head: Fields | null };
  const scaling = scalingFrom(extra.scaling);
  const standardised = (x: Tensor, { mean, deviation }: Scale): Tensor => {
    const size = shape.reduce((all, length) => all * length, 1);
    // A number for each element, or one for each channel.
    const row = (values: readonly number[]): Tensor =>
      x.runtime.tensor(Float32Array.from(values), values.length === size ? shape : [values.length]);
    return div(sub(x, row(mean)), row(deviation));
  };
  const classes = name === 'nn/classifier';
  return savedToOnnx(
    {
      saved,
      layer: layer ?? layerFromJson((header.config as Fields).layer ?? null, [nnLayers, ...tables]),
      feature: shape,
      inputs: { x: { shape: input ?? ['batch', ...shape], dtype } },
      ...(lengths && { lengths }),
      metadata: {
        ...(header.labels && { labels: JSON.stringify(header.labels) }),
        ...(columns && { columns: JSON.stringify(columns) }),
      },
    },
    ({ x }, network) => {
      let value = dtype === 'int32' && scaling.kind === 'none' ? (x as Tensor) : cast(x as Tensor, 'float32');
      if (mean && deviation) value = standardised(value, { mean, deviation });
      if (scaling.kind === 'bytes') value = div(value, 255);
      if (scaling.kind === 'standard') value = standardised(value, scaling);
      const y = network(value) as Tensor;
      if (classes) return { probabilities: softmax(y) };
      const units = add(mul(y, Number(extra.head?.deviation ?? 1)), Number(extra.head?.mean ?? 0));
      return { prediction: reshape(units, [y.size]) };
    },
  );
}

interface Scale {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}
/** Shape and dtype of what a user gives, and what preprocessing does to it. */
function inputOf(preprocessing: Fields): Partial<Scale> & {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly columns?: readonly Json[];
} {
  if (preprocessing.kind === 'values') {
    const { shape, dtype } = preprocessing as { readonly shape: Shape; readonly dtype: DType };
    return { shape, dtype };
  }
  const columns = preprocessing.columns as readonly Fields[];
  const spread = (value: (column: Fields) => number): number[] =>
    columns.flatMap((column) =>
      Array.isArray(column.categories) ? new Array<number>(column.categories.length).fill(value({})) : [value(column)],
    );
  const mean = spread(({ mean = 0 }) => Number(mean));
  return {
    shape: [mean.length],
    dtype: 'float32',
    mean,
    deviation: spread(({ deviation = 1 }) => Number(deviation)),
    columns: columns.map(({ name = null, categories }) => ({ name, ...(Array.isArray(categories) && { categories }) })),
  };
}
