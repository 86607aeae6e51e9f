/** Classes drawn with given probabilities. */
import type { Key, Tensor } from '@dendrite/spec';
import { DendriteError } from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { argMax } from '../arg-reduce/arg-reduce.ts';
import { add, maximum } from '../expression/arithmetic.ts';
import { checked } from '../expression/expression-op.ts';
import { log, neg } from '../expression/mathematics.ts';
import { whole } from '../option.ts';
import { uniform } from '../random/random.ts';
import { reshape } from '../reshape/reshape.ts';

/** Below the smallest step of `uniform`: no noise is infinite, so a class of logit −∞ is never drawn. */
const smallest = 2 ** -25;

/**
 * A class for each row, drawn with probability `softmax(logits)`: `argmax(logits − ln(−ln u))`, u uniform.
 * The same key gives the same classes. For given probabilities pass their logarithm; divide logits by a temperature first.
 * @param logits  `[…, K]`, float; −∞ is never drawn
 * @param options.samples  how many to draw of each row, with replacement; default: one, without an axis of its own
 * @returns  int32 `[…]`, or `[…, samples]`
 * @gradient  none: drawn classes are constants
 * @throws OPTION, DTYPE, SHAPE
 * @source Gumbel (1954), by way of Maddison, Tarlow and Minka (2014)
 * @example
 * import { categorical, defaultRuntime, tensor } from '@dendrite/core';
 * const key = defaultRuntime().key(7);
 * await categorical(key, tensor([0, -Infinity]), { samples: 3 }).toArray(); // [0, 0, 0]
 */
export function categorical(key: Key, logits: Tensor, { samples }: { readonly samples?: number } = {}): Tensor {
  const { shape, dtype } = checked(logits, 'categorical');
  const classes = shape.at(-1);
  if (classes === undefined || classes === 0)
    throw new DendriteError('SHAPE', `categorical(): logits must be [..., classes], got [${shape.join(', ')}].`);
  if (dtype !== 'float32' && dtype !== 'float64')
    throw new DendriteError(
      'DTYPE',
      `categorical(): logits must be float32 or float64, got ${dtype}. Cast them: cast(logits, 'float32').`,
    );
  const rows = shape.slice(0, -1);
  const drawn = samples === undefined ? [] : [whole('categorical', 'samples', samples)];
  return logits.runtime.untracked(() =>
    runInScope(() => {
      const u = uniform(key, [...rows, ...drawn, classes], { dtype });
      const noise = neg(log(neg(log(maximum(u, smallest)))));
      return argMax(add(reshape(logits, [...rows, ...drawn.map(() => 1), classes]), noise));
    }, 'categorical'),
  );
}
