/** Sends each window's cotangent to the element that was largest. */
import {
  argMax,
  expandDims,
  oneHot,
  reshape,
  sum,
  transpose,
  type WindowOptions,
  where,
  windowGather,
  windowScatter,
} from '@dendrite/core';
import { type Attributes, type CompositeOp, DendriteError, defineOp, type Shape, type Tensor } from '@dendrite/spec';
import { expectShape, imagesOf, sameDtype } from '../window/image-rules.ts';
import { pairAttribute, windowAttributes, windowCount } from '../window/window-attributes.ts';

/** Inputs x `[B, H, W, C]` and dy `[B, H', W', C]`; attributes of the pooling. On ties the first element takes all. */
export const maxPool2dGradientOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'cnn/max-pool2d-gradient',
  infer([x, dy], attributes) {
    const owner = 'maxPool2dGradient()';
    if (!x || !dy) throw new DendriteError('SHAPE', `${owner}: must have two inputs (x and dy), got ${x ? 1 : 0}.`);
    const { batch, spatial, channels } = imagesOf(owner, 'x', x);
    sameDtype(owner, x, dy, 'x and dy');
    expectShape(owner, 'dy', dy, [
      batch,
      ...windowCount(owner, spatial, pairAttribute(attributes, 'size'), windowAttributes(attributes)),
      channels,
    ]);
    return [x];
  },
  saves: { inputs: [0] },
  // Linear in dy: what comes back is read where each window's largest element was. It does not change with x.
  gradient({ input, dy: [given], spec, attributes }) {
    if (!given) return [null, null];
    const x = input(0);
    const shape = spec(1).shape;
    const chosen = x.runtime.untracked(() => winners(x, shape, attributes));
    const windows = reshape(windowGather(given, windowsOf(attributes)), chosen.shape);
    return [null, sum(where(chosen, windows, 0), { axes: 3 })];
  },
  decompose([x, dy], attributes) {
    if (!x || !dy) return [];
    const size = pairAttribute(attributes, 'size');
    const { stride, before, after } = windowAttributes(attributes);
    const [batch = 0, rows = 0, columns = 0, channels = 0] = dy.shape;
    const [, height = 0, width = 0] = x.shape;
    const chosen = winners(x, dy.shape, attributes);
    // Chosen by `where`, not by a product: a NaN cotangent stays with its winner.
    const parts = where(chosen, expandDims(dy, { axis: 3 }), 0);
    return [
      windowScatter(reshape(parts, [batch, rows, columns, size[0] * size[1] * channels]), {
        size,
        stride,
        before,
        after,
        spatial: [height, width],
      }),
    ];
  },
  kernels: {
    js: () => import('../planes.js-kernel.ts').then((m) => m.maxPool2dGradientJsKernel),
    wasm: () => import('../planes.wasm.ts').then((m) => m.maxPool2dGradientWasmKernel),
  },
});

const windowsOf = (attributes: Attributes): WindowOptions => {
  const { stride, before, after } = windowAttributes(attributes);
  return { size: pairAttribute(attributes, 'size'), stride, before, after };
};

/** Whether each element of each window is its first largest: bool `[B, H', W', taps, C]`. */
function winners(x: Tensor, [batch = 0, rows = 0, columns = 0, channels = 0]: Shape, attributes: Attributes): Tensor {
  const [height, width] = pairAttribute(attributes, 'size');
  const taps = height * width;
  const windows = windowGather(x, { ...windowsOf(attributes), padValue: Number.NEGATIVE_INFINITY });
  const winner = argMax(reshape(windows, [batch, rows, columns, taps, channels]), { axis: 3 }); // [B, H', W', C]
  return transpose(oneHot(winner, { classes: taps, dtype: 'bool' }), [0, 1, 2, 4, 3]);
}
