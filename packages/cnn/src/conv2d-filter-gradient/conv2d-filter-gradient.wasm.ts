/**
 * Filter gradient with SIMD, in one of three forms that the geometry chooses. The batch is split into parts by its length alone; a
 * unit of work is a part, whose images are added in order into a copy of the gradient, and then the copies are added in order.
 */
import type { Call, WasmKernel, WasmVariant } from '@dendrite/spec';
import { type FunctionBuilder, f32x4, type Value, v128 } from '@dendrite/wasm-assembler';
import { imageKernel } from '../panels/image-kernel.ts';
import { numbersOf } from '../panels/length.ts';
import {
  imageWork,
  ofAnySize,
  parametersOf,
  sizesOf,
  type WasmConvolution,
  wasmConvolution,
  windowLength,
} from '../panels/wasm-geometry.ts';
import { depthwiseGradient } from './depthwise-gradient.ts';
import { type FilterGradientForm, gradientModule, gradientOperands } from './gradient-module.ts';
import { pixelDots, suitsPixelDots } from './pixel-dots.ts';
import { windowGradient } from './window-gradient.ts';

const forms = [windowGradient, depthwiseGradient, pixelDots] as const;
const formOf = ({ form }: WasmConvolution): FilterGradientForm => forms[form] ?? windowGradient;

function geometryOf({ inputs: [x, dy], outputs: [filters], attributes }: Call): WasmConvolution {
  const g = wasmConvolution(x?.shape ?? [], filters?.shape ?? [], dy?.shape ?? [], attributes);
  if (g.groups > 1 && g.groups === g.channels && g.groups === g.filters) return { ...g, form: 1 };
  return suitsPixelDots(g) ? { ...g, form: 2 } : g;
}

/** Parts at most, and bytes of all their copies. */
const mostParts = 8;
const mostBytes = 2 ** 24;
/** Elements of a unit of the last addition. */
const slice = 1024;

/** Bytes of a part's copy. */
const copyBytes = (g: WasmConvolution): number => 4 * formOf(g).chains * elementsOf(g);
const elementsOf = (g: WasmConvolution): number => windowLength(g) * g.filters;
const batchOf = ({ inputs: [x] }: Call): number => x?.shape[0] ?? 0;
function partsOf(call: Call): number {
  const most = Math.max(1, Math.floor(mostBytes / (copyBytes(geometryOf(call)) + 1)));
  return Math.max(1, Math.min(batchOf(call), mostParts, most));
}

const own: WasmVariant & { readonly arguments: NonNullable<WasmVariant['arguments']> } = {
  specialize: geometryOf,
  arguments: (call) => [batchOf(call), partsOf(call)],
  scratch: (call) => copyBytes(geometryOf(call)) * partsOf(call) + 16,
  threadScratch: (call) => formOf(geometryOf(call)).threadScratch(geometryOf(call)),
  phases: [
    {
      entry: 'run',
      units: partsOf,
      work: (call) => (imageWork(geometryOf(call)) * batchOf(call)) / partsOf(call),
    },
    {
      entry: 'add',
      units: (call) => Math.ceil(elementsOf(geometryOf(call)) / slice),
      work: (call) => 4 * slice * (partsOf(call) + 1),
    },
  ],
  emit(constants, target) {
    const g = numbersOf<WasmConvolution>(constants);
    const m = gradientModule(g, formOf(g), target);
    const elements = elementsOf(g);
    m.function('add', { parameters: parametersOf(g, gradientOperands) }, (f, { begin, end, dw, scratch, parts }) => {
      const last = f.let(end.mul(slice));
      f.if(last.gt_s(elements), () => last.set(elements));
      const sum = (at: Value<'i32'>): Value<'v128'> => addParts(f, scratch.add(at), parts, copyBytes(g));
      if (formOf(g).chains === 4)
        f.loop(begin.mul(slice), last, (element) => {
          const chains = f.let(sum(element.shl(4)));
          const chain = (lane: number): Value<'f32'> => f32x4.extract_lane(chains, lane);
          f.f32.store(
            dw.add(element.shl(2)),
            chain(0)
              .add(chain(2))
              .add(chain(1).add(chain(3))),
          );
        });
      else {
        const whole = f.let(last.and(-4).shl(2));
        f.loop(begin.mul(4 * slice), whole, 16, (at) => f.v128.store(dw.add(at), sum(at)));
        f.loop(whole, last.shl(2), 4, (at) => f.v128.store32_lane(dw.add(at), sum(at), 0));
      }
    });
    return m.toBytes();
  },
};

export const conv2dFilterGradientWasmKernel: WasmKernel = imageKernel(own, {
  specialize: (call) => ofAnySize(geometryOf(call)),
  arguments: (call) => [...own.arguments(call), ...sizesOf(geometryOf(call))],
});

/** Four elements of all parts, added in order. */
function addParts(f: FunctionBuilder, first: Value<'i32'>, parts: Value<'i32'>, step: number): Value<'v128'> {
  const at = f.let(first);
  const total = f.let(v128.load(at));
  f.loop(1, parts, () => {
    at.set(at.add(step));
    total.set(f32x4.add(total, v128.load(at)));
  });
  return total;
}
