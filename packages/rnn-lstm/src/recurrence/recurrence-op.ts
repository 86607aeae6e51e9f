/**
 * A whole sequence as one op, made of a cell's formulas; its gradient is another. The inputs' products are given for all steps at
 * once, so that inside only the hidden state's product remains, one a step, over the packed weights of all gates.
 */
import { type CompositeOp, DendriteError, defineOp, type Tensor, type TensorSpec } from '@dendrite/spec';
import { gradientOf, unrollBack } from './back.ts';
import type { CellRule } from './cell-rule.ts';
import { recurrenceShape } from './recurrence-shape.ts';
import { stepOps } from './step-ops.ts';
import { unroll } from './unroll.ts';

export interface Recurrence {
  readonly rule: CellRule;
  /**
   * Inputs projected `[B, T, G·H]`, recurrent `[H, G·H]`, recurrentBias `[G·H]` where the cell has one, the states `[B, H]`, and
   * lengths `[B]` int32 if they differ. Outputs y `[B, T, H]` and the last states `[B, H]`; residuals are the kept parts
   * `[T, kept, B, H]` and the states after each step `[T, B, H]`. Attribute `reverse`: from the last step to the first.
   */
  readonly op: CompositeOp;
  /** Inputs dy, cotangents of the last states, recurrent, states, kept parts, states after each step, lengths; outputs cotangents of projected, recurrent, recurrentBias, states. */
  readonly gradientOp: CompositeOp;
}

export function recurrenceOps(rule: CellRule): Recurrence {
  const { states, kept, recurrentBias } = rule;
  const steps = stepOps(rule);
  const firstState = recurrentBias ? 3 : 2;
  const lengthsAt = firstState + states;
  const residuals = (kept > 0 ? 1 : 0) + states;

  const stepsBackOp: CompositeOp = defineOp<CompositeOp>({
    '~dendrite': 'op',
    kind: 'composite',
    name: `${rule.name}-steps-gradient`,
    infer(inputs) {
      const { dy } = gradientParts(rule, inputs);
      const [B = 0, T = 0, H = 0] = dy.shape;
      const { dtype } = dy;
      const width = rule.gates * H;
      return [
        { shape: [B, T, width], dtype },
        { shape: [T, B, width], dtype },
        ...Array.from({ length: states }, () => ({ shape: [B, H], dtype })),
      ];
    },
    flops: ({ inputs: [dy], outputs: [dprojected] }) => 2 * sizeOf(dprojected) * (dy?.shape[2] ?? 0),
    saves: {},
    gradient: { none: `the second derivative of ${rule.called} is not built` },
    decompose: (inputs, attributes) => unrollBack(rule, steps, gradientParts(rule, inputs), attributes),
    kernels: { wasm: () => import('./sequence-gradient.wasm.ts').then((m) => m.sequenceGradientWasmKernel(rule)) },
  });

  const gradientOp: CompositeOp = defineOp<CompositeOp>({
    '~dendrite': 'op',
    kind: 'composite',
    name: `${rule.name}-gradient`,
    infer(inputs) {
      const { dy, recurrent } = gradientParts(rule, inputs);
      const [B = 0, T = 0, H = 0] = dy.shape;
      const { dtype } = dy;
      const width = rule.gates * H;
      return [
        { shape: [B, T, width], dtype },
        { shape: recurrent.shape, dtype },
        ...(recurrentBias ? [{ shape: [width], dtype }] : []),
        ...Array.from({ length: states }, () => ({ shape: [B, H], dtype })),
      ];
    },
    flops: ({ inputs: [dy], outputs: [dprojected] }) => 4 * sizeOf(dprojected) * (dy?.shape[2] ?? 0),
    saves: {},
    gradient: { none: `the second derivative of ${rule.called} is not built` },
    decompose: (inputs, attributes) =>
      gradientOf(
        rule,
        gradientParts(rule, inputs),
        gradientParts(rule, inputs).dy.runtime.run(stepsBackOp, inputs, attributes),
        attributes,
      ),
  });

  const op: CompositeOp = defineOp<CompositeOp>({
    '~dendrite': 'op',
    kind: 'composite',
    name: rule.name,
    visible: 1 + states,
    infer: (inputs) => recurrenceShape(rule, inputs),
    flops: ({ inputs: [projected, recurrent] }) => 2 * sizeOf(projected) * (recurrent?.shape[0] ?? 0),
    saves: {
      inputs: [1, ...range(firstState, states), lengthsAt],
      outputs: range(1 + states, residuals),
    },
    gradient({ input, output, spec, dy, needs, attributes }) {
      const { shape, dtype } = spec(firstState);
      const [B = 0, H = 0] = shape;
      const [, T = 0] = spec(0).shape;
      const recurrent = input(1);
      const zeros = (of: readonly number[]): Tensor =>
        recurrent.runtime.tensor(
          dtype === 'float64' ? new Float64Array(product(of)) : new Float32Array(product(of)),
          of,
          dtype,
        );
      const cotangents = [dy[0] ?? zeros([B, T, H]), ...range(1, states).map((j) => dy[j] ?? zeros([B, H]))];
      const ragged = needs.length > lengthsAt;
      const found = recurrent.runtime.run(
        gradientOp,
        [
          ...cotangents,
          recurrent,
          ...range(firstState, states).map(input),
          ...range(1 + states, residuals).map(output),
          ...(ragged ? [input(lengthsAt)] : []),
        ],
        attributes,
      );
      return [...found, ...(ragged ? [null] : [])];
    },
    decompose: (inputs, attributes) => unroll(rule, steps, inputs, attributes),
    kernels: { wasm: () => import('./sequence.wasm.ts').then((m) => m.sequenceWasmKernel(rule)) },
  });
  return { rule, op, gradientOp };
}

export interface GradientParts<T extends TensorSpec = Tensor> {
  readonly dy: T;
  readonly dstates: readonly T[];
  readonly recurrent: T;
  readonly initial: readonly T[];
  /** `[T, kept, B, H]` */
  readonly kept: T | undefined;
  /** `[T, B, H]` each. */
  readonly after: readonly T[];
  readonly lengths: T | undefined;
}

/** The gradient op's inputs by name. @throws OPTION */
function gradientParts<T extends TensorSpec>(
  { states, kept, called }: CellRule,
  inputs: readonly T[],
): GradientParts<T> {
  let at = 0;
  const take = (count: number): readonly T[] => inputs.slice(at, (at += count));
  const [dy] = take(1);
  const dstates = take(states);
  const [recurrent] = take(1);
  const initial = take(states);
  const [keptParts] = take(kept > 0 ? 1 : 0);
  const after = take(states);
  const [lengths] = take(1);
  if (!dy || !recurrent || after.length < states)
    throw new DendriteError(
      'OPTION',
      `${called}(): its gradient must have ${2 + 3 * states + (kept > 0 ? 1 : 0)} inputs, got ${inputs.length}.`,
    );
  return { dy, dstates, recurrent, initial, kept: keptParts, after, lengths };
}

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
const product = (lengths: readonly number[]): number => lengths.reduce((a, b) => a * b, 1);
const sizeOf = (spec: TensorSpec | undefined): number => product(spec?.shape ?? [0]);
