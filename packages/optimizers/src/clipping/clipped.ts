/** Any optimizer with its gradients clipped first. */
import { leaves } from '@dendrite/core';
import { DendriteError, type Json, type Optimizer, type Tree } from '@dendrite/spec';
import { clipByGlobalNorm } from './clip-by-global-norm.ts';
import { clipByValue } from './clip-by-value.ts';

export type Clipping = { readonly globalNorm: number; readonly normType?: number } | { readonly value: number };

/**
 * `optimizer` on clipped gradients. It is an optimizer itself, so it is saved and restored with the model.
 * @param optimizer  the one that makes the step; its slots and scalars stay as they are
 * @param clipping   `{ globalNorm, normType? }` or `{ value }`, see `clipByGlobalNorm` and `clipByValue`
 * @throws OPTION  unless exactly one of the two is given, above 0
 * @example
 * import { adam, clipped } from '@dendrite/optimizers';
 * const optimizer = clipped(adam(), { globalNorm: 1 });
 */
export function clipped<O extends Tree>(optimizer: Optimizer<O>, clipping: Clipping): Optimizer<O> {
  const limits = { ...clipping } as {
    readonly globalNorm?: number;
    readonly value?: number;
    readonly normType?: number;
  };
  const { globalNorm, value, normType = 2 } = limits;
  const limit = globalNorm ?? value;
  if (limit === undefined || !(limit > 0) || (globalNorm !== undefined && value !== undefined))
    throw new DendriteError(
      'OPTION',
      `clipped(): clipping must be { globalNorm } or { value } with a number above 0, got ${JSON.stringify(limits)}.`,
    );
  if (!(normType >= 1))
    throw new DendriteError(
      'OPTION',
      `clipped(): normType must be at least 1, got ${normType}. Use 2, or Infinity for the largest element.`,
    );
  const clip = (gradients: Tree): Tree =>
    globalNorm === undefined
      ? clipByValue(gradients, limit)
      : clipByGlobalNorm(gradients, limit, { normType }).gradients;
  const inner: Json = { name: optimizer.name, config: optimizer.config };
  const wrapper: Optimizer<O> = {
    ...optimizer,
    name: 'optimizers/clipped',
    config:
      globalNorm === undefined
        ? { optimizer: inner, value: limit }
        : { optimizer: inner, globalNorm: limit, normType: normType === Infinity ? 'infinity' : normType },
    update(params, gradients, state, scalars) {
      const first = leaves(gradients as Tree)[0]?.tensor;
      if (first === undefined) return optimizer.update(params, gradients, state, scalars);
      const short = first.runtime.scope(() => clip(gradients as Tree));
      try {
        return optimizer.update(params, short as typeof gradients, state, scalars);
      } finally {
        for (const { tensor } of leaves(short)) tensor.dispose();
      }
    },
  };
  return Object.freeze(wrapper);
}
