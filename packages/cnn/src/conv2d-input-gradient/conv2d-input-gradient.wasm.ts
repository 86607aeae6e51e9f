/** Input gradient with SIMD, in one of three forms that the geometry chooses. A unit of work is an image. */
import type { Call, WasmKernel } from '@dendrite/spec';
import { imageKernel } from '../panels/image-kernel.ts';
import { numbersOf } from '../panels/length.ts';
import { imageWork, ofAnySize, sizesOf, type WasmConvolution, wasmConvolution } from '../panels/wasm-geometry.ts';
import { depthwiseSpread } from './depthwise-spread.ts';
import { reversed, reversedConvolution, suitsReversed } from './reversed-convolution.ts';
import { type InputGradientForm, windowSpread } from './window-spread.ts';

const forms = [windowSpread, depthwiseSpread, reversedConvolution] as const;
const formOf = ({ form }: WasmConvolution): InputGradientForm => forms[form] ?? windowSpread;

function geometryOf({ inputs: [dy, filters], outputs: [x], attributes }: Call): WasmConvolution {
  const g = wasmConvolution(x?.shape ?? [], filters?.shape ?? [], dy?.shape ?? [], attributes);
  if (g.groups > 1 && g.groups === g.channels && g.groups === g.filters) return { ...g, form: 1 };
  return suitsReversed(g) ? { ...g, form: 2 } : g;
}
/** What runs: a convolution of cotangents is one in which sizes change their places. */
function runOf(call: Call): WasmConvolution {
  const g = geometryOf(call);
  return formOf(g) === reversedConvolution ? reversed(g) : g;
}

export const conv2dInputGradientWasmKernel: WasmKernel = imageKernel(
  {
    specialize: geometryOf,
    scratch: (call) => formOf(geometryOf(call)).scratch(geometryOf(call)),
    threadScratch: (call) => formOf(geometryOf(call)).threadScratch(geometryOf(call)),
    phases: [
      { entry: 'turn', units: (call) => formOf(geometryOf(call)).turnUnits(geometryOf(call)) },
      { entry: 'run', units: ({ inputs: [dy] }) => dy?.shape[0] ?? 0, work: (call) => imageWork(geometryOf(call)) },
    ],
    emit(constants, target) {
      const g = numbersOf<WasmConvolution>(constants);
      return formOf(g).emit(g, target);
    },
  },
  {
    specialize: (call) => ofAnySize(runOf(call), formOf(geometryOf(call)).tilePixels(geometryOf(call))),
    arguments: (call) => sizesOf(runOf(call)),
  },
);
