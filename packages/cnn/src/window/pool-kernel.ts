/** The kernel that pooling and its gradients share: images one by one, with what is done at each window left to its author. */
import { kernelModule } from '@dendrite/core/wasm-kernels';
import type { Call, KernelConstants, Shape, WasmKernel, WasmVariant } from '@dendrite/spec';
import type { FunctionBuilder, Value } from '@dendrite/wasm-assembler';
import { imageKernel } from '../panels/image-kernel.ts';
import { times } from '../panels/wasm-geometry.ts';
import { type EachVector, isRow, type Lengths, ofAnyLength, type WasmPool, walk, wasmPool } from './wasm-pool.ts';

type Int = Value<'i32'>;

/** How a tensor is laid out: as the images are, or as what comes of their pooling. */
type Layout = 'wide' | 'pooled';
/** Writes what is done with an image; `places`: its addresses in the operands, `wideBytes`: its size before pooling. */
type Image = (
  f: FunctionBuilder,
  g: WasmPool,
  places: readonly Int[],
  rest: { readonly eachVector: EachVector; readonly wideBytes: Int | number; readonly relaxed: boolean },
) => void;

/**
 * A kernel of pooling. A unit of work is an image.
 * @param layouts  of the output and the inputs
 */
export function poolKernel(layouts: readonly [Layout, Layout, Layout?], image: Image): WasmKernel {
  const geometryOf = ({ inputs, outputs: [output], attributes }: Call): WasmPool => {
    const shapes = [output, ...inputs].map((spec) => spec?.shape ?? []);
    const shapeOf = (layout: Layout): Shape => shapes[layouts.indexOf(layout)] ?? [];
    return wasmPool(shapeOf('wide'), shapeOf('pooled'), attributes);
  };
  const own: WasmVariant = {
    specialize: geometryOf,
    phases: [{ entry: 'run', units: ({ inputs: [x] }) => x?.shape[0] ?? 0, work: imageWork }],
    emit: (constants, { relaxed }) => poolModule(constants, layouts, image, relaxed),
  };
  return imageKernel(own, {
    takes: (call) => isRow(geometryOf(call)),
    specialize: (call) => ofAnyLength(geometryOf(call)),
    arguments: (call) => [geometryOf(call).width, geometryOf(call).outWidth],
  });
}

/** A kernel's module: `run(begin, end, …operands, scratch, width, outWidth)` over images; the last two where any length is taken. */
function poolModule(
  constants: KernelConstants,
  layouts: readonly unknown[],
  image: Image,
  relaxed: boolean,
): Uint8Array<ArrayBuffer> {
  const g = Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, Number(value)])) as WasmPool;
  const operands = layouts.filter((layout) => layout !== undefined).length;
  const m = kernelModule();
  const parameters = { begin: 'i32', end: 'i32', a: 'i32', b: 'i32', c: 'i32', d: 'i32', e: 'i32', h: 'i32' } as const;
  m.function('run', { parameters }, (f, { begin, end, a, b, c, d, e, h }) => {
    const given = [a, b, c, d, e, h];
    const [width = a, outWidth = a] = given.slice(operands + 1);
    const lengths: Lengths = g.anyLength === 1 ? { width, outWidth } : g;
    const bytes = {
      wide: times(lengths.width, 4 * g.height * g.channels),
      pooled: times(lengths.outWidth, 4 * g.outHeight * g.channels),
    };
    f.loop(begin, end, (index) => {
      const places = given.slice(0, operands).map((address, i) => {
        const each = layouts[i] === 'wide' ? bytes.wide : bytes.pooled;
        return f.let(address.add(index.mul(each)));
      });
      image(f, g, places, {
        eachVector: (pooled, body) => walk(f, g, pooled, body, lengths),
        wideBytes: bytes.wide,
        relaxed,
      });
    });
  });
  return m.toBytes();
}

/** What the pooling of an image moves: all its tensors. */
const imageWork = ({ inputs, outputs }: Call): number =>
  [...inputs, ...outputs].reduce((bytes, { shape }) => bytes + 4 * shape.slice(1).reduce((a, b) => a * b, 1), 0);
