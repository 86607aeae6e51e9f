/** A rectifier whose slope below zero is learned. */
import { choose, expressionOp, formula as f, fill, input, layer, only } from '@dendrite/core';
import { DendriteError, type ExpressionOp, type Layer, type Tensor } from '@dendrite/spec';
import { checkOptions, flag, type Rule } from '../option/check-options.ts';

export interface PreluOptions {
  readonly shared?: boolean;
  readonly initial?: number;
}
export type Prelu = Layer<{ readonly slope: Tensor }, Readonly<Record<never, never>>>;

/** Inputs x and slope, which broadcast. */
export const preluOp: ExpressionOp = /*#__PURE__*/ expressionOp({
  name: 'nn/prelu',
  inputs: 2,
  expressions: [choose(f.lt(0, input(0)), input(0), f.mul(input(1), input(0)))],
});

const finite: Rule = { must: 'be a finite number', holds: (v) => typeof v === 'number' && Number.isFinite(v) };

/**
 * `x` above 0, `slope · x` elsewhere, with a slope learned for each channel (the last axis).
 * @param options.shared   one slope for all channels, default false
 * @param options.initial  where slopes start, default 0.25
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for other channels than it was made for
 * @gradient dslope = Σ dy · x where x ≤ 0
 * @source He et al. (2015), Delving deep into rectifiers
 * @example
 * import { dense, prelu, sequential } from '@dendrite/nn';
 * const block = sequential(dense(64), prelu(), dense(10));
 */
export function prelu(options: PreluOptions = {}): Prelu {
  checkOptions('prelu', options, { shared: flag, initial: finite });
  const { shared = false, initial = 0.25 } = options;
  return layer<{ readonly slope: Tensor }>({
    name: 'nn/prelu',
    config: { shared, initial },
    init({ runtime }, shape) {
      const channels = shape.at(-1);
      if (channels === undefined)
        throw new DendriteError('SHAPE', 'prelu(): x must have a last axis, got a tensor without axes.');
      return {
        params: { slope: fill(runtime, { shape: [shared ? 1 : channels] }, initial) },
        output: shape,
      };
    },
    apply({ slope }, x) {
      if (!shared && x.shape.at(-1) !== slope.shape[0])
        throw new DendriteError(
          'SHAPE',
          `prelu(): x must have ${slope.shape[0]} channels on its last axis, got [${x.shape.join(', ')}]. Use { shared: true } for one slope.`,
        );
      return only(x.runtime.run(preluOp, [x, slope]));
    },
  });
}
