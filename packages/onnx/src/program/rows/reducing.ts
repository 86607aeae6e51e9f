/** What joins elements: reductions, the place of the largest, running sums, order, softmax, rows brought to mean 0. */
import type { OnnxGraph } from '../../model/onnx-model.ts';
import { firstOf, numberOf, numbers, type Row, secondOf } from './row.ts';

const along = { axis: { int: -1 } };

/** Step by step along the axis: ONNX has no operator for running products. */
const runningProduct: Row = (row) => {
  const { graph, call } = row;
  const { name, shape, dtype } = firstOf(row);
  const axis = numberOf(row, 'axis');
  const others = shape.filter((_, i) => i !== axis);
  const ones = graph.add('Expand', [graph.numbers([1], [], dtype), graph.lengths(others)]);
  const body: OnnxGraph = {
    name: 'product',
    inputs: [
      { name: 'before', dtype },
      { name: 'each', dtype },
    ],
    outputs: [
      { name: 'after', dtype },
      { name: 'found', dtype },
    ],
    nodes: [
      { op: 'Mul', inputs: ['before', 'each'], outputs: ['after'] },
      { op: 'Identity', inputs: [call.attributes.exclusive === true ? 'before' : 'after'], outputs: ['found'] },
    ],
  };
  const direction = { ints: [Number(call.attributes.reverse)] };
  const [, found = ''] = graph.several('Scan', [ones, name], 2, {
    body: { graph: body },
    num_scan_inputs: { int: 1 },
    scan_input_axes: { ints: [axis] },
    scan_output_axes: { ints: [axis] },
    scan_input_directions: direction,
    scan_output_directions: direction,
  });
  return [found];
};

export const reducingRows: Readonly<Record<string, Row>> = {
  'core/reduce'(row) {
    const { graph, call } = row;
    const { name } = firstOf(row);
    const axes = numbers(row, 'axes');
    // ONNX takes no axes for all of them.
    if (axes.length === 0) return [name];
    const keepdims = { keepdims: { int: 0 } };
    const { kind } = call.attributes;
    if (kind === 'sum') return [graph.add('ReduceSum', [name, graph.lengths(axes)], keepdims)];
    const op = kind === 'prod' ? 'ReduceProd' : kind === 'max' ? 'ReduceMax' : 'ReduceMin';
    return [graph.add(op, [name], { ...keepdims, axes: { ints: axes } })];
  },
  'core/arg-reduce'(row) {
    const { graph, call } = row;
    const place = graph.add(call.attributes.kind === 'max' ? 'ArgMax' : 'ArgMin', [firstOf(row).name], {
      axis: { int: numberOf(row, 'axis') },
      keepdims: { int: 0 },
    });
    return [graph.cast(place, 'int32')];
  },
  'core/cumulative'(row) {
    const { graph, call } = row;
    const { kind, exclusive, reverse } = call.attributes;
    if (kind !== 'sum') return runningProduct(row);
    const axis = graph.numbers([numberOf(row, 'axis')], [], 'int64');
    const flags = { exclusive: { int: Number(exclusive) }, reverse: { int: Number(reverse) } };
    return [graph.add('CumSum', [firstOf(row).name, axis], flags)];
  },
  'core/sort'(row) {
    const { graph, call } = row;
    const { name, shape } = firstOf(row);
    if (shape.length === 0) return [name, graph.numbers([0], [], 'int32')];
    const largest = { largest: { int: Number(call.attributes.descending) } };
    const [values = '', places = ''] = graph.several('TopK', [name, graph.lengths(shape.slice(-1))], 2, largest);
    return [values, graph.cast(places, 'int32')];
  },
  'core/softmax': (row) => [row.graph.add('Softmax', [firstOf(row).name], along)],
  'core/log-softmax': (row) => [row.graph.add('LogSoftmax', [firstOf(row).name], along)],
  'nn/normalise-rows': (row) => [
    row.graph.add(
      'LayerNormalization',
      row.inputs.slice(0, 3).map(({ name }) => name),
      {
        ...along,
        epsilon: { float: numberOf(row, 'epsilon') },
      },
    ),
  ],
  'core/matmul'(row) {
    const { graph, call } = row;
    const [a, b] = [firstOf(row), secondOf(row)];
    const turn = (x: string, turned: unknown): string =>
      turned === true ? graph.transposed(x, a.shape.length === 3 ? [0, 2, 1] : [1, 0]) : x;
    const { transposeA, transposeB } = call.attributes;
    return [graph.add('MatMul', [turn(a.name, transposeA), turn(b.name, transposeB)])];
  },
  'core/gather': (row) => [
    row.graph.add('Gather', [firstOf(row).name, secondOf(row).name], { axis: { int: numberOf(row, 'axis') } }),
  ],
  // Rows of updates, the axis of the indices in front, are added to zeros.
  'core/scatter-add'(row) {
    const { graph, call, output } = row;
    const [updates, indices] = [firstOf(row), secondOf(row)];
    const axis = numberOf(row, 'axis');
    const places = indices.shape.map((_, i) => axis + i);
    const others = updates.shape.map((_, i) => i).filter((i) => !places.includes(i));
    const rows = graph.transposed(updates.name, [...places, ...others]);
    const zeros = graph.add('Expand', [
      graph.numbers([0], [], updates.dtype),
      graph.lengths([output.shape[axis] ?? 1, ...output.shape.filter((_, i) => i !== axis)]),
    ]);
    const at = graph.reshaped(indices.name, indices.shape, [...indices.shape, 1]);
    const made = graph.add('ScatterND', [zeros, graph.cast(at, 'int64'), rows], { reduction: { string: 'add' } });
    const back = output.shape.map((_, i) => (i === axis ? 0 : i < axis ? i + 1 : i));
    return call.outputs.length === 1 ? [graph.transposed(made, back)] : [];
  },
};
