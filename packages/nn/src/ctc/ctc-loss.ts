/** Connectionist temporal classification: labels without their times. */
import {
  add,
  broadcastTo,
  cast,
  concat,
  div,
  equal,
  expandDims,
  full,
  less,
  logicalOr,
  logSoftmax,
  logSumExp,
  maximum,
  mul,
  neg,
  only,
  pad,
  reshape,
  slice,
  stack,
  takeAlongAxis,
  unstack,
  where,
} from '@dendrite/core';
import { DendriteError, isDendriteError, type Runtime, type Tensor } from '@dendrite/spec';
import { type Reduction, reduced, reductionRule } from '../losses/reduction.ts';
import { anything, checkOptions, flag, type Rule } from '../option/check-options.ts';
import { ctcStepOp, impossible } from './ctc-step.ts';

export interface CtcLossOptions {
  /** Steps of each sequence that count, `[B]`. */
  readonly inputLengths?: Tensor | readonly number[];
  /** Labels of each sequence that count, `[B]`. */
  readonly labelLengths?: Tensor | readonly number[];
  readonly blank?: number;
  readonly zeroInfinity?: boolean;
  readonly reduction?: Reduction;
}
const code: Rule = {
  must: 'be a class, a whole number of at least 0',
  holds: (v) => Number.isInteger(v) && Number(v) >= 0,
};

/**
 * `−ln Σ p(path)` over all paths of one symbol a step that read as the labels once repeats are merged and blanks dropped.
 * @param logits  `[B, T, K]`, before any softmax; log-probabilities give the same
 * @param labels  int32 `[B, S]`, without blanks; what stands behind a sequence's own is not read
 * @param options.inputLengths  default: T for all; at least 1
 * @param options.labelLengths  default: S for all
 * @param options.blank         the class that stands for no symbol, default 0
 * @param options.zeroInfinity  0, instead of ∞, where the labels do not fit into the steps; default false. Neither has a gradient.
 * @param options.reduction     `'mean'` (default: each loss over its number of labels, then their mean, as PyTorch), `'sum'`, `'none'`
 * @returns  rank 0, or `[B]` with `'none'`
 * @throws SHAPE, DTYPE, OPTION  if they do not fit; a label that is the blank, or no class, throws on host-visible backends
 * @complexity  T steps over `[B, 2 S + 1]`
 * @numerics  log space throughout
 * @source Graves, Fernández, Gomez and Schmidhuber (2006)
 * @example
 * import { tensor, zeros } from '@dendrite/core';
 * import { ctcLoss } from '@dendrite/nn';
 * // Two steps, two classes: 'a' is read from a-, -a and aa, three paths of four.
 * await ctcLoss(zeros([1, 2, 2]), tensor([[1]], [1, 1], 'int32')).item(); // 0.2876…
 */
export function ctcLoss(logits: Tensor, labels: Tensor, options: CtcLossOptions = {}): Tensor {
  checkOptions('ctcLoss', options, {
    inputLengths: anything,
    labelLengths: anything,
    blank: code,
    zeroInfinity: flag,
    reduction: reductionRule,
  });
  const { blank = 0, zeroInfinity = false, reduction = 'mean' } = options;
  const [batch, steps, symbols] = lengthsOf(logits, labels, blank);
  const { runtime, dtype } = logits;
  return runtime.scope(() => {
    const inputLengths = perSequence(runtime, 'inputLengths', options.inputLengths, batch, 1, steps);
    const labelLengths = perSequence(runtime, 'labelLengths', options.labelLengths, batch, 0, symbols);
    const states = statesOf(labels, labelLengths, blank); // [B, L]
    const last = forward(logSoftmax(logits), states, inputLengths, blank); // [B, L]
    // A path ends in the last label or in the blank behind it.
    const end = expandDims(mul(labelLengths, 2), { axis: 1 }); // [B, 1]
    const atBlank = takeAlongAxis(last, end);
    const atLabel = where(equal(end, 0), impossible, takeAlongAxis(last, maximum(add(end, -1), 0)));
    const likelihood = logSumExp(concat([atBlank, atLabel], { axis: 1 }), { axes: 1 });
    const unfit = less(likelihood, impossible / 2);
    const losses = where(unfit, zeroInfinity ? 0 : Number.POSITIVE_INFINITY, neg(likelihood));
    if (reduction !== 'mean') return reduced('ctcLoss', losses, reduction);
    return reduced('ctcLoss', div(losses, maximum(cast(labelLengths, dtype), 1)), 'mean');
  });
}

/** A blank before, between and behind the labels, and in place of those that do not count: `[B, 2 S + 1]`. */
function statesOf(labels: Tensor, lengths: Tensor, blank: number): Tensor {
  const [batch = 0, symbols = 0] = labels.shape;
  const { runtime } = labels;
  const blanks = (columns: number): Tensor => full([batch, columns], blank, { runtime, dtype: 'int32' });
  const places = runtime.tensor(
    Int32Array.from({ length: symbols }, (_, place) => place),
    [1, symbols],
  );
  // A blank is no label: between blanks it would be read as part of them, and other paths would be counted.
  const known = where(equal(labels, blank), blankLabel, labels);
  const counted = where(less(places, expandDims(lengths, { axis: 1 })), known, blank);
  const pairs = reshape(stack([blanks(symbols), counted], { axis: 2 }), [batch, 2 * symbols]);
  return concat([pairs, blanks(1)], { axis: 1 });
}

/** Logarithms of the probability to be in each state after the last step. */
function forward(logProbabilities: Tensor, states: Tensor, lengths: Tensor, blank: number): Tensor {
  const { runtime, dtype } = logProbabilities;
  const [batch = 0, steps = 0] = logProbabilities.shape;
  const length = states.shape[1] ?? 0;
  const emissions = namingLabels(logProbabilities.shape[2] ?? 0, blank, () =>
    unstack(takeAlongAxis(logProbabilities, broadcastTo(expandDims(states, { axis: 1 }), [batch, steps, length])), {
      axis: 1,
    }),
  ); // T × [B, L]
  const times = runtime.tensor(
    Int32Array.from({ length: steps }, (_, t) => t),
    [steps, 1, 1],
  );
  const active = unstack(less(times, expandDims(lengths, { axis: 1 }))); // T × [B, 1]
  // A state is skipped when it is a blank between two different labels.
  const twoBefore = pad(slice(states, { begin: [], size: [-1, Math.max(0, length - 2)] }), {
    before: [0, Math.min(2, length)],
    after: [0, 0],
    value: blank,
  });
  const mayNotSkip = where(
    logicalOr(equal(states, blank), equal(states, twoBefore)),
    full([], impossible, { runtime, dtype }),
    0,
  );
  const before = runtime.tensor(
    Float32Array.from({ length }, (_, state) => (state === 0 ? 0 : impossible)),
    [1, length],
  );
  // Before the first step every path is at the blank in front; from there a label may be skipped to as well.
  let reached: Tensor = broadcastTo(cast(before, dtype), [batch, length]);
  emissions.forEach((emission, t) => {
    reached = runtime.scope(() => {
      const shifted = pad(reached, { before: [0, 2], after: [0, 0], value: impossible }); // [B, L + 2]
      const part = (from: number): Tensor => slice(shifted, { begin: [0, from], size: [-1, length] });
      return only(runtime.run(ctcStepOp, [reached, part(1), part(0), mayNotSkip, emission, active[t] as Tensor]));
    });
  });
  return reached;
}

/** Stands for a label that is the blank: no class, so it is refused where labels are looked up. */
const blankLabel = -(2 ** 31);

/** @throws OPTION  for a label that is no class, told as a label */
function namingLabels<T>(classes: number, blank: number, f: () => T): T {
  try {
    return f();
  } catch (cause) {
    const [, got] =
      /^takeAlongAxis\(\): indices must .* got (-?\d+)/.exec(isDendriteError(cause) ? cause.message : '') ?? [];
    if (got === undefined) throw cause;
    throw new DendriteError(
      'OPTION',
      `ctcLoss(): labels must be classes from 0 to ${classes - 1} other than the blank ${blank}, got ${got === String(blankLabel) ? blank : got}. Give labelLengths where rows are filled up, and the class that stands for no symbol as blank.`,
      { cause },
    );
  }
}

/** @throws SHAPE, DTYPE, OPTION */
function lengthsOf(
  logits: Tensor,
  labels: Tensor,
  blank: number,
): readonly [batch: number, steps: number, symbols: number] {
  const [batch, steps, classes] = logits.shape;
  if (logits.shape.length !== 3 || batch === undefined || steps === undefined || classes === undefined || steps < 1)
    throw new DendriteError(
      'SHAPE',
      `ctcLoss(): logits must be [batch, time, classes] with at least one step, got [${logits.shape.join(', ')}].`,
    );
  const [rows, symbols] = labels.shape;
  if (labels.dtype !== 'int32')
    throw new DendriteError(
      'DTYPE',
      `ctcLoss(): labels must be int32, got ${labels.dtype}. Cast them: cast(labels, 'int32').`,
    );
  if (labels.shape.length !== 2 || rows !== batch || symbols === undefined)
    throw new DendriteError(
      'SHAPE',
      `ctcLoss(): labels must be [${batch}, labels] for logits [${logits.shape.join(', ')}], got [${labels.shape.join(', ')}].`,
    );
  if (blank >= classes)
    throw new DendriteError('OPTION', `ctcLoss(): blank must be below the number of classes ${classes}, got ${blank}.`);
  return [batch, steps, symbols];
}

/** int32 `[B]`. @throws OPTION  for numbers that are out of range; SHAPE, DTYPE for another tensor */
function perSequence(
  runtime: Runtime,
  name: string,
  given: Tensor | readonly number[] | undefined,
  batch: number,
  least: number,
  most: number,
): Tensor {
  if (given !== undefined && '~dendrite' in given) {
    if (given.dtype !== 'int32' || given.shape.length !== 1 || given.shape[0] !== batch)
      throw new DendriteError(
        given.dtype === 'int32' ? 'SHAPE' : 'DTYPE',
        `ctcLoss(): ${name} must be int32 [${batch}], got ${given.dtype} [${given.shape.join(', ')}].`,
      );
    return given;
  }
  const numbers = given ?? new Array<number>(batch).fill(most);
  if (numbers.length !== batch || numbers.some((n) => !Number.isInteger(n) || n < least || n > most))
    throw new DendriteError(
      'OPTION',
      `ctcLoss(): ${name} must be ${batch} whole numbers from ${least} to ${most}, got [${numbers.join(', ')}].`,
    );
  return runtime.tensor(Int32Array.from(numbers), [batch]);
}
