/** Shares each window's cotangent equally among the elements it averaged. */
import { broadcastTo, expandDims, mul, reshape, windowScatter } from '@dendrite/core';
import { type CompositeOp, DendriteError, defineOp } from '@dendrite/spec';
import { avgPool2dOp } from '../avg-pool2d/avg-pool2d.ts';
import { windowShares } from '../avg-pool2d/window-shares.ts';
import { expectShape, imagesOf } from '../window/image-rules.ts';
import { pairAttribute, windowAttributes, windowCount } from '../window/window-attributes.ts';

/** Input dy `[B, H', W', C]`; attributes of the pooling and `spatial` `[H, W]`. */
export const avgPool2dGradientOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'cnn/avg-pool2d-gradient',
  infer([dy], attributes) {
    const owner = 'avgPool2dGradient()';
    if (!dy) throw new DendriteError('SHAPE', `${owner}: must have an input (dy), got none.`);
    const { batch, channels } = imagesOf(owner, 'dy', dy);
    const spatial = pairAttribute(attributes, 'spatial');
    expectShape(owner, 'dy', dy, [
      batch,
      ...windowCount(owner, spatial, pairAttribute(attributes, 'size'), windowAttributes(attributes)),
      channels,
    ]);
    return [{ shape: [batch, ...spatial, channels], dtype: dy.dtype }];
  },
  saves: {},
  gradient({ dy: [ddx], attributes }) {
    const { spatial: _, ...pooling } = attributes;
    return ddx ? ddx.runtime.run(avgPool2dOp, [ddx], pooling) : [null];
  },
  decompose([dy], attributes) {
    if (!dy) return [];
    const { stride, before, after } = windowAttributes(attributes);
    const size = pairAttribute(attributes, 'size');
    const spatial = pairAttribute(attributes, 'spatial');
    const taps = size[0] * size[1];
    const [batch = 0, rows = 0, columns = 0, channels = 0] = dy.shape;
    const shared = mul(dy, windowShares(dy, spatial, [rows, columns], attributes));
    const windows = broadcastTo(expandDims(shared, { axis: 3 }), [batch, rows, columns, taps, channels]);
    return [
      windowScatter(reshape(windows, [batch, rows, columns, taps * channels]), {
        size,
        stride,
        before,
        after,
        spatial,
      }),
    ];
  },
  kernels: {
    js: () => import('../planes.js-kernel.ts').then((m) => m.avgPool2dGradientJsKernel),
    wasm: () => import('../planes.wasm.ts').then((m) => m.avgPool2dGradientWasmKernel),
  },
});
