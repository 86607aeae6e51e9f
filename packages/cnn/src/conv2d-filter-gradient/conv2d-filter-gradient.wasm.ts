/**
 * Filter gradient with SIMD: `dW[u, (v, c), d] += Σ window · dy`, a product for each filter row u whose sums run over all output
 * positions of an image. Rows of the product are neighbours in memory. Images are added in order, one at a time.
 */
import { chunksOf, forEachChunk, productTiles } from '@dendrite/core/wasm-kernels';
import type { Call, KernelConstants, WasmKernel, WasmTarget } from '@dendrite/spec';
import { type Value, wasmModule } from '@dendrite/wasm-assembler';
import {
  acceptsConvolution,
  fromConstants,
  imageBytes,
  paddedBytes,
  type WasmConvolution,
  wasmConvolution,
  withBorder,
} from '../panels/wasm-geometry.ts';

const geometryOf = ({ inputs: [x, dy], outputs: [filters], attributes }: Call): WasmConvolution =>
  wasmConvolution(x?.shape ?? [], filters?.shape ?? [], dy?.shape ?? [], attributes);

export const conv2dFilterGradientWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: acceptsConvolution,
  specialize: geometryOf,
  arguments: ({ inputs: [x] }) => [x?.shape[0] ?? 0],
  scratch: (call) => paddedBytes(geometryOf(call)) + 16,
  phases: [{ entry: 'run', units: () => 1 }],
  emit,
};

function emit(constants: KernelConstants, { relaxed }: WasmTarget): Uint8Array<ArrayBuffer> {
  const g = fromConstants(constants);
  const m = wasmModule();
  m.importMemory('env', 'memory', { initial: 1 });
  const line = 4 * g.paddedWidth * g.channels;
  const columns = 4 * g.filters;
  const tiles = productTiles(m, {
    ...{ row: 4, step: 4 * g.strideX * g.channels, segments: g.outHeight, segment: g.strideY * line },
    ...{ b: columns, c: columns, accumulate: true, relaxed },
  });
  const rows = g.filterWidth * g.channels;
  const chunks = chunksOf(rows, tiles.tallest(8));
  const whole = g.filters - (g.filters % 8);
  for (const width of [whole > 0 ? 8 : 0, g.filters % 8])
    for (const height of [chunks.height, chunks.height - 1]) if (width * height > 0) tiles.tile(height, width);
  m.function(
    'run',
    { parameters: { begin: 'i32', end: 'i32', dw: 'i32', x: 'i32', dy: 'i32', scratch: 'i32', batch: 'i32' } },
    (f, { dw, x, dy, scratch, batch }) => {
      f.memory.fill(dw, 0, g.filterHeight * rows * columns);
      f.loop(0, batch, (image) => {
        const from = withBorder(f, g, f.let(x.add(image.mul(imageBytes(g)))), scratch);
        const gradient = f.let(dy.add(image.mul(g.outHeight * g.outWidth * columns)));
        const panel = (j: Value<'i32'> | number, width: number): void => {
          const at = f.let(typeof j === 'number' ? f.local('i32', 4 * j) : j.shl(2));
          const b = f.let(gradient.add(at));
          f.loop(0, g.filterHeight, (u) => {
            const a = f.let(from.add(u.mul(g.dilationY * line)));
            const c = f.let(dw.add(at).add(u.mul(rows * columns)));
            forEachChunk(f, chunks, (first, height) =>
              f.do(
                tiles.tile(
                  height,
                  width,
                )({ a: a.add(first.shl(2)), b, c: c.add(first.mul(columns)), length: g.outWidth }),
              ),
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
