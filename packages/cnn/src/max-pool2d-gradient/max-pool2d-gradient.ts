/** Sends each window's cotangent to the element that was largest. */
import { argMax, expandDims, oneHot, reshape, transpose, where, windowGather, windowScatter } from '@dendrite/core';
import { type CompositeOp, DendriteError, defineOp } from '@dendrite/spec';
import { expectShape, imagesOf, sameDtype } from '../window/image-rules.ts';
import { pairAttribute, windowAttributes, windowCount } from '../window/window-attributes.ts';
import { maxPool2dGradientJsKernel } from './max-pool2d-gradient.js-kernel.ts';

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
  saves: {},
  gradient: { none: 'the second derivative of max pooling is not built' },
  decompose([x, dy], attributes) {
    if (!x || !dy) return [];
    const { stride, before, after } = windowAttributes(attributes);
    const size = pairAttribute(attributes, 'size');
    const taps = size[0] * size[1];
    const [batch = 0, rows = 0, columns = 0, channels = 0] = dy.shape;
    const [, height = 0, width = 0] = x.shape;
    const spread = [batch, rows, columns, taps, channels];
    const windows = reshape(
      windowGather(x, { size, stride, before, after, padValue: Number.NEGATIVE_INFINITY }),
      spread,
    );
    const winner = argMax(windows, { axis: 3 }); // [B, H', W', C]
    const chosen = transpose(oneHot(winner, { classes: taps, dtype: 'bool' }), [0, 1, 2, 4, 3]); // [B, H', W', taps, C]
    // Chosen by `where`, not by a product: a NaN cotangent stays with its winner.
    const parts = where(chosen, expandDims(dy, { axis: 3 }), 0);
    return [
      windowScatter(reshape(parts, [batch, rows, columns, taps * channels]), {
        size,
        stride,
        before,
        after,
        spatial: [height, width],
      }),
    ];
  },
  kernels: {
    js: maxPool2dGradientJsKernel,
    wasm: () => import('./max-pool2d-gradient.wasm.ts').then((m) => m.maxPool2dGradientWasmKernel),
  },
});
