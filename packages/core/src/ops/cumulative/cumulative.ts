/** Running sums and products. */
import { DendriteError, defineOp, type PrimitiveOp, type Tensor, type TensorSpec } from '@dendrite/spec';
import { stack } from '../concat/concat.ts';
import { add, mul } from '../expression/arithmetic.ts';
import { checked, only } from '../expression/expression-op.ts';
import { frontAxis } from '../option.ts';
import { sum } from '../reduce/reduce.ts';
import { sizeOf } from '../strides.ts';

const op: PrimitiveOp = /*#__PURE__*/ defineOp<PrimitiveOp>({
  '~dendrite': 'op',
  kind: 'primitive',
  name: 'core/cumulative',
  infer: ([x]) => {
    const spec = x as TensorSpec;
    if (spec.dtype === 'bool' || spec.dtype === 'uint8')
      throw new DendriteError(
        'DTYPE',
        `cumulative sums and products: input must be float or int32, got ${spec.dtype}. Cast it: cast(x, 'int32').`,
      );
    return [spec];
  },
  flops: ({ inputs: [x] }) => sizeOf(x?.shape ?? []),
  saves: { inputs: [0] },
  gradient: ({ dy: [d], input, attributes }) => {
    if (!d) return [null];
    const { kind, axis, exclusive, reverse } = attributes;
    if (kind === 'sum')
      return [
        only(
          d.runtime.run(op, [d], { kind, axis: axis as number, exclusive: exclusive as boolean, reverse: !reverse }),
        ),
      ];
    return [cumulativeProductGradient(input(0), d, axis as number, exclusive === true, reverse === true)];
  },
  kernels: {
    js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/cumulative']),
    wasm: () => import('./cumulative.wasm.ts').then((m) => m.cumulativeWasmKernel),
  },
});

/**
 * `dxₖ = Σᵢ dyᵢ · ∏_{j ≠ k, j ≤ i} xⱼ`, each product without xₖ, so that it is exact where elements are 0: for every k the
 * product is run again with a 1 in its place. Length² work; it is a rare gradient.
 */
function cumulativeProductGradient(x: Tensor, d: Tensor, axis: number, exclusive: boolean, reverse: boolean): Tensor {
  const length = x.shape[axis] as number;
  const { runtime, shape, dtype } = x;
  if (length === 0) return d;
  const parts = Array.from({ length }, (_, k) => {
    const mask = (f: (i: number) => number): Tensor =>
      runtime.tensor(
        Array.from({ length }, (__, i) => f(i)),
        shape.map((_length, a) => (a === axis ? length : 1)),
        dtype,
      );
    const isK = mask((i) => (i === k ? 1 : 0));
    const without = add(
      mul(
        x,
        mask((i) => (i === k ? 0 : 1)),
      ),
      isK,
    );
    const running = only(runtime.run(op, [without], { kind: 'prod', axis, exclusive, reverse }));
    const after = mask((i) => ((reverse ? (exclusive ? i < k : i <= k) : exclusive ? i > k : i >= k) ? 1 : 0));
    return sum(mul(mul(running, d), after), { axes: axis });
  });
  return stack(parts, { axis });
}

export interface CumulativeOptions {
  /** Default: the last. */
  readonly axis?: number;
  /** Each element is left out of its own total. Default false. */
  readonly exclusive?: boolean;
  /** From the end to the front. Default false. */
  readonly reverse?: boolean;
}
const cumulative = (
  name: string,
  kind: 'sum' | 'prod',
  x: Tensor,
  { axis = -1, exclusive = false, reverse = false }: CumulativeOptions = {},
): Tensor =>
  only(checked(x, name).runtime.run(op, [x], { kind, axis: frontAxis(name, axis, x.shape), exclusive, reverse }));

/** Running sum: `yᵢ = Σ_{j ≤ i} xⱼ`. @gradient the running sum of dy, the other way @throws OPTION */
export const cumulativeSum = (x: Tensor, options?: CumulativeOptions): Tensor =>
  cumulative('cumulativeSum', 'sum', x, options);
/** Running product: `yᵢ = ∏_{j ≤ i} xⱼ`. @gradient exact where elements are 0 @throws OPTION */
export const cumulativeProduct = (x: Tensor, options?: CumulativeOptions): Tensor =>
  cumulative('cumulativeProduct', 'prod', x, options);
