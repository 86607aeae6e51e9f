/** Elements by index, and their transpose. * @example
 * import { gather, tensor } from '@dendrite/core';
 * const rows = tensor([[1, 2], [3, 4], [5, 6]]);
 * await gather(rows, tensor([2, 0], [2], 'int32')).toArray(); // [[5, 6], [1, 2]]
 */
import { DendriteError, defineOp, type PrimitiveOp, type Shape, type Tensor, type TensorSpec } from '@dendrite/spec';
import { checked, only } from '../expression/expression-op.ts';
import { frontAxis, whole } from '../option.ts';
import { sizeOf } from '../strides.ts';

const needIndices = (operation: string, spec: TensorSpec | undefined): Shape => {
  if (spec?.dtype !== 'int32')
    throw new DendriteError(
      'DTYPE',
      `${operation}(): indices must be int32, got ${spec?.dtype}. Cast them: cast(indices, 'int32').`,
    );
  return spec.shape;
};

const gatherOp: PrimitiveOp = /*#__PURE__*/ defineOp<PrimitiveOp>({
  '~dendrite': 'op',
  kind: 'primitive',
  name: 'core/gather',
  infer: ([x, indices], attributes) => {
    const { shape, dtype } = x as TensorSpec;
    const axis = attributes.axis as number;
    return [{ shape: [...shape.slice(0, axis), ...needIndices('gather', indices), ...shape.slice(axis + 1)], dtype }];
  },
  saves: { inputs: [1] },
  gradient: ({ dy: [d], input, spec, attributes }) => {
    const axis = attributes.axis as number;
    const length = spec(0).shape[axis] as number;
    return [d ? only(d.runtime.run(scatterOp, [d, input(1)], { length, axis })) : null, null];
  },
  kernels: {
    js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/gather']),
    wasm: () => import('./gather.wasm.ts').then((m) => m.gatherWasmKernel),
  },
});

const scatterOp: PrimitiveOp = /*#__PURE__*/ defineOp<PrimitiveOp>({
  '~dendrite': 'op',
  kind: 'primitive',
  name: 'core/scatter-add',
  infer: ([updates, indices], attributes) => {
    const { shape, dtype } = updates as TensorSpec;
    const axis = attributes.axis as number;
    const at = needIndices('scatterAdd', indices);
    if (at.some((length, i) => length !== shape[axis + i]))
      throw new DendriteError(
        'SHAPE',
        `scatterAdd(): updates must have the indices' shape [${at.join(', ')}] from axis ${axis} on, got [${shape.join(', ')}].`,
      );
    return [{ shape: [...shape.slice(0, axis), attributes.length as number, ...shape.slice(axis + at.length)], dtype }];
  },
  flops: ({ inputs: [updates] }) => sizeOf(updates?.shape ?? []),
  saves: { inputs: [1] },
  gradient: ({ dy: [d], input, attributes }) => [
    d ? gather(d, input(1), { axis: attributes.axis as number }) : null,
    null,
  ],
  kernels: {
    js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/scatter-add']),
    wasm: () => import('./gather.wasm.ts').then((m) => m.scatterAddWasmKernel),
  },
});

/**
 * Elements by index: `y[…, i, …] = x[…, indices[i], …]` along `axis`.
 * @param indices  int32 of any shape, each from 0 to the axis' length − 1
 * @param options.axis  default 0
 * @gradient  scatterAdd of the cotangent
 * @throws DTYPE, OPTION; an index that is out of range throws on host-visible backends
 */
export function gather(x: Tensor, indices: Tensor, { axis = 0 }: { readonly axis?: number } = {}): Tensor {
  const at = frontAxis('gather', axis, checked(x, 'gather').shape);
  return only(x.runtime.run(gatherOp, [x, checked(indices, 'gather')], { axis: at }));
}

/**
 * The transpose of gather: zeros of `length` along `axis`, to which each update is added at its index.
 * @param updates  with the indices' shape from `axis` on
 * @param indices  int32
 * @param options.length  length of the result's axis
 * @gradient  gather of the cotangent
 * @throws DTYPE, SHAPE, OPTION
 * @example
 * import { scatterAdd, tensor } from '@dendrite/core';
 * await scatterAdd(tensor([1, 2, 3]), tensor([0, 2, 0], [3], 'int32'), { length: 4 }).toArray(); // [4, 0, 2, 0]
 */
export function scatterAdd(
  updates: Tensor,
  indices: Tensor,
  { length, axis = 0 }: { readonly length: number; readonly axis?: number },
): Tensor {
  const { shape } = checked(updates, 'scatterAdd');
  // A single index has no axis of its own: the result has one more than the update.
  const at = frontAxis('scatterAdd', axis, checked(indices, 'scatterAdd').shape.length === 0 ? [...shape, 1] : shape);
  return only(
    updates.runtime.run(scatterOp, [updates, indices], {
      length: whole('scatterAdd', 'length', length),
      axis: at,
    }),
  );
}
