/** A function with a backward pass of its own. */
import { type CompositeOp, DendriteError, type Tensor } from '@dendrite/spec';
import { runInScope } from '../engine/scope.ts';
import { only } from '../ops/expression/expression-op.ts';

/**
 * `forward` with `backward` in place of the derivative that its ops would give.
 * @param forward  `(…inputs) → y`; its ops are not recorded
 * @param backward  `(dy, inputs, y) → cotangents`, one an input in its shape (null: zero), made of ops
 * @returns  a function of the same tensors
 * @throws SHAPE  when a cotangent does not have its input's shape
 * @example
 * import { clip, customGradient, grad, sum, tensor } from '@dendrite/core';
 * const straightThrough = customGradient((x) => clip(x, { min: -1, max: 1 }), (dy) => [dy]);
 * await grad((x) => sum(straightThrough(x)))(tensor([-3, 0, 3])).toArray(); // [1, 1, 1]
 */
export function customGradient<const I extends readonly Tensor[]>(
  forward: (...inputs: I) => Tensor,
  backward: (dy: Tensor, inputs: I, y: Tensor) => readonly (Tensor | null)[],
): (...inputs: I) => Tensor {
  return (...inputs) => {
    const [first] = inputs;
    if (!first)
      throw new DendriteError(
        'OPTION',
        'customGradient(): its function must be called with at least one tensor, got none.',
      );
    const { runtime } = first;
    return runInScope(() => {
      const y = runtime.untracked(() => forward(...inputs));
      const op: CompositeOp = {
        '~dendrite': 'op',
        kind: 'composite',
        name: 'core/custom-gradient',
        infer: () => [y],
        decompose: () => [y],
        saves: { inputs: inputs.map((_, i) => i), outputs: [0] },
        gradient: ({ dy: [d], input, output }) => {
          if (!d) return inputs.map(() => null);
          const cotangents = backward(d, inputs.map((_, i) => input(i)) as readonly Tensor[] as I, output(0));
          if (cotangents.length !== inputs.length)
            throw new DendriteError(
              'OPTION',
              `customGradient(): backward must give one cotangent an input (${inputs.length}), got ${cotangents.length}.`,
            );
          return cotangents;
        },
      };
      // The scope frees y, unless it is an input itself or a tensor from outside.
      return only(runtime.run(op, inputs));
    }, 'customGradient');
  };
}
