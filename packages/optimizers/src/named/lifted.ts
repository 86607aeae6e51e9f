/** What a wrapper takes over from the optimizer inside, whose state is its own state's `inner`. */
import type { Optimizer, Tree } from '@dendrite/spec';

type Lifted<S extends Tree> = Pick<Optimizer<S>, '~dendrite' | 'learningRate' | 'observe' | 'evaluated' | 'lossScale'>;

export function lifted<O extends Tree, S extends { readonly inner: O } & Tree>(optimizer: Optimizer<O>): Lifted<S> {
  const { learningRate, observe, evaluated, lossScale } = optimizer;
  return {
    '~dendrite': 'optimizer',
    learningRate,
    ...(observe && { observe }),
    ...(evaluated && { evaluated: <P extends Tree>(params: P, { inner }: S): P => evaluated(params, inner) }),
    ...(lossScale && { lossScale: ({ inner }: S) => lossScale(inner) }),
  };
}
