/** How an expression's inputs lie under its output, and the loop that this asks for. */
import type { Call, Shape, TensorSpec } from '@dendrite/spec';

/** `dense` as the output; `scalar` one element; `row` elements side by side along a row of the output, `column` one for all of it. */
export type InputLayout = 'dense' | 'scalar' | 'row' | 'column';
export interface Layout {
  readonly inputs: readonly InputLayout[];
  readonly size: number;
  /** Elements of a row: the last axes, along which each input is either whole or stretched. The whole output where none is stretched. */
  readonly inner: number;
  /** The axes around the rows, the innermost first: lengths, and for each input how many elements lie between its rows. */
  readonly outer: readonly OuterAxis[];
  /** `flat`: one loop. `periodic`: one loop over rows repeated in scratch. `rows`: a loop a row. */
  readonly loop: 'flat' | 'periodic' | 'rows';
}
export interface OuterAxis {
  readonly length: number;
  readonly steps: readonly number[];
}

const sizeOf = ({ shape }: TensorSpec): number => shape.reduce((product, length) => product * length, 1);

/** Rows from this length on, if whole vectors, are read as they lie. */
const longRow = 64;

/** undefined: outputs of several sizes. */
export function layoutOf({ inputs, outputs }: Call): Layout | undefined {
  const [output] = outputs;
  if (output === undefined || outputs.some((other) => sizeOf(other) !== sizeOf(output))) return undefined;
  const size = sizeOf(output);
  const [row, ...outer] = joinedAxes(inputs, output.shape);
  const kinds = inputs.map((input, i): InputLayout => {
    const length = sizeOf(input);
    if (length === size) return 'dense';
    if (length === 1) return 'scalar';
    return row?.steps[i] === 1 ? 'row' : 'column';
  });
  const inner = row?.length ?? 1;
  if (kinds.every((kind) => kind === 'dense' || kind === 'scalar'))
    return { inputs: kinds, size, inner: size, outer: [], loop: 'flat' };
  const repeated = kinds.every(
    (kind, i) => kind !== 'column' && (kind !== 'row' || outer.every((a) => a.steps[i] === 0)),
  );
  const periodic = repeated && (inner < longRow || inner % 4 > 0);
  return { inputs: kinds, size, inner, outer, loop: periodic ? 'periodic' : 'rows' };
}

/** The output's axes, the last one first; neighbours that every input is walked along as if they were one are one. */
function joinedAxes(inputs: readonly TensorSpec[], shape: Shape): readonly OuterAxis[] {
  const strides = inputs.map((input) => stretchedStrides(input.shape, shape));
  const axes: OuterAxis[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] ?? 1;
    if (length === 1) continue;
    const steps = strides.map((each) => each[axis] ?? 0);
    const inside = axes.at(-1);
    if (inside && steps.every((step, i) => step === inside.length * (inside.steps[i] ?? 0)))
      axes[axes.length - 1] = { length: length * inside.length, steps: inside.steps };
    else axes.push({ length, steps });
  }
  return axes;
}

/** Elements between neighbours along each axis of `to`; 0 where `from` is stretched. */
function stretchedStrides(from: Shape, to: Shape): readonly number[] {
  const strides = to.map(() => 0);
  let step = 1;
  for (let axis = from.length - 1; axis >= 0; axis--) {
    const length = from[axis] ?? 1;
    if (length > 1) strides[axis + to.length - from.length] = step;
    step *= length;
  }
  return strides;
}
