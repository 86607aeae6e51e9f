/**
 * Convolutions and pooling over one, two or three axes. Ours have channels last and ONNX has them first, so each stands between two
 * transpositions, which runtimes take out where two meet.
 */
import type { Json, Shape } from '@dendrite/spec';
import { type GraphBuilder, permuted, product } from './graph-builder.ts';
import { activated, type Fields, type LayerRule, type Place } from './layer-rule.ts';

/** A number for each spatial axis, from one number or a list. */
const each = (value: Json | undefined, rank: number, otherwise: number): readonly number[] =>
  Array.isArray(value) ? value.map(Number) : new Array<number>(rank).fill(Number(value ?? otherwise));

/** Elements in front of and behind each axis. */
function borders(padding: Json | undefined, spatial: Shape, windows: Windows): readonly [Shape, Shape] {
  const { size, stride, dilation } = windows;
  const none = size.map(() => 0);
  if (padding === undefined || padding === 'valid') return [none, none];
  const reach = size.map((taps, axis) => (taps - 1) * (dilation[axis] ?? 1) + 1);
  if (padding === 'causal') return [reach.map((all) => all - 1), none];
  if (padding === 'same') {
    const total = spatial.map((length, axis) => {
      const step = stride[axis] ?? 1;
      return Math.max(0, (Math.ceil(length / step) - 1) * step + (reach[axis] ?? 1) - length);
    });
    return [total.map((all) => all >> 1), total.map((all) => all - (all >> 1))];
  }
  if (typeof padding === 'object' && padding !== null && !Array.isArray(padding)) {
    const { before, after } = padding as Fields;
    return [each(before, size.length, 0), each(after, size.length, 0)];
  }
  const both = each(padding, size.length, 0);
  return [both, both];
}

interface Windows {
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
}
function windowsOf(config: Fields, rank: number, tiled: boolean): Windows {
  const size = each(config.size, rank, 1);
  const stride = config.stride === undefined && tiled ? size : each(config.stride, rank, 1);
  return { size, stride, dilation: each(config.dilation, rank, 1) };
}
const counts = (spatial: Shape, { size, stride, dilation }: Windows, [before, after]: readonly [Shape, Shape]): Shape =>
  spatial.map((length, axis) => {
    const reach = ((size[axis] ?? 1) - 1) * (dilation[axis] ?? 1) + 1;
    return Math.floor((length + (before[axis] ?? 0) + (after[axis] ?? 0) - reach) / (stride[axis] ?? 1)) + 1;
  });

/** `f` of x with its channels first. */
function channelsFirst(graph: GraphBuilder, x: string, rank: number, f: (x: string) => string): string {
  const spatial = Array.from({ length: rank }, (_, i) => i + 1);
  const first = graph.add('Transpose', [x], { perm: { ints: [0, rank + 1, ...spatial] } });
  return graph.add('Transpose', [f(first)], { perm: { ints: [0, ...spatial.map((axis) => axis + 1), 1] } });
}

/** Filters `[…taps, in, out]` → `[out, in, …taps]`; of transposed ones `[…taps, out, in]` → `[in, out, …taps]`. */
const filtersOf = ({ graph, param }: Place, rank: number): string =>
  graph.changed(param('filters'), (array) =>
    permuted(array, [rank + 1, rank, ...Array.from({ length: rank }, (_, i) => i)]),
  );
const biasOf = ({ graph, param }: Place): readonly string[] =>
  graph.has(param('bias')) ? [graph.held(param('bias'))] : [];

function convolution(rank: number, depthwise = false): LayerRule {
  return (place) => {
    const { graph, x, config } = place;
    const spatial = x.shape.slice(0, -1);
    const channels = x.shape.at(-1) ?? 1;
    const windows = windowsOf(config, rank, false);
    const padding = borders(config.padding, spatial, windows);
    const groups = depthwise ? channels : Number(config.groups ?? 1);
    const filters = graph.array(place.param('filters')).shape.at(-1) ?? 1;
    const y = channelsFirst(graph, x.name, rank, (first) =>
      graph.add('Conv', [first, filtersOf(place, rank), ...biasOf(place)], {
        ...attributesOf(windows, padding),
        dilations: { ints: windows.dilation },
        group: { int: groups },
      }),
    );
    return { name: activated(place, y), shape: [...counts(spatial, windows, padding), filters] };
  };
}
const attributesOf = ({ size, stride }: Windows, [before, after]: readonly [Shape, Shape]) => ({
  kernel_shape: { ints: size },
  strides: { ints: stride },
  pads: { ints: [...before, ...after] },
});

function transposedConvolution(rank: number): LayerRule {
  return (place) => {
    const { graph, x, config } = place;
    const spatial = x.shape.slice(0, -1);
    const windows = windowsOf(config, rank, false);
    const { size, stride, dilation } = windows;
    const reach = size.map((taps, axis) => (taps - 1) * (dilation[axis] ?? 1) + 1);
    const grown = reach.map((all, axis) => Math.max(0, (stride[axis] ?? 1) - all));
    const extra =
      config.outputPadding === undefined && config.padding === 'same' ? grown : each(config.outputPadding, rank, 0);
    const larger = spatial.map((length, axis) => length * (stride[axis] ?? 1));
    const padding = borders(config.padding, larger, windows);
    const shape = spatial.map(
      (length, axis) =>
        (length - 1) * (stride[axis] ?? 1) +
        (reach[axis] ?? 1) -
        (padding[0][axis] ?? 0) -
        (padding[1][axis] ?? 0) +
        (extra[axis] ?? 0),
    );
    const y = channelsFirst(graph, x.name, rank, (first) =>
      graph.add('ConvTranspose', [first, filtersOf(place, rank), ...biasOf(place)], {
        ...attributesOf(windows, padding),
        dilations: { ints: dilation },
        group: { int: Number(config.groups ?? 1) },
        output_padding: { ints: extra },
      }),
    );
    return { name: activated(place, y), shape: [...shape, Number(config.filters)] };
  };
}

function pooling(op: 'MaxPool' | 'AveragePool', rank: number): LayerRule {
  return ({ graph, x, config }) => {
    const spatial = x.shape.slice(0, -1);
    const windows = windowsOf(config, rank, true);
    const padding = borders(config.padding, spatial, windows);
    const name = channelsFirst(graph, x.name, rank, (first) =>
      graph.add(op, [first], {
        ...attributesOf(windows, padding),
        ...(op === 'AveragePool' && { count_include_pad: { int: config.countPadding === true ? 1 : 0 } }),
      }),
    );
    return { name, shape: [...counts(spatial, windows, padding), x.shape.at(-1) ?? 1] };
  };
}

const globalPooling =
  (op: 'ReduceMean' | 'ReduceMax'): LayerRule =>
  ({ graph, x }) => ({
    name: graph.add(op, [x.name], { axes: { ints: [1, 2] }, keepdims: { int: 0 } }),
    shape: x.shape.slice(-1),
  });

/** Windows of one size where the lengths are multiples; else each place of an axis has a slice of its own. */
const adaptive =
  (op: 'MaxPool' | 'AveragePool', reduce: 'ReduceMax' | 'ReduceMean'): LayerRule =>
  (place) => {
    const { graph, x, config } = place;
    const size = each(config.size, 2, 1);
    const spatial = x.shape.slice(0, -1);
    const window = spatial.map((length, axis) => length / (size[axis] ?? 1));
    if (window.every(Number.isInteger)) return pooling(op, 2)({ ...place, config: { size: window } });
    let { name } = x;
    for (const [i, length] of spatial.entries()) {
      const count = size[i] ?? 1;
      const axis = i + 1;
      const places = Array.from({ length: count }, (_, at) => {
        const [begin, end] = [Math.floor((at * length) / count), Math.ceil(((at + 1) * length) / count)];
        const part = graph.add('Slice', [name, ...[begin, end, axis].map((n) => graph.lengths([n]))]);
        return graph.add(reduce, [part], { axes: { ints: [axis] }, keepdims: { int: 1 } });
      });
      name = graph.add('Concat', places, { axis: { int: axis } });
    }
    return { name, shape: [...size, x.shape.at(-1) ?? 1] };
  };

/** As `resize2d` does it, axis by axis: elements taken, and of straight lines two of them weighed. */
const resized: LayerRule = ({ graph, x, config }) => {
  const spatial = x.shape.slice(0, -1);
  const scale = each(config.scale, 2, 1);
  const counts =
    config.size === undefined || config.size === null
      ? spatial.map((length, i) => Math.floor(length * (scale[i] ?? 1)))
      : each(config.size, 2, 1);
  let { name } = x;
  for (const [i, length] of spatial.entries()) {
    const count = counts[i] ?? 1;
    const take = (places: readonly number[]): string =>
      graph.add('Gather', [name, graph.lengths(places.map((at) => Math.min(length - 1, Math.floor(at))))], {
        axis: { int: i + 1 },
      });
    const index = Array.from({ length: count }, (_, at) => at);
    if (config.method !== 'bilinear') {
      name = take(index.map((at) => (at * length) / count));
      continue;
    }
    const places = index.map((at) =>
      config.alignCorners === true
        ? (at * (length - 1)) / Math.max(1, count - 1)
        : Math.min(length - 1, Math.max(0, ((at + 0.5) * length) / count - 0.5)),
    );
    const behind = places.map((at) => at - Math.floor(at));
    const weighed = (from: string, weights: readonly number[]): string =>
      graph.add('Mul', [from, graph.numbers(weights, i === 0 ? [count, 1, 1] : [count, 1])]);
    const first = weighed(
      take(places),
      behind.map((share) => 1 - share),
    );
    name = graph.add('Add', [first, weighed(take(places.map((at) => at + 1)), behind)]);
  }
  return { name, shape: [...counts, x.shape.at(-1) ?? 1] };
};

export const imageRules: Readonly<Record<string, LayerRule>> = {
  'cnn/conv1d': convolution(1),
  'cnn/conv2d': convolution(2),
  'cnn/conv3d': convolution(3),
  'cnn/depthwise-conv2d': convolution(2, true),
  'cnn/separable-conv2d': (place) => {
    const { graph, config, param } = place;
    const spatial = convolution(
      2,
      true,
    )({
      ...place,
      config: { ...config, activation: null },
      param: (name) => (name === 'filters' ? param('depthwise') : `${param(name)}.none`),
    });
    const { shape } = graph.array(param('pointwise'));
    const weight = graph.changed(param('pointwise'), ({ data }) => ({
      shape: shape.slice(-2),
      data: Float32Array.from(data),
    }));
    const y = graph.add('MatMul', [spatial.name, weight]);
    const [bias] = biasOf(place);
    const name = activated(place, bias === undefined ? y : graph.add('Add', [y, bias]));
    return { name, shape: [...spatial.shape.slice(0, -1), product(shape.slice(-1))] };
  },
  'cnn/conv-transpose1d': transposedConvolution(1),
  'cnn/conv-transpose2d': transposedConvolution(2),
  'cnn/max-pool1d': pooling('MaxPool', 1),
  'cnn/avg-pool1d': pooling('AveragePool', 1),
  'cnn/max-pool2d': pooling('MaxPool', 2),
  'cnn/avg-pool2d': pooling('AveragePool', 2),
  'cnn/max-pool3d': pooling('MaxPool', 3),
  'cnn/avg-pool3d': pooling('AveragePool', 3),
  'cnn/adaptive-avg-pool2d': adaptive('AveragePool', 'ReduceMean'),
  'cnn/adaptive-max-pool2d': adaptive('MaxPool', 'ReduceMax'),
  'cnn/resize2d': resized,
  'function/globalAvgPool2d': globalPooling('ReduceMean'),
  'function/globalMaxPool2d': globalPooling('ReduceMax'),
};
