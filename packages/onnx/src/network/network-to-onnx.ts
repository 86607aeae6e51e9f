/** A saved network as an ONNX model: the scaling of its inputs, its layers, and what is made of their outputs. */
import { DendriteError, type Json, type SavedArray, type SavedModel, type Shape } from '@dendrite/spec';
import { encodeModel } from '../model/encode-model.ts';
import type { OnnxDType } from '../model/onnx-model.ts';
import { version } from '../version.ts';
import { GraphBuilder, product, type Value } from './graph-builder.ts';
import type { Fields } from './layer-rule.ts';
import { writeLayer } from './write-layer.ts';

const opsets = { '': 17 };
const producer = { name: '@dendrite/onnx', version };

/**
 * The bytes of an `.onnx` file that answers as the network does. Input `x` `[batch, …]`: what the network was trained on, in the dtype
 * of training (float32, uint8, int32); of a table its columns in order, numbers as they are and a 0-or-1 column for each category.
 * Output of a classifier: `probabilities` `[batch, labels]`, the labels as JSON in the metadata; of a regressor: `prediction` `[batch]`.
 * @param saved  of `save()` of a fitted `classifier` or `regressor`
 * @throws OPTION  for a model or a layer that cannot be exported; it is named
 * @example no-run
 * import { networkToOnnx } from '@dendrite/onnx/network';
 * import type { FittedBase, Capabilities, Label } from '@dendrite/spec';
 * declare const fitted: FittedBase<Capabilities, Label>;
 * const bytes = networkToOnnx(await fitted.save());
 */
export function networkToOnnx({ header, arrays }: SavedModel): Uint8Array<ArrayBuffer> {
  const { name } = header.model;
  if (name !== 'nn/classifier' && name !== 'nn/regressor')
    throw new DendriteError(
      'OPTION',
      `networkToOnnx(): the model must be an 'nn/classifier' or an 'nn/regressor', got '${name}'. ${name.startsWith('random-forest/') ? 'Forests are exported by @dendrite/random-forest/onnx.' : 'Export its layers with layerToOnnx().'}`,
    );
  const graph = new GraphBuilder(arrays);
  const { shape, dtype, mean, deviation } = inputOf(header.preprocessing as Fields);
  const { scaling, head } = header.extra as { readonly scaling: Fields; readonly head: Fields | null };
  const whole = dtype !== 'float32' && scaling.kind === 'none' && dtype === 'int32';
  let x: Value = { name: dtype === 'float32' || whole ? 'x' : graph.add('Cast', ['x'], { to: { int: 1 } }), shape };
  x = standardised(graph, x, mean, deviation);
  if (scaling.kind === 'bytes') x = { shape, name: graph.add('Div', [x.name, graph.numbers(255)]) };
  if (scaling.kind === 'standard')
    x = standardised(graph, x, scaling.mean as readonly number[], scaling.deviation as readonly number[]);
  const y = writeLayer(graph, (header.config as Fields).layer ?? null, '', x);
  const classes = name === 'nn/classifier';
  const output = classes ? 'probabilities' : 'prediction';
  const made = classes
    ? graph.add('Softmax', [y.name], { axis: { int: -1 } })
    : graph.add('Reshape', [
        graph.add('Add', [
          graph.add('Mul', [y.name, graph.numbers(Number(head?.deviation ?? 1))]),
          graph.numbers(Number(head?.mean ?? 0)),
        ]),
        graph.lengths([-1]),
      ]);
  return finished(graph, made, {
    input: { dtype, shape },
    output: { name: output, shape: classes ? y.shape : [] },
    ...(header.labels && { metadata: { labels: JSON.stringify(header.labels) } }),
  });
}

export interface LayerToOnnxOptions {
  /** Shape of one example, without the batch. */
  readonly input: Shape;
  /** Default `'float32'`; `'int32'` for an embedding of codes. */
  readonly dtype?: 'float32' | 'int32';
}

/**
 * A layer by itself: input `x` `[batch, …input]`, output `y`.
 * @param layer   of `layerJson(layer)`
 * @param arrays  its parameters and state by path, `params.0.weight`, as a file has them
 * @throws OPTION  for a layer that cannot be exported; FORMAT for an array that is missing
 */
export function layerToOnnx(
  layer: Json,
  arrays: Readonly<Record<string, SavedArray>>,
  { input, dtype = 'float32' }: LayerToOnnxOptions,
): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder(arrays);
  const { name, shape } = writeLayer(graph, layer, '', { name: 'x', shape: input });
  return finished(graph, name, { input: { dtype, shape: input }, output: { name: 'y', shape } });
}

/** Shape and dtype of what a user gives, and what preprocessing does to it. */
function inputOf(preprocessing: Fields): {
  readonly shape: Shape;
  readonly dtype: 'float32' | 'uint8' | 'int32';
  readonly mean?: readonly number[];
  readonly deviation?: readonly number[];
} {
  if (preprocessing.kind === 'values') {
    const { shape, dtype } = preprocessing as { readonly shape: Shape; readonly dtype: 'float32' };
    return { shape, dtype };
  }
  const columns = preprocessing.columns as readonly Fields[];
  const spread = (value: (column: Fields) => number): number[] =>
    columns.flatMap((column) =>
      Array.isArray(column.categories) ? new Array<number>(column.categories.length).fill(value({})) : [value(column)],
    );
  const mean = spread((column) => Number(column.mean ?? 0));
  return { shape: [mean.length], dtype: 'float32', mean, deviation: spread((column) => Number(column.deviation ?? 1)) };
}

function standardised(
  graph: GraphBuilder,
  x: Value,
  mean: readonly number[] | undefined,
  deviation: readonly number[] | undefined,
): Value {
  if (mean === undefined || deviation === undefined || mean.length !== product(x.shape)) return x;
  const centred = graph.add('Sub', [x.name, graph.numbers(mean, x.shape)]);
  return { name: graph.add('Div', [centred, graph.numbers(deviation, x.shape)]), shape: x.shape };
}

interface Ends {
  readonly input: { readonly dtype: OnnxDType; readonly shape: Shape };
  readonly output: Value;
  readonly metadata?: Readonly<Record<string, string>>;
}
function finished(graph: GraphBuilder, made: string, { input, output, metadata }: Ends): Uint8Array<ArrayBuffer> {
  graph.nodes.push({ op: 'Identity', inputs: [made], outputs: [output.name] });
  return encodeModel({
    opsets,
    producer,
    ...(metadata && { metadata }),
    graph: {
      name: 'network',
      inputs: [{ name: 'x', dtype: input.dtype, shape: ['batch', ...input.shape] }],
      outputs: [{ name: output.name, dtype: 'float32', shape: ['batch', ...output.shape] }],
      nodes: graph.nodes,
      initializers: graph.initializers,
    },
  });
}
