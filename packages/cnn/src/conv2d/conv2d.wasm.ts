/**
 * Convolution with SIMD, without copying windows: in `[H, W, C]` a filter row's window is one run of memory, so a window is as
 * many runs as the filter has rows, and neighbouring windows are overlapping rows of a matrix product. Images that are padded
 * are copied into a border of zeros first, one at a time. A unit of work is an image.
 */
import { chunksOf, forEachChunk, productTiles } from '@dendrite/core/wasm-kernels';
import type { Call, KernelConstants, WasmKernel, WasmTarget } from '@dendrite/spec';
import { type Value, wasmModule } from '@dendrite/wasm-assembler';
import {
  acceptsConvolution,
  fromConstants,
  imageBytes,
  imageWork,
  paddedBytes,
  type WasmConvolution,
  wasmConvolution,
  withBorder,
} from '../panels/wasm-geometry.ts';

const geometryOf = ({ inputs: [x, filters], outputs: [y], attributes }: Call): WasmConvolution =>
  wasmConvolution(x?.shape ?? [], filters?.shape ?? [], y?.shape ?? [], attributes);

export const conv2dWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: acceptsConvolution,
  specialize: geometryOf,
  threadScratch: (call) => paddedBytes(geometryOf(call)) + 16,
  phases: [{ entry: 'run', units: ({ inputs: [x] }) => x?.shape[0] ?? 0, work: (call) => imageWork(geometryOf(call)) }],
  emit,
};

function emit(constants: KernelConstants, { relaxed }: WasmTarget): Uint8Array<ArrayBuffer> {
  const g = fromConstants(constants);
  const m = wasmModule();
  m.importMemory('env', 'memory', { initial: 1 });
  const line = 4 * g.paddedWidth * g.channels;
  const row = 4 * g.strideX * g.channels;
  const columns = 4 * g.filters;
  const tiles = productTiles(m, {
    ...{ row, step: 4, segments: g.filterHeight, segment: g.dilationY * line, b: columns, c: columns },
    relaxed,
  });
  const chunks = chunksOf(g.outWidth, tiles.tallest(8));
  const whole = g.filters - (g.filters % 8);
  const length = g.filterWidth * g.channels;
  for (const width of [whole > 0 ? 8 : 0, g.filters % 8])
    for (const height of [chunks.height, chunks.height - 1]) if (width * height > 0) tiles.tile(height, width);
  m.function(
    'run',
    { parameters: { begin: 'i32', end: 'i32', y: 'i32', x: 'i32', filters: 'i32', scratch: 'i32', border: 'i32' } },
    (f, { begin, end, y, x, filters, border }) => {
      f.loop(begin, end, (image) => {
        const from = withBorder(f, g, f.let(x.add(image.mul(imageBytes(g)))), border);
        const to = f.let(y.add(image.mul(g.outHeight * g.outWidth * columns)));
        const panel = (j: Value<'i32'> | number, width: number): void => {
          const at = f.let(typeof j === 'number' ? f.local('i32', 4 * j) : j.shl(2));
          const b = f.let(filters.add(at));
          f.loop(0, g.outHeight, (i) => {
            const a = f.let(from.add(i.mul(g.strideY * line)));
            const c = f.let(to.add(at).add(i.mul(g.outWidth * columns)));
            forEachChunk(f, chunks, (first, height) =>
              f.do(tiles.tile(height, width)({ a: a.add(first.mul(row)), b, c: c.add(first.mul(columns)), length })),
            );
          });
        };
        if (whole > 0) f.loop(0, whole, 8, (j) => panel(j, 8));
        if (whole < g.filters) panel(whole, g.filters - whole);
      });
    },
  );
  return m.toBytes();
}
