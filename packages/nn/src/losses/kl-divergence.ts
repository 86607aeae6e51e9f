/** How far one distribution is from another. */
import { div, exp, greater, log, mul, sub, sum, where } from '@dendrite/core';
import { DendriteError, type Tensor } from '@dendrite/spec';
import { checkOptions, flag, oneOf } from '../option/check-options.ts';
import { type Reduction, reduced, sameForm } from './reduction.ts';

export interface KlDivergenceOptions {
  readonly logTargets?: boolean;
  readonly reduction?: Reduction | 'batchMean';
}

/**
 * Kullback and Leibler's divergence of targets from outputs, `t · (ln t − ln y)`, element by element; 0 where t is 0.
 * @param logOutputs  `ln y`, as `logSoftmax` gives it, any shape
 * @param targets     probabilities t, or `ln t` with `logTargets`; same shape and dtype
 * @param options.logTargets  targets are logarithms, default false
 * @param options.reduction   `'mean'` over all elements (default), `'batchMean'`: the sum over the length of axis 0, the
 *   divergence proper; `'sum'` or `'none'`
 * @throws SHAPE, DTYPE, OPTION  if they do not fit; nothing is broadcast
 * @gradient dlogOutputs = −t
 * @source Kullback and Leibler (1951)
 * @example
 * import { logSoftmax, tensor } from '@dendrite/core';
 * import { klDivergence } from '@dendrite/nn';
 * const sure = tensor([[1, 0]]);
 * await klDivergence(logSoftmax(tensor([[0, 0]])), sure, { reduction: 'batchMean' }).item(); // 0.6931…
 */
export function klDivergence(logOutputs: Tensor, targets: Tensor, options: KlDivergenceOptions = {}): Tensor {
  checkOptions('klDivergence', options, {
    logTargets: flag,
    reduction: oneOf('mean', 'batchMean', 'sum', 'none'),
  });
  const { logTargets = false, reduction = 'mean' } = options;
  sameForm('klDivergence', logOutputs, targets);
  const losses = logTargets ? mul(exp(targets), sub(targets, logOutputs)) : plain(logOutputs, targets);
  if (reduction !== 'batchMean') return reduced('klDivergence', losses, reduction);
  const [rows] = logOutputs.shape;
  if (rows === undefined)
    throw new DendriteError('SHAPE', "klDivergence(): outputs must have a batch axis for 'batchMean', got a scalar.");
  return div(sum(losses), rows);
}

function plain(logOutputs: Tensor, targets: Tensor): Tensor {
  const there = greater(targets, 0);
  // A class without probability takes no part, whatever its output; ln 0 must not reach its gradient.
  return where(there, mul(targets, sub(log(where(there, targets, 1)), logOutputs)), 0);
}
