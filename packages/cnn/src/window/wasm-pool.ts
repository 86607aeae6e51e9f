/** The walk over windows that the WASM kernels of pooling share: output places in order, channels four at a time. */
import { isFloat32 } from '@dendrite/core/wasm-kernels';
import type { Attributes, Call, KernelConstants, Shape } from '@dendrite/spec';
import { constant, type FunctionBuilder, select, type Value, wasmModule } from '@dendrite/wasm-assembler';
import { poolGeometry } from './pool-geometry.ts';

type Int = Value<'i32'>;

/** All lengths but the batch's. */
export type WasmPool = Readonly<
  Record<
    | 'height'
    | 'width'
    | 'channels'
    | 'outHeight'
    | 'outWidth'
    | 'sizeY'
    | 'sizeX'
    | 'strideY'
    | 'strideX'
    | 'top'
    | 'left'
    | 'countPadding',
    number
  >
>;

export function wasmPool(x: Shape, y: Shape, attributes: Attributes): WasmPool {
  const { height, width, channels, outHeight, outWidth, size, stride, before } = poolGeometry(x, y, attributes);
  const [[sizeY, sizeX], [strideY, strideX], [top, left]] = [size, stride, before];
  const countPadding = attributes.countPadding === true ? 1 : 0;
  return { height, width, channels, outHeight, outWidth, sizeY, sizeX, strideY, strideX, top, left, countPadding };
}

/** What a kernel writes for four channels of a window. */
export interface WindowVector {
  /** Calls `body` with the address of each element under the window; addresses are of `x` or of anything laid out like it. */
  taps(base: Int, body: (address: Int, offset: number) => void): void;
  /** Address of the window's own element in the output or its cotangent. */
  readonly at: Int;
  /** Channels that there are: fewer than 4 at the end. */
  readonly count: number;
  /** Elements under the window; without padding a number. */
  readonly elements: number | Int;
}

/** A kernel's module: `run(begin, end, out, a, b, scratch)` over images; `body` is written for each vector of a window. */
export function poolModule(
  constants: KernelConstants,
  operands: number,
  image: (f: FunctionBuilder, g: WasmPool, addresses: readonly Int[], each: EachVector, index: Int) => void,
): Uint8Array<ArrayBuffer> {
  const g = Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, Number(value)])) as WasmPool;
  const m = wasmModule();
  m.importMemory('env', 'memory', { initial: 1 });
  const parameters = { begin: 'i32', end: 'i32', first: 'i32', second: 'i32', third: 'i32', scratch: 'i32' } as const;
  m.function('run', { parameters }, (f, { begin, end, first, second, third }) => {
    f.loop(begin, end, (index) => {
      image(f, g, [first, second, third].slice(0, operands), (window, body) => eachVector(f, g, window, body), index);
    });
  });
  return m.toBytes();
}
/** `window`: address of the first element of an image in the layout of the pooled tensor. */
export type EachVector = (window: Int, body: (vector: WindowVector) => void) => void;

/** Vectors of channels that are written out; more are looped over. */
const unrolled = 8;

function eachVector(f: FunctionBuilder, g: WasmPool, pooled: Int, body: (vector: WindowVector) => void): void {
  const pixel = 4 * g.channels;
  const line = pixel * g.width;
  const inside =
    g.top === 0 &&
    g.left === 0 &&
    (g.outHeight - 1) * g.strideY + g.sizeY <= g.height &&
    (g.outWidth - 1) * g.strideX + g.sizeX <= g.width &&
    g.sizeY * g.sizeX <= 16;
  const at = f.let(pooled);
  f.loop(0, g.outHeight, (i) => {
    const top = f.let(i.mul(g.strideY).sub(g.top));
    f.loop(0, g.outWidth, (j) => {
      const left = f.let(j.mul(g.strideX).sub(g.left));
      const first = f.let(top.mul(line).add(left.mul(pixel)));
      const bottom = f.let(smaller(top.add(g.sizeY), g.height));
      const right = f.let(smaller(left.add(g.sizeX), g.width));
      const [upper, start] = [f.let(larger(top, 0)), f.let(larger(left, 0))];
      const channel = (c: Int, count: number): void => {
        const taps: WindowVector['taps'] = (base, tap) => {
          if (inside) {
            const corner = f.let(base.add(first).add(c));
            for (let y = 0; y < g.sizeY; y++) for (let x = 0; x < g.sizeX; x++) tap(corner, y * line + x * pixel);
          } else
            f.loop(upper, bottom, (y) =>
              f.loop(start, right, (x) => tap(f.let(base.add(y.mul(line)).add(x.mul(pixel)).add(c)), 0)),
            );
        };
        const full = g.sizeY * g.sizeX;
        const elements = inside || g.countPadding === 1 ? full : bottom.sub(upper).mul(right.sub(start));
        body({ taps, at: f.let(at.add(c)), count, elements });
      };
      const whole = g.channels - (g.channels % 4);
      if (whole > 4 * unrolled) f.loop(0, 4 * whole, 16, (c) => channel(c, 4));
      else for (let c = 0; c < whole; c += 4) channel(f.local('i32', 4 * c), 4);
      if (whole < g.channels) channel(f.local('i32', 4 * whole), g.channels - whole);
      at.set(at.add(pixel));
    });
  });
}

const smaller = (a: Int, b: number): Int => select(a.lt_s(b), a, constant('i32', b));
const larger = (a: Int, b: number): Int => select(a.gt_s(b), a, constant('i32', b));

export const acceptsPool: (call: Call) => boolean = isFloat32;
/** What the pooling of an image moves: all its tensors. */
export const imageWork = ({ inputs, outputs }: Call): number =>
  [...inputs, ...outputs].reduce((bytes, { shape }) => bytes + 4 * shape.slice(1).reduce((a, b) => a * b, 1), 0);
/** Bytes of an image before and after pooling. */
export const wideBytes = (g: WasmPool): number => 4 * g.height * g.width * g.channels;
export const pooledBytes = (g: WasmPool): number => 4 * g.outHeight * g.outWidth * g.channels;
