/**
 * Convolutions on WASM: no image's bits depend on its batch, and every form (windows,
 * pixels as lanes, depthwise, reversed) computes what plain loops do, on geometries at the edges between them.
 */
import { wasm } from '@dendrite/backend-wasm';
import { type Conv2dOpOptions, conv2d } from '@dendrite/cnn/ops';
import { compare } from '@dendrite/conformance';
import { cpu, createRuntime, mul, pad, slice, sum, valueAndGrad } from '@dendrite/core';
import type { Runtime, Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { filled } from './filled.fixture.ts';

const reference = await createRuntime({ backends: [cpu()] });
const relaxed = await createRuntime({ backends: [wasm({ specializeFrom: 1 })] });
const plain = await createRuntime({ backends: [wasm({ relaxed: false, specializeFrom: 1 })] });

interface Geometry {
  readonly why: string;
  readonly x: readonly [batch: number, height: number, width: number, channels: number];
  readonly filters: readonly [height: number, width: number, perGroup: number, count: number];
  readonly options?: Conv2dOpOptions;
}
const geometries: readonly Geometry[] = [
  { why: 'windows, packed filters, reversed', x: [3, 7, 6, 8], filters: [3, 3, 8, 27], options: { padding: 1 } },
  { why: 'reversed, padding behind alone', x: [2, 6, 7, 8], filters: [2, 2, 8, 24], options: { padding: 'same' } },
  { why: 'a filter with many rows', x: [2, 12, 5, 5], filters: [9, 2, 5, 3] },
  { why: 'one line an image', x: [3, 5, 7, 6], filters: [1, 1, 6, 9] },
  { why: 'pixels as lanes, odd width', x: [10, 6, 11, 3], filters: [3, 3, 3, 7], options: { padding: 'same' } },
  { why: 'pixels as lanes, wide lines', x: [2, 3, 43, 1], filters: [2, 3, 1, 5] },
  {
    why: 'pixels as lanes, dilation and a row stride',
    x: [9, 9, 12, 2],
    filters: [3, 2, 2, 13],
    options: { dilation: [2, 3], stride: [2, 1], padding: 2 },
  },
  { why: 'groups with dilation', x: [2, 7, 8, 6], filters: [3, 2, 3, 22], options: { groups: 2, dilation: [1, 2] } },
  {
    why: 'many groups of packed filters',
    x: [2, 5, 5, 12],
    filters: [3, 3, 4, 33],
    options: { groups: 3, padding: 1 },
  },
  {
    why: 'depthwise with stride',
    x: [9, 7, 9, 6],
    filters: [3, 3, 1, 6],
    options: { groups: 6, stride: 2, padding: 1 },
  },
  { why: 'depthwise, wide filter', x: [1, 4, 14, 5], filters: [1, 9, 1, 5], options: { groups: 5 } },
  {
    why: 'wide tiles, long filter rows, a last filter',
    x: [2, 5, 7, 90],
    filters: [2, 3, 90, 43],
    options: { padding: 1 },
  },
  { why: 'wide tiles both ways', x: [2, 4, 5, 40], filters: [3, 3, 40, 44], options: { padding: 1 } },
  {
    why: 'wide tiles, strides and dilation of rows',
    x: [2, 9, 8, 6],
    filters: [3, 2, 6, 24],
    options: { stride: [2, 1], dilation: [2, 1], padding: 2 },
  },
  { why: 'blocks of lines of two heights', x: [1, 19, 40, 5], filters: [2, 2, 5, 8], options: { padding: 'same' } },
];

async function everything(on: Runtime, { x, filters, options = {} }: Geometry): Promise<readonly Float32Array[]> {
  const [images, weights] = [filled(on, 'x', x), filled(on, 'filters', filters)];
  const y = conv2d(images, weights, options);
  const scale = filled(on, 'scale', y.shape);
  const { gradients } = valueAndGrad((p: { images: Tensor; weights: Tensor }) =>
    sum(mul(conv2d(p.images, p.weights, options), scale)),
  )({ images, weights });
  const made = [y, gradients.images, gradients.weights].map((each) => each.data());
  return (await Promise.all(made)).map((data) => Float32Array.from(data));
}

test.each(geometries)('$why', async (geometry) => {
  const wanted = await everything(reference, geometry);
  for (const on of [relaxed, plain]) {
    const made = await everything(on, geometry);
    for (const [i, what] of ['y', 'dx', 'dfilters'].entries()) {
      const [a = new Float32Array(), b = new Float32Array()] = [made[i], wanted[i]];
      const { passed, text } = compare({ shape: [a.length], data: a }, { shape: [b.length], data: b }, 1e-5);
      expect(passed, `${what}: ${text}`).toBe(true);
    }
    // The same bits once more, and for the last image alone.
    expect(await everything(on, geometry)).toEqual(made);
    const [batch, ...image] = geometry.x;
    const last = slice(filled(on, 'x', geometry.x), { begin: [batch - 1, 0, 0, 0], size: [1, ...image] });
    const y = await conv2d(last, filled(on, 'filters', geometry.filters), geometry.options).data();
    expect(y).toEqual(made[0]?.subarray((batch - 1) * y.length));
  }
});

test('what is left out over the border changes no bits, and nothing is where a filter is not finite', async () => {
  for (const on of [relaxed, plain])
    for (const [height, rows, channels, count, options] of [
      [9, 5, 2, 5, { padding: 2 }],
      [7, 3, 2, 5, { padding: 'same' as const, stride: [2, 1] as const, dilation: [2, 1] as const }],
      [1, 4, 2, 5, { padding: { before: [3, 1] as const, after: [2, 1] as const } }],
      [5, 3, 5, 24, { padding: { before: [2, 1] as const, after: [1, 0] as const } }],
      [7, 3, 5, 24, { padding: 'same' as const, stride: [2, 1] as const, dilation: [2, 1] as const }],
    ] as const) {
      const x = filled(on, 'x', [2, height, 10, channels]);
      const filters = filled(on, 'filters', [rows, 3, channels, count]);
      const y = await conv2d(x, filters, options).data();
      const [top, left] = typeof options.padding === 'object' ? options.padding.before : [2, 1];
      if (options.padding !== 'same') {
        const border = typeof options.padding === 'object' ? [top, left, ...options.padding.after] : [2, 2, 2, 2];
        const [above = 0, before = 0, below = 0, after = 0] = border;
        const padded = pad(x, { before: [0, above, before, 0], after: [0, below, after, 0] });
        expect(await conv2d(padded, filters).data()).toEqual(y);
      }
      // 0 · ∞ is NaN, in the last filter alone.
      const values = Float32Array.from(await filters.data());
      values[values.length - 1] = Number.POSITIVE_INFINITY;
      const found = await conv2d(x, on.tensor(values, filters.shape), options).data();
      const wanted = await conv2d(
        reference.tensor(await x.data(), x.shape),
        reference.tensor(values, filters.shape),
        options,
      ).data();
      expect(Array.from(found, Number.isNaN)).toEqual(Array.from(wanted, Number.isNaN));
      expect(Array.from(found, Number.isNaN).some(Boolean)).toBe(true);
      // Likewise where the filter gradient leaves out lines of its cotangent: the last one sees the border below.
      const filterGradient = async (runtime: Runtime, cotangent: Float32Array): Promise<Float32Array> => {
        const images = runtime.tensor(await x.data(), x.shape);
        const scale = runtime.tensor(cotangent, conv2d(x, filters, options).shape);
        const { gradients } = valueAndGrad((w: Tensor) => sum(mul(conv2d(images, w, options), scale)))(
          runtime.tensor(await filters.data(), filters.shape),
        );
        return Float32Array.from(await gradients.data());
      };
      const cotangent = Float32Array.from(y, (_, i) => Math.sin(i));
      const parts = await filterGradient(on, cotangent);
      cotangent[cotangent.length - 1] = Number.NEGATIVE_INFINITY;
      const whole = await filterGradient(on, cotangent);
      const byLoops = await filterGradient(reference, cotangent);
      const filter = filters.shape[3] ?? 0;
      expect(Array.from(whole, Number.isNaN)).toEqual(Array.from(byLoops, Number.isNaN));
      expect(Array.from(whole, Number.isNaN).some(Boolean)).toBe(true);
      // What the others got from all lines.
      expect(whole.filter((_, i) => i % filter !== filter - 1)).toEqual(
        parts.filter((_, i) => i % filter !== filter - 1),
      );
    }
});
