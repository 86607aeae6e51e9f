/** Other shapes of the same bytes. */
import { type CompositeOp, DendriteError, type DType, defineOp, type Shape, type Tensor } from '@dendrite/spec';
import { checked, only } from '../expression/expression-op.ts';
import { frontAxes, frontAxis } from '../option.ts';
import { padWith } from '../pad/pad.ts';

/** Elements from `offset` on under another shape: shared bytes, no copy. Where a part of a tensor cannot be shared `slice` copies. */
const view: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'core/view',
  infer: ([x], attributes) => [{ shape: attributes.shape as Shape, dtype: x?.dtype as DType }],
  decompose: ([x], attributes) => [
    (x as Tensor).runtime.reshape(x as Tensor, attributes.shape as Shape, attributes.offset as number),
  ],
  saves: {},
  gradient: ({ dy, spec, attributes }) => {
    const [d] = dy;
    if (!d) return [null];
    const { shape } = spec(0);
    const size = shape.reduce((a, b) => a * b, 1);
    if (d.size === size) return [reshape(d, shape)];
    const offset = attributes.offset as number;
    return [reshape(padWith(reshape(d, [d.size]), [offset], [size - offset - d.size]), shape)];
  },
});

/** Shares the bytes of `x` from element `offset` on; 'bytes' devices only unless it covers all of `x`. */
export const viewOf = (x: Tensor, shape: Shape, offset: number): Tensor =>
  only(x.runtime.run(view, [x], { shape, offset }));

/**
 * The same elements in the same order under another shape; no copy.
 * @param shape  One length may be −1: what is left.
 * @gradient  the cotangent, reshaped back
 * @throws SHAPE  if the number of elements would change
 * @example
 * import { range, reshape } from '@dendrite/core';
 * await reshape(range(6), [2, -1]).toArray(); // [[0, 1, 2], [3, 4, 5]]
 */
export function reshape<const S extends Shape>(x: Tensor, shape: S): Tensor<S> {
  const { size } = checked(x, 'reshape');
  const open = shape.indexOf(-1);
  const known = shape.reduce((a, b) => (b === -1 ? a : a * b), 1);
  const full = open < 0 ? shape : shape.map((length, axis) => (axis === open ? size / known : length));
  if (
    full.some((length) => !Number.isInteger(length) || length < 0) ||
    full.reduce((a, b) => a * b, 1) !== size ||
    shape.indexOf(-1, open + 1) > open
  )
    throw new DendriteError(
      'SHAPE',
      `reshape(): the number of elements must stay ${size} (shape [${x.shape.join(', ')}]), got [${shape.join(', ')}]. One length may be -1.`,
    );
  return viewOf(x, full, 0) as Tensor<S>;
}

/** Without axes of length 1 (all of them, or those named). @throws OPTION, SHAPE */
export function squeeze(x: Tensor, { axes }: { readonly axes?: number | readonly number[] } = {}): Tensor {
  const { shape } = checked(x, 'squeeze');
  const drop =
    axes === undefined
      ? shape.flatMap((length, axis) => (length === 1 ? [axis] : []))
      : frontAxes('squeeze', axes, shape);
  for (const axis of drop)
    if (shape[axis] !== 1)
      throw new DendriteError(
        'SHAPE',
        `squeeze(): a dropped axis must have length 1, got ${shape[axis]} at axis ${axis} of [${shape.join(', ')}].`,
      );
  return reshape(
    x,
    shape.filter((_, axis) => !drop.includes(axis)),
  );
}

/** With a new axis of length 1 at `axis` (of the result). @throws OPTION */
export function expandDims(x: Tensor, { axis }: { readonly axis: number }): Tensor {
  const { shape } = checked(x, 'expandDims');
  const at = frontAxis('expandDims', axis, [...shape, 1]);
  return reshape(x, [...shape.slice(0, at), 1, ...shape.slice(at)]);
}
