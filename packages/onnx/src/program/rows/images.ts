/**
 * Convolutions, pooling, and elements under windows. Ours have channels last and ONNX has them first, so each stands between two
 * transpositions, which runtimes take out where two meet.
 */
import { isFree, plus } from '../amount.ts';
import { firstOf, fixed, numberOf, numbers, type Row, type RowCall, refuse, secondOf } from './row.ts';

const first = [0, 3, 1, 2];
const last = [0, 2, 3, 1];

function channelsFirst({ graph }: RowCall, x: string, f: (x: string) => string): readonly string[] {
  return [graph.transposed(f(graph.transposed(x, first)), last)];
}
const windows = (row: RowCall, size: readonly number[]) => ({
  kernel_shape: { ints: size },
  strides: { ints: numbers(row, 'stride') },
  pads: { ints: [...numbers(row, 'before'), ...numbers(row, 'after')] },
});
/** Lengths of filters `[h, w, C / groups, D]`. */
const sizeOf = (row: RowCall): readonly number[] =>
  secondOf(row)
    .shape.slice(0, 2)
    .map((length) => fixed(row, length, 'filters'));
const spread = (row: RowCall) => ({
  dilations: { ints: numbers(row, 'dilation') },
  group: { int: numberOf(row, 'groups') },
});

const pooling =
  (op: string): Row =>
  (row) =>
    channelsFirst(row, firstOf(row).name, (x) =>
      row.graph.add(op, [x], {
        ...windows(row, numbers(row, 'size')),
        ...(op === 'AveragePool' && { count_include_pad: { int: Number(row.call.attributes.countPadding) } }),
      }),
    );

export const imageRows: Readonly<Record<string, Row>> = {
  'cnn/conv2d': (row) =>
    channelsFirst(row, firstOf(row).name, (x) =>
      row.graph.add('Conv', [x, row.graph.transposed(secondOf(row).name, [3, 2, 0, 1])], {
        ...windows(row, sizeOf(row)),
        ...spread(row),
      }),
    ),
  // The transposed convolution. What its formula leaves of the lengths asked for is `output_padding`.
  'cnn/conv2d-input-gradient'(row) {
    const { graph, output } = row;
    const { name, shape } = firstOf(row);
    const [size, stride, dilation] = [sizeOf(row), numbers(row, 'stride'), numbers(row, 'dilation')];
    const [before, after] = [numbers(row, 'before'), numbers(row, 'after')];
    const missing = [0, 1].map((axis) => {
      const at = (list: readonly number[]): number => list[axis] ?? 0;
      const reached = plus(
        (at(size) - 1) * at(dilation) + 1 - at(before) - at(after) - at(stride),
        shape[axis + 1] ?? 0,
        at(stride),
      );
      return fixed(row, plus(output.shape[axis + 1] ?? 0, reached, -1), 'lengths');
    });
    return channelsFirst(row, name, (x) =>
      graph.add('ConvTranspose', [x, graph.transposed(secondOf(row).name, [3, 2, 0, 1])], {
        ...windows(row, size),
        ...spread(row),
        output_padding: { ints: missing },
      }),
    );
  },
  'cnn/max-pool2d': pooling('MaxPool'),
  'cnn/avg-pool2d': pooling('AveragePool'),
  // Elements by their places in the padded positions: ONNX has no operator that lays windows side by side.
  'core/window-gather'(row) {
    const { graph, call, output } = row;
    const { name, shape, dtype } = firstOf(row);
    const [size, stride, dilation] = [numbers(row, 'size'), numbers(row, 'stride'), numbers(row, 'dilation')];
    const [before, after] = [numbers(row, 'before'), numbers(row, 'after')];
    const channels = shape.at(-1) ?? 1;
    if (isFree(channels)) return refuse(call.op, 'channels have a free length', 'Fix it.');
    const padded = shape
      .slice(1, -1)
      .map((length, axis) => fixed(row, length, 'spatial lengths') + (before[axis] ?? 0) + (after[axis] ?? 0));
    const border = graph.lengths([0, ...before, 0, 0, ...after, 0]);
    const wide = [...before, ...after].some((each) => each > 0)
      ? graph.add('Pad', [name, border, graph.scalar(call.args[0] ?? 0, dtype)])
      : name;
    const counts = output.shape.slice(1, -1).map((length) => fixed(row, length, 'spatial lengths'));
    const places = placesOf(padded, { counts, size, stride, dilation });
    const flat = graph.add('Reshape', [wide, graph.lengths([0, product(padded), channels])]);
    const found = graph.add('Gather', [flat, graph.numbers(places, [places.length], 'int64')], { axis: { int: 1 } });
    return [graph.add('Reshape', [found, graph.lengths([0, ...counts, product(size) * channels])])];
  },
};

interface Windows {
  readonly counts: readonly number[];
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
}
/** The place of each tap of each window among the padded positions. */
function placesOf(padded: readonly number[], { counts, size, stride, dilation }: Windows): readonly number[] {
  let places: readonly number[] = [0];
  const along = (lengths: readonly number[], distance: readonly number[]): void => {
    for (const [axis, length] of lengths.entries()) {
      const apart = product(padded.slice(axis + 1)) * (distance[axis] ?? 1);
      places = places.flatMap((place) => Array.from({ length }, (_, i) => place + i * apart));
    }
  };
  along(counts, stride);
  along(size, dilation);
  return places;
}
const product = (lengths: readonly number[]): number => lengths.reduce((a, b) => a * b, 1);
