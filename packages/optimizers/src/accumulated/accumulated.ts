/** Any optimizer that steps once for several batches, with the mean of their gradients. */
import { mul, rebuild, zerosLike } from '@dendrite/core';
import { DendriteError, type Json, type Optimizer, type Tree } from '@dendrite/spec';
import { add, mul as times } from '../formula/formula.ts';
import { lifted } from '../named/lifted.ts';
import { named } from '../named/named.ts';
import { count } from '../option/check-options.ts';
import { defineOptimizer } from '../update/define-optimizer.ts';
import { prefixed, unprefixed } from '../update/prefixed.ts';

export type AccumulatedState<O extends Tree> = { readonly inner: O; readonly gathered: Tree };

/** Gathers gradients as an optimizer moves parameters: `gathered ← kept·gathered + gradient / batches`. */
const gather = /*#__PURE__*/ defineOptimizer<{ readonly batches?: number }, object, 'kept' | 'part'>({
  name: 'optimizers/gather',
  factory: 'accumulated',
  options: { batches: [1, count] },
  slots: () => ({}),
  scalars: (step, _rate, { batches }) => ({ kept: (step - 1) % batches === 0 ? 0 : 1, part: 1 / batches }),
  update: ({ parameter, gradient, scalars: { kept, part } }) => ({
    parameter: add(times(kept, parameter), times(part, gradient)),
  }),
});

/**
 * `optimizer` on the mean gradient of `batches` batches at a time: as one step on a batch that is so many times as large, with the
 * memory of a small one. Between two steps the parameters stay. A run may end, and go on from a checkpoint, anywhere between.
 * Batches count alike, also a smaller last one; batch norm sees the small batches.
 * @param optimizer        its steps count once for `batches` batches, and so does its schedule
 * @param options.batches  a whole number of at least 1
 * @throws OPTION  if it is anything else
 * @example
 * import { accumulated, adam } from '@dendrite/optimizers';
 * const optimizer = accumulated(adam(), { batches: 4 });
 */
export function accumulated<O extends Tree>(
  optimizer: Optimizer<O>,
  { batches }: { readonly batches: number },
): Optimizer<AccumulatedState<O>> {
  if (!count.holds(batches))
    throw new DendriteError(
      'OPTION',
      `accumulated(): batches must ${count.must}, got ${String(batches)}. Usual are 2 to 32.`,
    );
  const sum = gather({ batches });
  const { observe } = optimizer;
  const innerStep = (step: number): number => Math.max(1, Math.ceil(step / batches));
  const wrapper: Optimizer<AccumulatedState<O>> = {
    ...lifted<O, AccumulatedState<O>>(optimizer),
    name: 'optimizers/accumulated',
    config: { optimizer: named(optimizer), batches },
    init: (params) => ({
      inner: optimizer.init(params),
      gathered: rebuild(params, (tensor) => zerosLike(tensor)),
    }),
    scalars(step, learningRate, memory) {
      const own = prefixed('gathered', sum.scalars(step, 0));
      const full = step % batches === 0 ? 1 : 0;
      return { ...own, ...prefixed('inner', optimizer.scalars(innerStep(step), learningRate, memory)), full };
    },
    update(params, gradients, { inner, gathered }, scalars) {
      const { full, proceed } = scalars;
      if (full === undefined)
        throw new DendriteError(
          'OPTION',
          `optimizers/accumulated update(): scalars must hold full, got ${Object.keys(scalars).join(', ') || 'none'}. Pass stepScalars(runtime, optimizer.scalars(step, learningRate)).`,
        );
      const next = sum.update(gathered, gradients as Tree, {}, unprefixed('gathered', scalars));
      const go = proceed === undefined ? full : (mul(proceed, full) as typeof full);
      try {
        const stepped = optimizer.update(params, next.params as typeof gradients, inner, {
          ...unprefixed('inner', scalars),
          proceed: go,
        });
        return { params: stepped.params, state: { inner: stepped.state, gathered: next.params } };
      } finally {
        if (go !== full) go.dispose();
      }
    },
    ...(observe && {
      observe: (memory: Json | undefined, metrics: Readonly<Record<string, number>>, step: number) =>
        observe(memory, metrics, innerStep(step)),
    }),
  };
  return Object.freeze(wrapper);
}
