/**
 * The common form: for each output row `dwindow[j, (u, v, c)] = Σ_d dy[j, d] · filterᵀ[d, (u, v, c)]`, then each filter row's part,
 * one run of memory (one for each tap, with groups or dilation), is added where its window lay. No work on zeros, whatever the
 * stride: the taps are those that exist.
 */
import { kernelModule, productTiles, storeLanes, transposeMatrix } from '@dendrite/core/wasm-kernels';
import type { WasmTarget } from '@dendrite/spec';
import { type FunctionBuilder, f32x4, type Value, v128 } from '@dendrite/wasm-assembler';
import { held, times } from '../panels/length.ts';
import {
  eachTile,
  groupIn,
  groupOut,
  imageBytes,
  isPadded,
  outputBytes,
  paddedBytes,
  parametersOf,
  room,
  sizesIn,
  tileHeights,
  type WasmConvolution,
  windowLength,
  windowRuns,
  withoutBorder,
} from '../panels/wasm-geometry.ts';

type Int = Value<'i32'>;

/** One way to send a cotangent back: entries `turn` and `run` take `inputGradientOperands`; a unit of `run` is an image. */
export interface InputGradientForm {
  scratch(g: WasmConvolution): number;
  threadScratch(g: WasmConvolution): number;
  turnUnits(g: WasmConvolution): number;
  /** Pixels of a line that a tile takes at most. */
  tilePixels(g: WasmConvolution): number;
  emit(g: WasmConvolution, target: WasmTarget): Uint8Array<ArrayBuffer>;
}
export const inputGradientOperands = ['begin', 'end', 'dx', 'dy', 'filters', 'scratch', 'own'] as const;

export const windowSpread: InputGradientForm = {
  scratch: (g) => 4 * windowLength(g) * g.filters + 16,
  // One output row's windows, one image with its border.
  threadScratch: (g) => room(g.outWidth, 4 * windowLength(g)) + paddedBytes(g) + 16,
  turnUnits: (g) => g.groups,
  tilePixels: (g) => (windowLength(g) <= 4 ? 8 : 6),
  emit(g, { relaxed }) {
    const m = kernelModule();
    const size = windowLength(g);
    const turnedBytes = 4 * size * groupOut(g);
    const { length, runs } = windowRuns(g);
    const tiles = productTiles(m, { row: 4 * g.filters, step: 4, b: 4 * size, c: 4 * size, relaxed });
    const widths = [size >= 8 ? 8 : 0, size % 8].filter((width) => width > 0);
    for (const width of widths) for (const height of tileHeights(g, tiles.tallest(width))) tiles.tile(height, width);

    const parameters = parametersOf(g, inputGradientOperands);
    m.function('turn', { parameters }, (f, { begin, end, filters, scratch }) => {
      f.loop(begin, end, (group) => {
        const sizes = { rows: f.local('i32', size), columns: f.local('i32', groupOut(g)) };
        const from = f.let(filters.add(group.mul(4 * groupOut(g))));
        const to = f.let(scratch.add(group.mul(turnedBytes)));
        transposeMatrix(f, { to, from, ...sizes, fromStep: 4 * g.filters });
      });
    });
    m.function('run', { parameters }, (f, { begin, end, dx, dy, scratch, own, ...given }) => {
      const sizes = sizesIn(g, given);
      const line = held(f, times(sizes.paddedWidth, 4 * g.channels));
      const border = f.let(own.add(room(sizes.outWidth, 4 * size)));
      const lineBytes = times(sizes.outWidth, 4 * g.filters);
      f.loop(begin, end, (image) => {
        const plain = f.let(dx.add(image.mul(imageBytes(g, sizes))));
        const to = isPadded(g) ? border : plain;
        f.memory.fill(to, 0, paddedBytes(g, sizes));
        const gradient = f.let(dy.add(image.mul(outputBytes(g, sizes))));
        const rowOfGroup = (i: Int, group: Int): void => {
          const from = f.let(gradient.add(i.mul(lineBytes)).add(group.mul(4 * groupOut(g))));
          const turned = f.let(scratch.add(group.mul(turnedBytes)));
          const panel = (j: Int, width: number): void => {
            const [b, c] = [f.let(turned.add(j.shl(5))), f.let(own.add(j.shl(5)))];
            eachTile(f, g, sizes.outWidth, tiles.tallest(width), (first, height) => {
              const at = { a: from.add(first.mul(4 * g.filters)), b, c: c.add(first.mul(4 * size)) };
              f.do(tiles.tile(height, width)({ ...at, length: groupOut(g) }));
            });
          };
          const whole = (size - (size % 8)) / 8;
          if (whole > 0) f.loop(0, whole, (j) => panel(j, 8));
          if (size % 8 > 0) panel(f.local('i32', whole), size % 8);
          const top = f.let(to.add(i.mul(times(line, g.strideY))).add(group.mul(4 * groupIn(g))));
          f.loop(0, sizes.outWidth, (j) => {
            const part = f.let(own.add(j.mul(4 * size)));
            const target = f.let(top.add(j.mul(4 * g.strideX * g.channels)));
            f.loop(0, g.filterHeight, () => {
              for (const [tap, run] of runs.entries())
                addRun(f, { to: target, from: part, length, toOffset: run, fromOffset: 4 * tap * length });
              part.set(part.add(4 * g.filterWidth * groupIn(g)));
              target.set(target.add(times(line, g.dilationY)));
            });
          });
        };
        f.loop(0, sizes.outHeight, (i) => f.loop(0, g.groups, (group) => rowOfGroup(i, group)));
        withoutBorder(f, g, sizes, plain, border);
      });
    });
    return m.toBytes();
  },
};

/** Vectors that are written out; longer runs loop over so many. */
const unrolled = 16;

/** `to[…] += from[…]`, `length` elements. */
function addRun(
  f: FunctionBuilder,
  at: {
    readonly to: Int;
    readonly from: Int;
    readonly length: number;
    readonly toOffset: number;
    readonly fromOffset: number;
  },
): void {
  const { to, from, length, toOffset, fromOffset } = at;
  const add = (toAt: Int, fromAt: Int, offset: number, count: number): void => {
    const sum = f32x4.add(v128.load(toAt, toOffset + offset), v128.load(fromAt, fromOffset + offset));
    storeLanes(f, toAt, count === 4 ? sum : f.let(sum), count, toOffset + offset);
  };
  const looped = length <= 4 * unrolled ? 0 : length - (length % (4 * unrolled));
  if (looped > 0)
    f.loop(0, 4 * looped, 16 * unrolled, (i) => {
      const [toAt, fromAt] = [f.let(to.add(i)), f.let(from.add(i))];
      for (let v = 0; v < unrolled; v++) add(toAt, fromAt, 16 * v, 4);
    });
  for (let e = looped; e < length; e += 4) add(to, from, 4 * e, Math.min(4, length - e));
}
