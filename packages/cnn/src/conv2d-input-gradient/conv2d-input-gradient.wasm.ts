/** Input gradient with SIMD, in one of three forms that the geometry chooses. A unit of work is an image. */
import type { Call, WasmKernel, WasmVariant } from '@dendrite/spec';
import { imageKernel } from '../panels/image-kernel.ts';
import {
  fromConstants,
  imageWork,
  isRow,
  lengthsOf,
  ofAnyLength,
  type WasmConvolution,
  wasmConvolution,
} from '../panels/wasm-geometry.ts';
import { depthwiseSpread } from './depthwise-spread.ts';
import { reversed, reversedConvolution, suitsReversed } from './reversed-convolution.ts';
import { type InputGradientForm, windowSpread } from './window-spread.ts';

const geometryOf = ({ inputs: [dy, filters], outputs: [x], attributes }: Call): WasmConvolution =>
  wasmConvolution(x?.shape ?? [], filters?.shape ?? [], dy?.shape ?? [], attributes);
function formOf(g: WasmConvolution): InputGradientForm {
  if (g.groups > 1 && g.groups === g.channels && g.groups === g.filters) return depthwiseSpread;
  return suitsReversed(g) ? reversedConvolution : windowSpread;
}

const own: WasmVariant = {
  specialize: geometryOf,
  scratch: (call) => formOf(geometryOf(call)).scratch(geometryOf(call)),
  threadScratch: (call) => formOf(geometryOf(call)).threadScratch(geometryOf(call)),
  phases: [
    { entry: 'turn', units: (call) => formOf(geometryOf(call)).turnUnits(geometryOf(call)) },
    { entry: 'run', units: ({ inputs: [dy] }) => dy?.shape[0] ?? 0, work: (call) => imageWork(geometryOf(call)) },
  ],
  emit(constants, target) {
    const g = fromConstants(constants);
    return formOf(g).emit(g, target);
  },
};

export const conv2dInputGradientWasmKernel: WasmKernel = imageKernel(own, {
  takes(call) {
    const g = geometryOf(call);
    return isRow(g) && formOf(g) !== depthwiseSpread;
  },
  // The length has chosen the form.
  specialize(call) {
    const g = geometryOf(call);
    return { ...ofAnyLength(g), reversed: suitsReversed(g) };
  },
  arguments(call) {
    const g = geometryOf(call);
    return lengthsOf(suitsReversed(g) ? reversed(g) : g);
  },
  emit: (constants, target) =>
    (constants.reversed === true ? reversedConvolution : windowSpread).emit(fromConstants(constants), target),
});
