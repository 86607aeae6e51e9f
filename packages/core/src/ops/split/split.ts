/** A tensor cut along an axis. An op of its own, so that the gradient of all parts is one concatenation. */
import { type CompositeOp, DendriteError, defineOp, type Tensor, type TensorSpec } from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { concat } from '../concat/concat.ts';
import { checked } from '../expression/expression-op.ts';
import { fill } from '../making/fill.ts';
import { frontAxis, whole } from '../option.ts';
import { reshape } from '../reshape/reshape.ts';
import { slice } from '../slice/slice.ts';

const op: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'core/split',
  infer: ([x], attributes) => {
    const { shape, dtype } = x as TensorSpec;
    return (attributes.sizes as readonly number[]).map((size) => ({
      shape: shape.map((length, i) => (i === attributes.axis ? size : length)),
      dtype,
    }));
  },
  decompose: ([x], attributes) => {
    const { shape } = x as Tensor;
    let from = 0;
    return (attributes.sizes as readonly number[]).map((size) => {
      const part = slice(x as Tensor, {
        begin: shape.map((_, i) => (i === attributes.axis ? from : 0)),
        size: shape.map((length, i) => (i === attributes.axis ? size : length)),
      });
      from += size;
      return part;
    });
  },
  saves: {},
  gradient: ({ dy, spec, attributes }) => {
    const { shape, dtype } = spec(0);
    const runtime = dy.find((d) => d !== null)?.runtime;
    if (runtime === undefined) return [null];
    const axis = attributes.axis as number;
    const parts = (attributes.sizes as readonly number[]).map(
      (size, j) => dy[j] ?? fill(runtime, { shape: shape.map((length, i) => (i === axis ? size : length)), dtype }, 0),
    );
    return [concat(parts, { axis })];
  },
  kernels: { wasm: () => import('../network.wasm.ts').then((m) => m.splitWasmKernel) },
});

/**
 * Cut along an axis, into equal `parts` or into pieces of these `sizes`.
 * @param options.axis  default 0
 * @gradient  the cotangents, joined again
 * @throws OPTION  if neither or both are given, or the pieces do not add up to the axis
 * @example
 * import { split, tensor } from '@dendrite/core';
 * const [head, tail] = split(tensor([1, 2, 3]), { sizes: [1, 2] });
 * await tail?.toArray(); // [2, 3]
 */
export function split(
  x: Tensor,
  { parts, sizes, axis = 0 }: { readonly parts?: number; readonly sizes?: readonly number[]; readonly axis?: number },
): Tensor[] {
  const { shape } = checked(x, 'split');
  const at = frontAxis('split', axis, shape);
  const length = shape[at] as number;
  if ((parts === undefined) === (sizes === undefined))
    throw new DendriteError(
      'OPTION',
      `split(): parts or sizes must be given, one of them, got ${parts === undefined ? 'neither' : 'both'}. Write { parts: 2 } or { sizes: [1, 2] }.`,
    );
  const pieces = sizes ?? new Array<number>(whole('split', 'parts', parts ?? 0, 1)).fill(length / (parts ?? 1));
  if (pieces.some((piece) => !Number.isInteger(piece) || piece < 0) || pieces.reduce((a, b) => a + b, 0) !== length)
    throw new DendriteError(
      'OPTION',
      `split(): pieces must be whole numbers that add up to ${length} (axis ${at} of [${shape.join(', ')}]), got ${sizes ? `sizes [${sizes.join(', ')}]` : `${parts} parts`}.`,
    );
  return pieces.length === 0 ? [] : [...x.runtime.run(op, [x], { axis: at, sizes: [...pieces] })];
}

/**
 * Every element of an axis by itself, without that axis: the steps of a sequence, say. The opposite of `stack`.
 * @param options.axis  default 0
 * @gradient  the cotangents, stacked again
 * @throws OPTION
 * @example
 * import { tensor, unstack } from '@dendrite/core';
 * const [first, second] = unstack(tensor([[1, 2], [3, 4]]), { axis: 1 });
 * await second?.toArray(); // [2, 4]
 */
export function unstack(x: Tensor, { axis = 0 }: { readonly axis?: number } = {}): Tensor[] {
  const { shape } = checked(x, 'unstack');
  const at = frontAxis('unstack', axis, shape);
  const length = shape[at] as number;
  if (length === 0) return [];
  return runInScope(
    () =>
      split(x, { parts: length, axis: at }).map((part) =>
        reshape(
          part,
          shape.filter((_, i) => i !== at),
        ),
      ),
    'unstack',
  );
}
