/** Order along an axis. */
import { defineOp, type PrimitiveOp, type Tensor, type TensorSpec } from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { add } from '../expression/arithmetic.ts';
import { checked } from '../expression/expression-op.ts';
import { scatterAdd } from '../gather/gather.ts';
import { frontAxis } from '../option.ts';
import { reshape } from '../reshape/reshape.ts';
import { sizeOf } from '../strides.ts';
import { transpose } from '../transpose/transpose.ts';

const op: PrimitiveOp = /*#__PURE__*/ defineOp<PrimitiveOp>({
  '~dendrite': 'op',
  kind: 'primitive',
  name: 'core/sort',
  infer: ([x]) => [x as TensorSpec, { shape: (x as TensorSpec).shape, dtype: 'int32' }],
  saves: { outputs: [1] },
  gradient: ({ dy: [d], output, spec }) => {
    if (!d) return [null];
    const { shape } = spec(0);
    const length = shape.at(-1) ?? 1;
    const size = sizeOf(shape);
    if (size === 0) return [d];
    // Each row's indices become places in the flat tensor.
    const rowStarts = d.runtime.tensor(
      Array.from({ length: size / Math.max(1, length) }, (_, row) => row * length),
      [size / Math.max(1, length), 1],
      'int32',
    );
    const places = add(reshape(output(1), [-1, length]), rowStarts);
    return [reshape(scatterAdd(reshape(d, [size]), reshape(places, [size]), { length: size }), shape)];
  },
  kernels: {
    js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/sort']),
    wasm: () => import('./sort.wasm.ts').then((m) => m.sortWasmKernel),
  },
});

export interface SortOptions {
  /** Default: the last. */
  readonly axis?: number;
  /** Largest first. Default false. */
  readonly descending?: boolean;
}

/**
 * Sorted along an axis, equal elements in their order, NaN last.
 * @returns  `values`, and the int32 `indices` they had
 * @gradient  each cotangent goes back to where its value was
 * @throws OPTION
 * @example
 * import { sort, tensor } from '@dendrite/core';
 * const { values, indices } = sort(tensor([3, 1, 2]));
 * await values.toArray(); // [1, 2, 3]
 * await indices.toArray(); // [1, 2, 0]
 */
export function sort(
  x: Tensor,
  { axis = -1, descending = false }: SortOptions = {},
): { readonly values: Tensor; readonly indices: Tensor } {
  const { shape, runtime } = checked(x, 'sort');
  const along = (rows: Tensor): { readonly values: Tensor; readonly indices: Tensor } => {
    const [values, indices] = runtime.run(op, [rows], { descending });
    return { values: values as Tensor, indices: indices as Tensor };
  };
  const at = axis === -1 ? shape.length - 1 : frontAxis('sort', axis, shape);
  if (at === shape.length - 1) return along(x);
  const order = shape.map((_, i) => (i === at ? shape.length - 1 : i === shape.length - 1 ? at : i));
  return runInScope(() => {
    const { values, indices } = along(transpose(x, order));
    return { values: transpose(values, order), indices: transpose(indices, order) };
  }, 'sort');
}

/**
 * Where the elements of the sorted axis were: the `indices` of `sort`, int32.
 * @throws OPTION
 * @example
 * import { argSort, tensor } from '@dendrite/core';
 * await argSort(tensor([3, 1, 2]), { descending: true }).toArray(); // [0, 2, 1]
 */
export const argSort = (x: Tensor, options?: SortOptions): Tensor =>
  runInScope(() => checked(x, 'argSort').runtime.untracked(() => sort(x, options).indices), 'argSort');
