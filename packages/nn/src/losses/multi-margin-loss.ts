/** The hinge loss of several classes. */
import { add, expandDims, gather, mean, mul, oneHot, pow, relu, sub, takeAlongAxis, where } from '@dendrite/core';
import { DendriteError, type Tensor } from '@dendrite/spec';
import { anything, checkOptions, type Rule } from '../option/check-options.ts';
import { type Reduction, reduced, reductionRule } from './reduction.ts';

export interface MultiMarginOptions {
  readonly margin?: number;
  readonly power?: 1 | 2;
  /** `[K]`, or as many numbers. */
  readonly classWeights?: Tensor | readonly number[];
  readonly reduction?: Reduction;
}
const finite: Rule = { must: 'be a finite number', holds: (v) => typeof v === 'number' && Number.isFinite(v) };
const power: Rule = { must: 'be 1 or 2', holds: (v) => v === 1 || v === 2 };

/**
 * `Σ_{j ≠ t} max(0, margin − y_t + y_j)^power / K`: the true class must win by a margin.
 * @param outputs  scores `[N, K]`
 * @param codes    int32 `[N]`, the true classes
 * @param options.margin        default 1
 * @param options.power         1 (default) or 2
 * @param options.classWeights  a factor for each class, default 1
 * @param options.reduction     `'mean'` (default), `'sum'` or `'none'`
 * @throws SHAPE, DTYPE, OPTION  if they do not fit
 * @source Crammer and Singer (2001), by way of torch.nn.MultiMarginLoss
 * @example
 * import { tensor } from '@dendrite/core';
 * import { multiMarginLoss } from '@dendrite/nn';
 * await multiMarginLoss(tensor([[1, 0.5]]), tensor([0], [1], 'int32')).item(); // 0.25
 */
export function multiMarginLoss(outputs: Tensor, codes: Tensor, options: MultiMarginOptions = {}): Tensor {
  checkOptions('multiMarginLoss', options, { margin: finite, power, classWeights: anything, reduction: reductionRule });
  const { margin = 1, power: exponent = 1, classWeights, reduction = 'mean' } = options;
  const [rows, classes] = outputs.shape;
  if (outputs.shape.length !== 2 || rows === undefined || classes === undefined)
    throw new DendriteError(
      'SHAPE',
      `multiMarginLoss(): outputs must be [rows, classes], got [${outputs.shape.join(', ')}].`,
    );
  if (codes.dtype !== 'int32' || codes.shape.length !== 1 || codes.shape[0] !== rows)
    throw new DendriteError(
      codes.dtype === 'int32' ? 'SHAPE' : 'DTYPE',
      `multiMarginLoss(): codes must be int32 [${rows}], got ${codes.dtype} [${codes.shape.join(', ')}].`,
    );
  const wins = takeAlongAxis(outputs, expandDims(codes, { axis: 1 })); // [N, 1]
  const short = relu(add(sub(outputs, wins), margin));
  const others = where(oneHot(codes, { classes, dtype: 'bool' }), 0, exponent === 1 ? short : pow(short, 2));
  const losses = mean(others, { axes: 1 });
  if (classWeights === undefined) return reduced('multiMarginLoss', losses, reduction);
  const weights =
    '~dendrite' in classWeights ? classWeights : outputs.runtime.tensor([...classWeights], undefined, outputs.dtype);
  if (weights.shape.length !== 1 || weights.shape[0] !== classes)
    throw new DendriteError(
      'SHAPE',
      `multiMarginLoss(): classWeights must be [${classes}], got [${weights.shape.join(', ')}].`,
    );
  return reduced('multiMarginLoss', mul(losses, gather(weights, codes)), reduction);
}
