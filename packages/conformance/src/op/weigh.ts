/** From an op's outputs to one number: `Σ_j Σ_i y_j[i] · w_j[i]` with random weights, so that no error of a gradient cancels. */
import {
  type CompositeOp,
  DendriteError,
  definedOps,
  type ExpressionOp,
  type Op,
  type Runtime,
  type Tensor,
} from '@dendrite/spec';
import { isFloat, sizeOf } from '../inputs/make-input.ts';
import { normalOf, numbersOf } from '../inputs/numbers.ts';

/** `x · y`, the second broadcast to the first. Values only: nothing is differentiated through it. */
const product: ExpressionOp = {
  '~dendrite': 'op',
  kind: 'expression',
  name: 'conformance/product',
  infer: (inputs) => inputs.slice(0, 1),
  expressions: () => [{ binary: 'mul', x: { input: 0 }, y: { input: 1 } }],
  derivatives: 'zero',
};
const total: ExpressionOp = {
  '~dendrite': 'op',
  kind: 'expression',
  name: 'conformance/total',
  infer: (inputs) => inputs.slice(0, 1),
  expressions: () => [{ binary: 'add', x: { input: 0 }, y: { input: 1 } }],
  derivatives: () => [{ input: 3 }, { input: 3 }],
};
/** `Σ y · w`, with a gradient of its own, so that a kit stands on no op's gradient but the tested one's. */
const weigh: CompositeOp = {
  '~dendrite': 'op',
  kind: 'composite',
  name: 'conformance/weigh',
  infer: ([y]) => [{ shape: [], dtype: y?.dtype ?? 'float32' }],
  saves: { inputs: [1] },
  gradient: ({ dy: [dy], input }) => [dy ? only(dy.runtime.run(product, [input(1), dy])) : null, null],
  decompose([y, w]) {
    if (!y || !w) return [];
    const { runtime } = y;
    const weighted = only(runtime.run(product, [y, w]));
    if (y.shape.length === 0) return [weighted];
    return runtime.run(reduceOp(), [weighted], { kind: 'sum', axes: y.shape.map((_, axis) => axis) });
  },
};

function only(outputs: readonly Tensor[]): Tensor {
  const [first] = outputs;
  if (!first) throw new DendriteError('BACKEND', 'conformance: an op must give an output, got none.');
  return first;
}

/** @throws OPTION  unless core (or another engine with its primitives) is loaded */
function reduceOp(): Op {
  for (const op of definedOps()) if (op.name === 'core/reduce') return op;
  throw new DendriteError(
    'OPTION',
    "conformance: an op 'core/reduce' must be defined, got none. Import @dendrite/core beside this kit.",
  );
}

/** A number of rank 0; null where no output is a float. The same seed gives the same weights. */
export function weighed(runtime: Runtime, outputs: readonly Tensor[], seed: string): Tensor | null {
  let sum: Tensor | null = null;
  for (const [j, output] of outputs.entries()) {
    if (!isFloat(output.dtype)) continue;
    const next = numbersOf(`${seed}/weights/${j}`);
    const weights = Float64Array.from({ length: sizeOf(output.shape) }, () => normalOf(next));
    const data = output.dtype === 'float64' ? weights : Float32Array.from(weights);
    const factor = runtime.untracked(() => runtime.tensor(data, output.shape, output.dtype));
    const part = only(runtime.run(weigh, [output, factor]));
    sum = sum === null ? part : only(runtime.run(total, [sum, part]));
  }
  return sum;
}
