/** The walk over windows that the WASM kernels of pooling share: output places in order, four at a time. */
import { storeLanes } from '@dendrite/core/wasm-kernels';
import type { Attributes, Shape } from '@dendrite/spec';
import { constant, type FunctionBuilder, f32, f32x4, i8x16, select, type Value, v128 } from '@dendrite/wasm-assembler';
import { eachFour } from '../panels/channel-vectors.ts';
import { held, type Length, plus, times } from '../panels/length.ts';
import { poolGeometry } from './pool-geometry.ts';

type Int = Value<'i32'>;
type Vector = Value<'v128'>;

/** What images of different sizes differ in. */
const sizeNames = ['height', 'width', 'outHeight', 'outWidth', 'top', 'left'] as const;
type SizeName = (typeof sizeNames)[number];

/** All lengths but the batch's, and what follows from them. */
export type WasmPool = Readonly<
  Record<
    | SizeName
    | 'channels'
    | 'sizeY'
    | 'sizeX'
    | 'strideY'
    | 'strideX'
    | 'countPadding'
    /** 1: no window sees padding, and its elements are few enough to be written out. */
    | 'inside'
    /** 1: every element is under a window. */
    | 'covered'
    /** 1: of images of any size; the sizes are arguments. */
    | 'anySize',
    number
  >
>;

export function wasmPool(x: Shape, y: Shape, attributes: Attributes): WasmPool {
  const { height, width, channels, outHeight, outWidth, size, stride, before } = poolGeometry(x, y, attributes);
  const [[sizeY, sizeX], [strideY, strideX], [top, left]] = [size, stride, before];
  const within =
    top === 0 &&
    left === 0 &&
    (outHeight - 1) * strideY + sizeY <= height &&
    (outWidth - 1) * strideX + sizeX <= width &&
    sizeY * sizeX <= mostListed;
  return {
    ...{ height, width, channels, outHeight, outWidth, sizeY, sizeX, strideY, strideX, top, left },
    countPadding: attributes.countPadding === true ? 1 : 0,
    inside: within ? 1 : 0,
    covered: within && outHeight * sizeY === height && outWidth * sizeX === width ? 1 : 0,
    anySize: 0,
  };
}
/** What images of all sizes share. */
export const ofAnySize = (g: WasmPool): WasmPool => ({
  ...g,
  ...{ height: 0, width: 0, outHeight: 0, outWidth: 0, top: 0, left: 0, covered: 0 },
  anySize: 1,
});
/** The rest: the last arguments. */
export const sizesOf = (g: WasmPool): readonly number[] => sizeNames.map((name) => g[name]);
/** Sizes, baked in or given. */
export type Sizes = Readonly<Record<SizeName, Length>>;
/** Those that a kernel computes with: its own or the last of its parameters. */
export function sizesIn(g: WasmPool, given: readonly Int[]): Sizes {
  if (g.anySize === 0) return g;
  const [height = 0, width = 0, outHeight = 0, outWidth = 0, top = 0, left = 0] = given;
  return { height, width, outHeight, outWidth, top, left };
}

/** One element under a window, for each lane of a vector. */
export interface Tap {
  /** Its value in x, or in whatever is laid out like x; `base`: address of the image there. */
  load(base: Int): Vector;
  store(base: Int, value: Vector): void;
  /** Bytes from `corner` to it. */
  readonly place: Length;
}
/** Four neighbours in a row of the output, each the result of a window of its own. */
export interface WindowVector {
  /** The elements under the windows, in order, where they are written out one by one. */
  readonly listed: readonly Tap[] | undefined;
  /** Calls `body` for each element, or once, within a loop over them. */
  taps(body: (tap: Tap) => void): void;
  /** Bytes from the image to the first element under the window of the first lane, and from there to the first of each lane's. */
  readonly corner: Int;
  readonly lanes: readonly number[];
  /** Address of the vector in the output or its cotangent. */
  readonly at: Int;
  /** Lanes that there are: fewer than 4 at the end. */
  readonly count: number;
  /** Elements under a window; without padding a number. */
  readonly elements: Length;
}

/** Visits the windows of one image. `adds`: to elements under windows, the first of all windows in a vector before the second ones. */
export const walk = (
  f: FunctionBuilder,
  g: WasmPool,
  sizes: Sizes,
  pooled: Int,
  body: (vector: WindowVector) => void,
  adds: boolean,
): void => (isAlongRows(g, adds) ? alongRows(f, g, pooled, body) : alongChannels(f, g, sizes, pooled, body));

/** `pooled`: address of the first element of an image in the layout of the pooled tensor. */
export type EachVector = (pooled: Int, body: (vector: WindowVector) => void) => void;

/** Vectors of a row, and elements of a window, that are written out; more are looped over. */
const unrolled = 8;
const mostListed = 16;

/** Elements of an output row after which vectors meet the channels as before: a multiple of 4 and of the channels. */
const period = ({ channels }: WasmPool): number => (channels % 4 === 0 ? 1 : channels % 2 === 0 ? 2 : 4) * channels;

/**
 * Vectors go along the rows where sizes are known. There several windows may add to an element that they share in another order than
 * along the channels, unless a vector has channels of one window alone; and images of any size must come to the same.
 */
const isAlongRows = (g: WasmPool, adds: boolean): boolean =>
  g.anySize === 0 && g.inside === 1 && period(g) <= 4 * unrolled && (!adds || areApart(g) || g.channels % 4 === 0);

/**
 * Vectors along a row of the output, whatever the channels: a vector's lanes may belong to several windows. What they see lies in runs
 * of neighbours, which are loaded to where their lanes are and put together.
 */
function alongRows(f: FunctionBuilder, g: WasmPool, pooled: Int, body: (vector: WindowVector) => void): void {
  const [pixel, step] = [4 * g.channels, period(g)];
  const row = g.outWidth * g.channels;
  const whole = row - (row % step);
  const at = f.let(pooled);
  const vectors = (first: Int, length: number): void => {
    for (let start = 0; start < length; start += 4) {
      const count = Math.min(4, length - start);
      const runs = runsOf(g, start, count);
      const listed = everyTap(g, g.width * pixel, (offset) => tapOf(f, first, runs, offset));
      body({
        listed,
        taps: (tap) => listed.forEach(tap),
        ...{ corner: first, lanes: lanesOf(runs) },
        at: f.let(at.add(4 * start)),
        count,
        elements: listed.length,
      });
    }
    at.set(at.add(4 * length));
  };
  f.loop(0, g.outHeight, (i) => {
    const first = f.let(i.mul(g.strideY * g.width * pixel));
    if (whole > 0)
      f.loop(0, whole / step, () => {
        vectors(first, step);
        first.set(first.add(step * 4 * g.strideX));
      });
    if (whole < row) vectors(first, row - whole);
  });
}

/** Lanes that are neighbours in x too; `offset`: bytes from the corner of the first window to the first of them. */
interface Run {
  readonly lane: number;
  readonly count: number;
  readonly offset: number;
}
function runsOf({ channels, strideX }: WasmPool, start: number, count: number): Run[] {
  const runs: Run[] = [];
  for (let lane = 0; lane < count; lane++) {
    const window = Math.floor((start + lane) / channels);
    const offset = 4 * (start + lane + window * (strideX - 1) * channels);
    const last = runs.at(-1);
    if (last && last.offset + 4 * last.count === offset) runs[runs.length - 1] = { ...last, count: last.count + 1 };
    else runs.push({ lane, count: 1, offset });
  }
  return runs;
}

const lanesOf = (runs: readonly Run[]): readonly number[] =>
  runs.flatMap(({ count, offset }) => Array.from({ length: count }, (_, i) => offset + 4 * i));

/** `offset`: bytes from a window's corner to the element; `first`: bytes from the image to the corner. */
function tapOf(f: FunctionBuilder, first: Int, runs: readonly Run[], place: Length): Tap {
  const [corner, offset] = typeof place === 'number' ? [first, place] : [first.add(place), 0];
  return {
    load: (base) =>
      runs
        .map((run) => ({ ...run, value: v128.load(base.add(corner), run.offset + offset - 4 * run.lane) }))
        .reduce((left, right) => ({ ...right, value: joined(left.value, right.value, right.lane) })).value,
    store(base, value) {
      for (const { lane, count, offset: start } of runs)
        storeLanes(f, base.add(corner), value, count, start + offset, lane);
    },
    place,
  };
}

/** Lanes of `left`, from `lane` on those of `right`. */
const joined = (left: Vector, right: Vector, lane: number): Vector =>
  i8x16.shuffle(
    left,
    right,
    Array.from({ length: 16 }, (_, byte) => (byte < 4 * lane ? byte : byte + 16)),
  );

/** `tap` is given the bytes from a window's corner to each element under it; rows of the image lie `line` bytes apart. */
function everyTap<T>(g: WasmPool, line: Length, tap: (offset: Length) => T): T[] {
  const taps = Array.from({ length: g.sizeY * g.sizeX }, (_, i) => i);
  return taps.map((i) => tap(plus(times(line, Math.floor(i / g.sizeX)), (i % g.sizeX) * 4 * g.channels)));
}

/** Vectors along the channels of a window. Windows that see padding loop over what else they see. */
function alongChannels(
  f: FunctionBuilder,
  g: WasmPool,
  sizes: Sizes,
  pooled: Int,
  body: (vector: WindowVector) => void,
): void {
  const { height, width } = sizes;
  const pixel = 4 * g.channels;
  const line = held(f, times(width, pixel));
  const full = g.sizeY * g.sizeX;
  const at = f.let(pooled);
  f.loop(0, sizes.outHeight, (i) => {
    const top = f.let(i.mul(g.strideY).sub(sizes.top));
    f.loop(0, sizes.outWidth, (j) => {
      const left = f.let(j.mul(g.strideX).sub(sizes.left));
      const eachRun = (write: (c: Int, runs: readonly Run[]) => Omit<WindowVector, 'at' | 'count' | 'lanes'>): void =>
        eachFour(f, g.channels, (c, count) => {
          const runs = [{ lane: 0, count, offset: 0 }];
          body({ ...write(c, runs), lanes: lanesOf(runs), at: f.let(at.add(c)), count });
        });
      const whole = (): void => {
        const first = f.let(top.mul(line).add(left.mul(pixel)));
        eachRun((c, runs) => {
          const corner = f.let(first.add(c));
          const listed = everyTap(g, line, (offset) => tapOf(f, corner, runs, offset));
          return { listed, taps: (tap) => listed.forEach(tap), corner, elements: full };
        });
      };
      const cut = (): void => {
        const bottom = f.let(smaller(top.add(g.sizeY), height));
        const right = f.let(smaller(left.add(g.sizeX), width));
        const [upper, start] = [f.let(larger(top, 0)), f.let(larger(left, 0))];
        const first = f.let(upper.mul(line).add(start.mul(pixel)));
        const taps = (corner: Int, runs: readonly Run[]) => (tap: (tap: Tap) => void) => {
          const row = f.let(corner);
          f.loop(upper, bottom, () => {
            const element = f.let(row);
            f.loop(start, right, () => {
              tap({ ...tapOf(f, element, runs, 0), place: element.sub(corner) });
              element.set(element.add(pixel));
            });
            row.set(row.add(line));
          });
        };
        const elements = g.countPadding === 1 ? full : bottom.sub(upper).mul(right.sub(start));
        eachRun((c, runs) => {
          const corner = f.let(first.add(c));
          return { listed: undefined, taps: taps(corner, runs), corner, elements };
        });
      };
      const within = (start: Int, size: number, length: Length): Int => start.ge_s(0).and(start.add(size).le_s(length));
      if (g.inside === 1) whole();
      else if (full > mostListed) cut();
      else f.if(within(top, g.sizeY, height).and(within(left, g.sizeX, width)), whole, cut);
      at.set(at.add(pixel));
    });
  });
}

const smaller = (a: Int, b: Length): Int => select(a.lt_s(b), a, typeof b === 'number' ? constant('i32', b) : b);
const larger = (a: Int, b: number): Int => select(a.gt_s(b), a, constant('i32', b));

/** A vector divided by how many elements there are. */
export function shared(f: FunctionBuilder, value: Vector, elements: Length): Vector {
  if (typeof elements !== 'number') return f32x4.div(value, f32x4.splat(f32.convert_i32_s(elements)));
  // One over a power of two is exact, and multiplying is quicker.
  return Number.isInteger(Math.log2(elements))
    ? f32x4.mul(value, f.hoist(f32x4.splat(1 / elements)))
    : f32x4.div(value, f.hoist(f32x4.splat(elements)));
}

/** Whether no element is under two windows, so that a gradient is stored where it would be added. */
export const areApart = (g: WasmPool): boolean => g.strideY >= g.sizeY && g.strideX >= g.sizeX;
/** Zeros where no window writes. */
export function clearRest(f: FunctionBuilder, g: WasmPool, image: Int, wideBytes: Length): void {
  if (!(areApart(g) && g.covered === 1)) f.memory.fill(image, 0, wideBytes);
}
