/** What a convolution's input must change by: the cotangent sent back through the filters. */
import { concat, matmul, reshape, slice, windowScatter } from '@dendrite/core';
import { type CompositeOp, defineOp } from '@dendrite/spec';
import { conv2dOp } from '../conv2d/conv2d.ts';
import { checkedPair, convolutionShape } from '../conv2d/convolution-shape.ts';
import { conv2dFilterGradientOp } from '../conv2d-filter-gradient/conv2d-filter-gradient.ts';
import { expectShape, imagesOf } from '../window/image-rules.ts';
import type { Both } from '../window/padding.ts';
import { pairAttribute, windowAttributes } from '../window/window-attributes.ts';

/**
 * `dx[b, i·stride + u·dilation − before, …, c] += Σ_d dy[b, i, j, d] · filters[u, v, c, d]`.
 * Inputs dy `[B, H', W', D]` and filters `[h, w, C / groups, D]`; attributes of the convolution and `spatial` `[H, W]`.
 */
export const conv2dInputGradientOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'cnn/conv2d-input-gradient',
  infer([dy, filters], attributes) {
    const owner = 'conv2dInputGradient()';
    const [cotangents, weights] = checkedPair(owner, dy, filters, 'dy and filters');
    const { batch } = imagesOf(owner, 'dy', cotangents);
    const channels = (weights.shape[2] ?? 0) * Number(attributes.groups);
    const spatial = pairAttribute(attributes, 'spatial');
    expectShape(owner, 'dy', cotangents, convolutionShape(owner, { batch, spatial, channels }, weights, attributes));
    return [{ shape: [batch, ...spatial, channels], dtype: cotangents.dtype }];
  },
  flops: ({ inputs: [dy, filters] }) =>
    2 * [...(dy?.shape ?? []), ...(filters?.shape.slice(0, 3) ?? [])].reduce((a, b) => a * b, 1),
  saves: { inputs: [0, 1] },
  // Linear in both inputs, so its own gradients are the convolution and its filter gradient.
  gradient({ input, spec, dy: [ddx], needs, attributes }) {
    if (!ddx) return [null, null];
    const { spatial: _, ...convolution } = attributes;
    const [ddy] = needs[0] ? ddx.runtime.run(conv2dOp, [ddx, input(1)], convolution) : [];
    const [dw] = needs[1]
      ? ddx.runtime.run(conv2dFilterGradientOp, [ddx, input(0)], { ...convolution, size: spec(1).shape.slice(0, 2) })
      : [];
    return [ddy ?? null, dw ?? null];
  },
  decompose([dy, filters], attributes) {
    if (!dy || !filters) return [];
    const { stride, dilation, before, after } = windowAttributes(attributes);
    const groups = Number(attributes.groups);
    const spatial = pairAttribute(attributes, 'spatial');
    const [height = 0, width = 0, groupIn = 0, outChannels = 0] = filters.shape;
    const [batch = 0, rows = 0, columns = 0] = dy.shape;
    const groupOut = outChannels / groups;
    const windowSize = height * width * groupIn;
    const size: Both = [height, width];
    const parts = Array.from({ length: groups }, (_, group) => {
      const own =
        groups === 1 ? dy : slice(dy, { begin: [0, 0, 0, group * groupOut], size: [batch, rows, columns, groupOut] });
      const weights =
        groups === 1
          ? filters
          : slice(filters, { begin: [0, 0, 0, group * groupOut], size: [height, width, groupIn, groupOut] });
      const windows = matmul(
        reshape(own, [batch * rows * columns, groupOut]),
        reshape(weights, [windowSize, groupOut]),
        { transposeB: true },
      );
      return windowScatter(reshape(windows, [batch, rows, columns, windowSize]), {
        size,
        stride,
        dilation,
        before,
        after,
        spatial,
      });
    });
    return [groups === 1 && parts[0] ? parts[0] : concat(parts, { axis: 3 })];
  },
  kernels: {
    js: () => import('../planes.js-kernel.ts').then((m) => m.conv2dInputGradientJsKernel),
    wasm: () => import('../planes.wasm.ts').then((m) => m.conv2dInputGradientWasmKernel),
  },
});
