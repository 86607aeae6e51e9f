/** What a convolution's filters must change by: every window times the cotangent it led to. */
import { concat, matmul, reshape, slice, windowGather } from '@dendrite/core';
import { type CompositeOp, defineOp } from '@dendrite/spec';
import { conv2dOp } from '../conv2d/conv2d.ts';
import { checkedPair, convolutionShape } from '../conv2d/convolution-shape.ts';
import { conv2dInputGradientOp } from '../conv2d-input-gradient/conv2d-input-gradient.ts';
import { expectShape, imagesOf } from '../window/image-rules.ts';
import { pairAttribute, windowAttributes } from '../window/window-attributes.ts';

/**
 * `dfilters[u, v, c, d] = Σ x[b, i·stride + u·dilation − before, …, c] · dy[b, i, j, d]`.
 * Inputs x `[B, H, W, C]` and dy `[B, H', W', D]`; attributes of the convolution and `size` `[h, w]`.
 */
export const conv2dFilterGradientOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'cnn/conv2d-filter-gradient',
  infer([x, dy], attributes) {
    const owner = 'conv2dFilterGradient()';
    const [images, cotangents] = checkedPair(owner, x, dy, 'x and dy');
    const lengths = imagesOf(owner, 'x', images);
    const { channels } = imagesOf(owner, 'dy', cotangents);
    const shape = [
      ...pairAttribute(attributes, 'size'),
      Math.floor(lengths.channels / Number(attributes.groups)),
      channels,
    ];
    expectShape(owner, 'dy', cotangents, convolutionShape(owner, lengths, { shape, dtype: images.dtype }, attributes));
    return [{ shape, dtype: images.dtype }];
  },
  flops: ({ inputs: [, dy], outputs: [filters] }) =>
    2 * [...(dy?.shape ?? []), ...(filters?.shape.slice(0, 3) ?? [])].reduce((a, b) => a * b, 1),
  saves: { inputs: [0, 1] },
  // Linear in both inputs, so its own gradients are the input gradient and the convolution.
  gradient({ input, spec, dy: [ddw], needs, attributes }) {
    if (!ddw) return [null, null];
    const { size: _, ...convolution } = attributes;
    const [dx] = needs[0]
      ? ddw.runtime.run(conv2dInputGradientOp, [input(1), ddw], { ...convolution, spatial: spec(0).shape.slice(1, 3) })
      : [];
    const [ddy] = needs[1] ? ddw.runtime.run(conv2dOp, [input(0), ddw], convolution) : [];
    return [dx ?? null, ddy ?? null];
  },
  decompose([x, dy], attributes) {
    if (!x || !dy) return [];
    const { stride, dilation, before, after } = windowAttributes(attributes);
    const groups = Number(attributes.groups);
    const size = pairAttribute(attributes, 'size');
    const [batch = 0, rows = 0, columns = 0, outChannels = 0] = dy.shape;
    const positions = batch * rows * columns;
    const groupIn = (x.shape[3] ?? 0) / groups;
    const groupOut = outChannels / groups;
    const parts = Array.from({ length: groups }, (_, group) => {
      const own =
        groups === 1 ? x : slice(x, { begin: [0, 0, 0, group * groupIn], size: [...x.shape.slice(0, 3), groupIn] });
      const cotangents =
        groups === 1 ? dy : slice(dy, { begin: [0, 0, 0, group * groupOut], size: [batch, rows, columns, groupOut] });
      const windows = windowGather(own, { size, stride, dilation, before, after });
      const windowSize = windows.shape[3] ?? 0;
      const gradient = matmul(reshape(windows, [positions, windowSize]), reshape(cotangents, [positions, groupOut]), {
        transposeA: true,
      });
      return reshape(gradient, [...size, groupIn, groupOut]);
    });
    return [groups === 1 && parts[0] ? parts[0] : concat(parts, { axis: 3 })];
  },
  kernels: {
    js: () => import('../planes.js-kernel.ts').then((m) => m.conv2dFilterGradientJsKernel),
    wasm: () => import('../planes.wasm.ts').then((m) => m.conv2dFilterGradientWasmKernel),
  },
});
