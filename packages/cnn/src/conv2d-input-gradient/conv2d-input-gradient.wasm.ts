/**
 * Input gradient with SIMD: for each output row `dwindow[j, (u, v, c)] = Σ_d dy[j, d] · filterᵀ[d, (u, v, c)]`, then each filter
 * row's part, one run of memory, is added where its window lay. No work on zeros, whatever the stride. A unit is an image.
 */
import { chunksOf, forEachChunk, productTiles, storeLanes, transposeMatrix } from '@dendrite/core/wasm-kernels';
import type { Call, KernelConstants, WasmKernel, WasmTarget } from '@dendrite/spec';
import { type FunctionBuilder, f32x4, type Value, v128, wasmModule } from '@dendrite/wasm-assembler';
import {
  acceptsConvolution,
  fromConstants,
  imageBytes,
  imageWork,
  isPadded,
  paddedBytes,
  type WasmConvolution,
  wasmConvolution,
  withoutBorder,
} from '../panels/wasm-geometry.ts';

type Int = Value<'i32'>;

const geometryOf = ({ inputs: [dy, filters], outputs: [x], attributes }: Call): WasmConvolution =>
  wasmConvolution(x?.shape ?? [], filters?.shape ?? [], dy?.shape ?? [], attributes);
const windowOf = (g: WasmConvolution): number => g.filterHeight * g.filterWidth * g.channels;

/** What each thread has: one output row's windows, one image with its border. */
function ownScratch(g: WasmConvolution): { readonly image: number; readonly bytes: number } {
  const image = Math.ceil((4 * windowOf(g) * g.outWidth + 16) / 16) * 16;
  return { image, bytes: image + paddedBytes(g) + 16 };
}

export const conv2dInputGradientWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: acceptsConvolution,
  specialize: geometryOf,
  scratch(call) {
    const g = geometryOf(call);
    return 4 * windowOf(g) * g.filters + 16;
  },
  threadScratch: (call) => ownScratch(geometryOf(call)).bytes,
  phases: [
    { entry: 'turn', units: () => 1 },
    { entry: 'run', units: ({ inputs: [dy] }) => dy?.shape[0] ?? 0, work: (call) => imageWork(geometryOf(call)) },
  ],
  emit,
};

const operands = { dx: 'i32', dy: 'i32', filters: 'i32', scratch: 'i32', windows: 'i32' } as const;
const parameters = { begin: 'i32', end: 'i32', ...operands } as const;

function emit(constants: KernelConstants, { relaxed }: WasmTarget): Uint8Array<ArrayBuffer> {
  const g = fromConstants(constants);
  const m = wasmModule();
  m.importMemory('env', 'memory', { initial: 1 });
  const size = windowOf(g);
  const tiles = productTiles(m, { row: 4 * g.filters, step: 4, b: 4 * size, c: 4 * size, relaxed });
  const chunks = chunksOf(g.outWidth, tiles.tallest(8));
  const whole = size - (size % 8);
  for (const width of [whole > 0 ? 8 : 0, size % 8])
    for (const height of [chunks.height, chunks.height - 1]) if (width * height > 0) tiles.tile(height, width);

  m.function('turn', { parameters }, (f, { filters, scratch }) => {
    const [rows, columns] = [f.local('i32', size), f.local('i32', g.filters)];
    transposeMatrix(f, { to: scratch, from: filters, rows, columns });
  });
  m.function('run', { parameters }, (f, { begin, end, dx, dy, scratch, windows }) => {
    const border = f.let(windows.add(ownScratch(g).image));
    const line = 4 * g.paddedWidth * g.channels;
    f.loop(begin, end, (image) => {
      const plain = f.let(dx.add(image.mul(imageBytes(g))));
      const to = isPadded(g) ? border : plain;
      f.memory.fill(to, 0, paddedBytes(g));
      const gradient = f.let(dy.add(image.mul(4 * g.outHeight * g.outWidth * g.filters)));
      f.loop(0, g.outHeight, (i) => {
        const from = f.let(gradient.add(i.mul(4 * g.outWidth * g.filters)));
        const panel = (j: Int | number, width: number): void => {
          const at = f.let(typeof j === 'number' ? f.local('i32', 4 * j) : j.shl(2));
          const [b, c] = [f.let(scratch.add(at)), f.let(windows.add(at))];
          forEachChunk(f, chunks, (first, height) =>
            f.do(
              tiles.tile(
                height,
                width,
              )({ a: from.add(first.mul(4 * g.filters)), b, c: c.add(first.mul(4 * size)), length: g.filters }),
            ),
          );
        };
        if (whole > 0) f.loop(0, whole, 8, (j) => panel(j, 8));
        if (whole < size) panel(whole, size - whole);
        const top = f.let(to.add(i.mul(g.strideY * line)));
        f.loop(0, g.outWidth, (j) => {
          const part = f.let(windows.add(j.mul(4 * size)));
          const target = f.let(top.add(j.mul(4 * g.strideX * g.channels)));
          f.loop(0, g.filterHeight, () => {
            addRun(f, target, part, g.filterWidth * g.channels);
            part.set(part.add(4 * g.filterWidth * g.channels));
            target.set(target.add(g.dilationY * line));
          });
        });
      });
      withoutBorder(f, g, plain, border);
    });
  });
  return m.toBytes();
}

/** Vectors that are written out; longer runs loop over so many. */
const unrolled = 16;

/** `to[…] += from[…]`, `length` elements. */
function addRun(f: FunctionBuilder, to: Int, from: Int, length: number): void {
  const add = (toAt: Int, fromAt: Int, offset: number, count: number): void => {
    const sum = f32x4.add(v128.load(toAt, offset), v128.load(fromAt, offset));
    storeLanes(f, toAt, count === 4 ? sum : f.let(sum), count, offset);
  };
  const looped = length <= 4 * unrolled ? 0 : length - (length % (4 * unrolled));
  if (looped > 0)
    f.loop(0, 4 * looped, 16 * unrolled, (at) => {
      const [toAt, fromAt] = [f.let(to.add(at)), f.let(from.add(at))];
      for (let v = 0; v < unrolled; v++) add(toAt, fromAt, 16 * v, 4);
    });
  for (let e = looped; e < length; e += 4) add(to, from, 4 * e, Math.min(4, length - e));
}
