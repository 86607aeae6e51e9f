/** The kernel that pooling and its gradients share: images one by one, with what is done at each window left to its author. */
import { integers, kernelModule, numbered, numberedNames } from '@dendrite/core/wasm-kernels';
import type { Call, Shape, WasmKernel, WasmVariant } from '@dendrite/spec';
import type { FunctionBuilder, Value } from '@dendrite/wasm-assembler';
import { imageKernel } from '../panels/image-kernel.ts';
import { type Length, numbersOf, times } from '../panels/length.ts';
import { type EachVector, ofAnySize, sizesIn, sizesOf, type WasmPool, walk, wasmPool } from './wasm-pool.ts';

type Int = Value<'i32'>;

/** How a tensor is laid out: as the images are, or as what comes of their pooling. */
type Layout = 'wide' | 'pooled';
/** Writes what is done with an image; `places`: its addresses in the operands, `wideBytes`: its size before pooling. */
type Image = (
  f: FunctionBuilder,
  g: WasmPool,
  places: readonly Int[],
  rest: { readonly eachVector: EachVector; readonly wideBytes: Length; readonly relaxed: boolean },
) => void;

/**
 * A kernel of pooling. A unit of work is an image.
 * @param layouts  of the output and the inputs
 * @param adds  of several windows in a vector, the first elements of all are added to before the second ones
 */
export function poolKernel(layouts: readonly [Layout, Layout, Layout?], image: Image, adds = false): WasmKernel {
  const geometryOf = ({ inputs, outputs: [output], attributes }: Call): WasmPool => {
    const shapes = [output, ...inputs].map((spec) => spec?.shape ?? []);
    const shapeOf = (layout: Layout): Shape => shapes[layouts.indexOf(layout)] ?? [];
    return wasmPool(shapeOf('wide'), shapeOf('pooled'), attributes);
  };
  const own: WasmVariant = {
    specialize: geometryOf,
    phases: [{ entry: 'run', units: ({ inputs: [x] }) => x?.shape[0] ?? 0, work: imageWork }],
    emit: (constants, { relaxed }) => poolModule(numbersOf(constants), { layouts, image, adds, relaxed }),
  };
  return imageKernel(own, {
    specialize: (call) => ofAnySize(geometryOf(call)),
    arguments: (call) => sizesOf(geometryOf(call)),
  });
}

/** A kernel's module: `run(begin, end, …operands, scratch, …sizes)` over images; the sizes where any is taken. */
function poolModule(
  g: WasmPool,
  {
    layouts,
    image,
    adds,
    relaxed,
  }: {
    readonly layouts: readonly unknown[];
    readonly image: Image;
    readonly adds: boolean;
    readonly relaxed: boolean;
  },
): Uint8Array<ArrayBuffer> {
  const operands = layouts.filter((layout) => layout !== undefined).length;
  const m = kernelModule();
  const count = operands + 1 + (g.anySize === 1 ? 6 : 0);
  const parameters = { ...integers(['begin', 'end']), ...integers(numberedNames('given', count)) };
  m.function('run', { parameters }, (f, { begin, end, ...rest }) => {
    const given = numbered(rest, 'given', count);
    const sizes = sizesIn(g, given.slice(operands + 1));
    const bytes = {
      wide: times(times(sizes.height, sizes.width), 4 * g.channels),
      pooled: times(times(sizes.outHeight, sizes.outWidth), 4 * g.channels),
    };
    f.loop(begin, end, (index) => {
      const places = given.slice(0, operands).map((address, i) => {
        const each = layouts[i] === 'wide' ? bytes.wide : bytes.pooled;
        return f.let(address.add(index.mul(each)));
      });
      image(f, g, places, {
        eachVector: (pooled, body) => walk(f, g, sizes, pooled, body, adds),
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
