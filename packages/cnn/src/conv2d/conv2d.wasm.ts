/** Convolution with SIMD, in one of three forms that the geometry chooses. */
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
import { depthwiseConvolution } from './depthwise-convolution.ts';
import { pixelLanes, suitsPixelLanes } from './pixel-lanes.ts';
import { type ConvolutionForm, windowProduct } from './window-product.ts';

const geometryOf = ({ inputs: [x, filters], outputs: [y], attributes }: Call): WasmConvolution =>
  wasmConvolution(x?.shape ?? [], filters?.shape ?? [], y?.shape ?? [], attributes);

function formOf(g: WasmConvolution): ConvolutionForm {
  if (g.groups > 1 && g.groups === g.channels && g.groups === g.filters) return depthwiseConvolution;
  return suitsPixelLanes(g) ? pixelLanes : windowProduct;
}

const own: WasmVariant = {
  specialize: geometryOf,
  scratch: (call) => formOf(geometryOf(call)).scratch(geometryOf(call)),
  threadScratch: (call) => formOf(geometryOf(call)).threadScratch(geometryOf(call)),
  phases: [
    { entry: 'pack', units: (call) => formOf(geometryOf(call)).packUnits(geometryOf(call)) },
    { entry: 'run', units: ({ inputs: [x] }) => x?.shape[0] ?? 0, work: (call) => imageWork(geometryOf(call)) },
  ],
  emit(constants, target) {
    const g = fromConstants(constants);
    return formOf(g).emit(g, target);
  },
};

export const conv2dWasmKernel: WasmKernel = imageKernel(own, {
  takes(call) {
    const g = geometryOf(call);
    return isRow(g) && formOf(g) === windowProduct;
  },
  specialize: (call) => ofAnyLength(geometryOf(call)),
  arguments: (call) => lengthsOf(geometryOf(call)),
});
