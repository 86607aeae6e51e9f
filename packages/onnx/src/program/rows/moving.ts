/** What moves elements: slices, transposes, stretched axes, borders, joined tensors, values of one number. */
import { type Amount, isFree, plus, shapeKey } from '../amount.ts';
import { amounts, firstOf, numberOf, numbers, type Row } from './row.ts';

/** Stands for "in front of the first element" where a slice goes backwards; ONNX takes −1 for the last. */
const front = -(2 ** 31);

export const movingRows: Readonly<Record<string, Row>> = {
  'core/slice'(row) {
    const { graph } = row;
    const { name, shape } = firstOf(row);
    const [begin, size, step] = [amounts(row, 'begin'), amounts(row, 'size'), numbers(row, 'step')];
    // A whole axis needs no lengths.
    const whole = (axis: number): boolean => shapeKey([size[axis] ?? 0]) === shapeKey([shape[axis] ?? 0]);
    const axes = shape.map((_, axis) => axis).filter((axis) => !(whole(axis) && (step[axis] ?? 1) > 0));
    if (axes.length === 0) return [name];
    const first = axes.map((axis): Amount => (whole(axis) ? -1 : (begin[axis] ?? 0)));
    const ends = axes.map((axis): Amount => {
      const end = whole(axis) ? front : plus(begin[axis] ?? 0, size[axis] ?? 0, step[axis]);
      return !isFree(end) && end < 0 ? front : end;
    });
    const steps = axes.map((axis) => step[axis] ?? 1);
    return [graph.add('Slice', [name, ...[first, ends, axes, steps].map((each) => graph.lengths(each))])];
  },
  'core/transpose': (row) => [row.graph.transposed(firstOf(row).name, numbers(row, 'axes'))],
  'core/broadcast': (row) => [row.graph.add('Expand', [firstOf(row).name, row.graph.lengths(row.output.shape)])],
  'core/pad'(row) {
    const { graph, call } = row;
    const { name, shape, dtype } = firstOf(row);
    if (shape.length === 0) return [name];
    const borders = graph.lengths([...amounts(row, 'before'), ...amounts(row, 'after')]);
    return [graph.add('Pad', [name, borders, graph.scalar(call.args[0] ?? 0, dtype)])];
  },
  'core/concat'(row) {
    const axis = numberOf(row, 'axis');
    const names = row.inputs.map(({ name }) => name);
    return [row.graph.add('Concat', names, { axis: { int: axis } })];
  },
  'core/fill'({ graph, call, output }) {
    return [graph.add('Expand', [graph.scalar(call.args[0] ?? 0, output.dtype), graph.lengths(output.shape)])];
  },
};
