/** Cross-entropy between a softmax and the true class: the loss of classifiers. */
import { add, cast, gather, logSoftmax, mul, neg, notEqual, reshape, sum, where } from '@dendrite/core';
import { DendriteError, type Tensor } from '@dendrite/spec';
import { type Reduction, reduced } from '../losses/reduction.ts';
import { anything, checkOptions, oneOf, share } from '../option/check-options.ts';
import { softmaxCrossEntropyOp } from './softmax-cross-entropy-op.ts';

export interface SoftmaxCrossEntropyOptions {
  readonly labelSmoothing?: number;
  /** `[K]`, or as many numbers. */
  readonly classWeights?: Tensor | readonly number[];
  /** Rows with this code do not count. */
  readonly ignoreIndex?: number;
  readonly reduction?: Reduction;
}

/**
 * `−ln softmax(logits)[y]` for integer codes, `−Σ t·ln softmax(logits)` for soft targets.
 * The mean weighs rows by the weight of their class and leaves ignored ones out, as PyTorch's.
 * @param logits   `[…, K]`, before any softmax
 * @param targets  codes int32 `[…]`, or soft targets `[…, K]` in the logits' dtype
 * @param options.labelSmoothing  share ε of every target that is spread over all classes, [0, 1], default 0
 * @param options.classWeights    a factor for each class, default 1
 * @param options.ignoreIndex     code that marks rows without a target (integer codes only), default −100
 * @param options.reduction       `'mean'` (default), `'sum'` or `'none'`
 * @returns  rank 0, or `[…]` with `'none'`
 * @throws SHAPE, DTYPE, OPTION  if they do not fit; DATA for a code that is no class (on backends that see it)
 * @gradient dlogits = weight · (softmax − target); logits and codes are saved
 * @numerics the row's maximum is subtracted; logits of ±1e4 are exact
 * @source formula of torch.nn.CrossEntropyLoss; label smoothing: Szegedy et al. (2016)
 * @example
 * import { tensor } from '@dendrite/core';
 * import { softmaxCrossEntropy } from '@dendrite/nn';
 * const codes = tensor([0, 1], [2], 'int32');
 * await softmaxCrossEntropy(tensor([[0, 0], [0, 0]]), codes).item(); // 0.6931…
 */
export function softmaxCrossEntropy(logits: Tensor, targets: Tensor, options: SoftmaxCrossEntropyOptions = {}): Tensor {
  checkOptions('softmaxCrossEntropy', options, {
    labelSmoothing: share,
    classWeights: anything,
    ignoreIndex: { must: 'be a whole number', holds: Number.isInteger },
    reduction: oneOf('mean', 'sum', 'none'),
  });
  const { labelSmoothing = 0, ignoreIndex = -100, reduction = 'mean' } = options;
  const classes = logits.shape.at(-1) ?? 0;
  const weights = weightsOf(options.classWeights, logits, classes);
  const soft = targets.shape.length === logits.shape.length && targets.dtype === logits.dtype;
  if (soft) return reduced('softmaxCrossEntropy', softLoss(logits, targets, weights, labelSmoothing), reduction);
  const rows = logits.shape.slice(0, -1);
  const count = rows.reduce((a, b) => a * b, 1);
  if (targets.shape.length !== rows.length || targets.shape.some((length, axis) => length !== rows[axis]))
    throw new DendriteError(
      'SHAPE',
      `softmaxCrossEntropy(): targets must be int32 codes [${rows.join(', ')}] or ${logits.dtype} [${logits.shape.join(', ')}], got ${targets.dtype} [${targets.shape.join(', ')}].`,
    );
  const flat = rows.length === 1 ? logits : reshape(logits, [count, classes]);
  const codes = rows.length === 1 ? targets : reshape(targets, [count]);
  const inputs = weights === undefined ? [flat, codes] : [flat, codes, weights];
  const [losses] = logits.runtime.run(softmaxCrossEntropyOp, inputs, { labelSmoothing, ignoreIndex });
  if (losses === undefined)
    throw new DendriteError('BACKEND', 'softmaxCrossEntropy(): the backend must give an output, got none.');
  if (reduction !== 'mean')
    return reduced('softmaxCrossEntropy', rows.length === 1 ? losses : reshape(losses, rows), reduction);
  return reduced(
    'softmaxCrossEntropy',
    losses,
    reduction,
    logits.runtime.untracked(() => totalWeight(codes, weights, ignoreIndex, logits)),
  );
}

/** Sum over the counted rows of the weight of their class. */
function totalWeight(codes: Tensor, weights: Tensor | undefined, ignoreIndex: number, logits: Tensor): Tensor {
  const counts = notEqual(codes, ignoreIndex);
  if (weights === undefined) return sum(cast(counts, logits.dtype));
  return sum(where(counts, gather(weights, where(counts, codes, 0)), 0));
}

function softLoss(logits: Tensor, targets: Tensor, weights: Tensor | undefined, smoothing: number): Tensor {
  const smooth = smoothing === 0 ? targets : add(mul(targets, 1 - smoothing), smoothing / (logits.shape.at(-1) ?? 1));
  return neg(sum(mul(weights === undefined ? smooth : mul(smooth, weights), logSoftmax(logits)), { axes: -1 }));
}

function weightsOf(given: Tensor | readonly number[] | undefined, logits: Tensor, classes: number): Tensor | undefined {
  if (given === undefined || '~dendrite' in given) return given;
  if (given.length !== classes || given.some((weight) => !(weight >= 0)))
    throw new DendriteError(
      'OPTION',
      `softmaxCrossEntropy(): classWeights must be ${classes} numbers of at least 0, got [${given.join(', ')}].`,
    );
  return logits.runtime.tensor([...given], [classes], logits.dtype);
}
