/** Joined tensors. */
import { DendriteError, defineOp, type PrimitiveOp, type Tensor } from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { checked, only } from '../expression/expression-op.ts';
import { frontAxis } from '../option.ts';
import { expandDims } from '../reshape/reshape.ts';
import { slice } from '../slice/slice.ts';

const op: PrimitiveOp = /*#__PURE__*/ defineOp<PrimitiveOp>({
  '~dendrite': 'op',
  kind: 'primitive',
  name: 'core/concat',
  infer: (specs, attributes) => {
    const axis = attributes.axis as number;
    const [first] = specs;
    if (!first) throw new DendriteError('OPTION', 'concat(): needs at least one tensor, got none.');
    let length = 0;
    for (const spec of specs) {
      if (spec.dtype !== first.dtype)
        throw new DendriteError(
          'DTYPE',
          `concat(): tensors must have one dtype, got ${first.dtype} and ${spec.dtype}. Cast one.`,
        );
      if (
        spec.shape.length !== first.shape.length ||
        spec.shape.some((size, i) => i !== axis && size !== first.shape[i])
      )
        throw new DendriteError(
          'SHAPE',
          `concat(): shapes must agree but for axis ${axis}, got [${first.shape.join(', ')}] and [${spec.shape.join(', ')}].`,
        );
      length += spec.shape[axis] as number;
    }
    return [{ shape: first.shape.map((size, i) => (i === axis ? length : size)), dtype: first.dtype }];
  },
  saves: {},
  gradient: ({ dy: [d], spec, attributes, needs }) => {
    const axis = attributes.axis as number;
    let from = 0;
    return needs.map((need, i) => {
      const { shape } = spec(i);
      const at = from;
      from += shape[axis] as number;
      return d && need ? slice(d, { begin: shape.map((_, a) => (a === axis ? at : 0)), size: shape }) : null;
    });
  },
  kernels: {
    js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/concat']),
    wasm: () => import('../network.wasm.ts').then((m) => m.concatWasmKernel),
  },
});

/**
 * One after another along an existing axis.
 * @param options.axis  default 0
 * @gradient  the cotangent, cut again
 * @throws SHAPE, DTYPE, OPTION
 * @example
 * import { concat, tensor } from '@dendrite/core';
 * await concat([tensor([1, 2]), tensor([3])]).toArray(); // [1, 2, 3]
 */
export function concat(tensors: readonly Tensor[], { axis = 0 }: { readonly axis?: number } = {}): Tensor {
  const first = checked(tensors[0], 'concat');
  return only(first.runtime.run(op, tensors, { axis: frontAxis('concat', axis, first.shape) }));
}

/**
 * Side by side along a new axis.
 * @param options.axis  place of the new axis in the result, default 0
 * @throws SHAPE, DTYPE, OPTION
 * @example
 * import { stack, tensor } from '@dendrite/core';
 * await stack([tensor([1, 2]), tensor([3, 4])], { axis: 1 }).toArray(); // [[1, 3], [2, 4]]
 */
export function stack(tensors: readonly Tensor[], { axis = 0 }: { readonly axis?: number } = {}): Tensor {
  const first = checked(tensors[0], 'stack');
  const at = frontAxis('stack', axis, [...first.shape, 1]);
  return runInScope(
    () =>
      concat(
        tensors.map((each) => expandDims(each, { axis: at })),
        { axis: at },
      ),
    'stack',
  );
}
