/** Gradients of functions of trees. */
import { DendriteError, type Tensor, type Tree, type TreeOf } from '@dendrite/spec';
import { runInScope } from '../engine/scope.ts';
import { isTensor, leaves, mapTree, rebuild } from '../tree/tree.ts';

export interface LossAndAux<Aux> {
  readonly loss: Tensor;
  readonly aux: Aux;
}

/**
 * The function's value and its gradient with respect to its first argument: `∂f/∂params`.
 * `f` runs at once, in a scope; what it makes is freed but for its results. With `{ loss, aux }` only the loss is differentiated,
 * and `aux` (the layers' next state, logits for a metric) comes back as it is. Calls may be nested for higher derivatives.
 * @param f  `(params, …rest) → loss` or `{ loss, aux }`; the loss is one float number. Write the type of params unless it is a tensor.
 * @returns  a function of the same arguments that gives `{ value, gradients, aux }`
 * @throws OPTION  if `f` gives a promise, or an op on the way has no gradient; SHAPE if the loss is not one number
 * @example
 * import { mul, sum, tensor, valueAndGrad } from '@dendrite/core';
 * const { value, gradients } = valueAndGrad((x) => sum(mul(x, x)))(tensor([1, 2, 3]));
 * await value.item(); // 14
 * await gradients.toArray(); // [2, 4, 6]
 */
export function valueAndGrad<P extends Tree = Tensor, A extends readonly unknown[] = readonly []>(
  f: (params: P, ...rest: A) => Tensor,
): (params: P, ...rest: A) => { readonly value: Tensor; readonly gradients: TreeOf<P, Tensor> };
export function valueAndGrad<P extends Tree = Tensor, A extends readonly unknown[] = readonly [], Aux = unknown>(
  f: (params: P, ...rest: A) => LossAndAux<Aux>,
): (params: P, ...rest: A) => { readonly value: Tensor; readonly gradients: TreeOf<P, Tensor>; readonly aux: Aux };
export function valueAndGrad<P extends Tree = Tensor, A extends readonly unknown[] = readonly []>(
  f: (params: P, ...rest: A) => Tensor | LossAndAux<unknown>,
): (params: P, ...rest: A) => { readonly value: Tensor; readonly gradients: TreeOf<P, Tensor>; readonly aux: unknown } {
  return (params, ...rest) => {
    const named = leaves(params);
    const [first] = named;
    if (!first)
      throw new DendriteError(
        'OPTION',
        'grad(): params must have at least one tensor, got none. Pass the tensors to differentiate by first.',
      );
    const { value, gradients, aux } = first.tensor.runtime.differentiate(
      named.map(({ tensor }) => tensor),
      (standIns) => {
        let i = 0;
        const made = f(
          rebuild(params, () => standIns[i++] as Tensor),
          ...rest,
        );
        return isTensor(made) ? { loss: made, aux: undefined } : made;
      },
    );
    let i = 0;
    return { value, gradients: mapTree<P, Tensor>(params, () => gradients[i++] as Tensor), aux };
  };
}

/** The gradient alone: see `valueAndGrad`. */
export function grad<P extends Tree = Tensor, A extends readonly unknown[] = readonly []>(
  f: (params: P, ...rest: A) => Tensor,
): (params: P, ...rest: A) => TreeOf<P, Tensor> {
  const both = valueAndGrad(f);
  // The scope frees the value, unless it is a tensor that the function did not make.
  return (params, ...rest) => runInScope(() => both(params, ...rest).gradients, 'grad');
}
