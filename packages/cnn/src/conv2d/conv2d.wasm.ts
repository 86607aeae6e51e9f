/** Convolution with SIMD, in one of three forms that the geometry chooses. */
import type { Call, WasmKernel } from '@dendrite/spec';
import { imageKernel } from '../panels/image-kernel.ts';
import { numbersOf } from '../panels/length.ts';
import { imageWork, ofAnySize, sizesOf, type WasmConvolution, wasmConvolution } from '../panels/wasm-geometry.ts';
import { depthwiseConvolution } from './depthwise-convolution.ts';
import { pixelLanes, suitsPixelLanes } from './pixel-lanes.ts';
import { asOneLine, type ConvolutionForm, windowProduct } from './window-product.ts';

const forms = [windowProduct, depthwiseConvolution, pixelLanes] as const;
const formOf = ({ form }: WasmConvolution): ConvolutionForm => forms[form] ?? windowProduct;

function geometryOf({ inputs: [x, filters], outputs: [y], attributes }: Call): WasmConvolution {
  const g = wasmConvolution(x?.shape ?? [], filters?.shape ?? [], y?.shape ?? [], attributes);
  if (g.groups > 1 && g.groups === g.channels && g.groups === g.filters) return { ...g, form: 1 };
  return suitsPixelLanes(g) ? { ...g, form: 2 } : asOneLine(g);
}

export const conv2dWasmKernel: WasmKernel = imageKernel(
  {
    specialize: geometryOf,
    scratch: (call) => formOf(geometryOf(call)).scratch(geometryOf(call)),
    threadScratch: (call) => formOf(geometryOf(call)).threadScratch(geometryOf(call)),
    phases: [
      { entry: 'pack', units: (call) => formOf(geometryOf(call)).packUnits(geometryOf(call)) },
      { entry: 'run', units: ({ inputs: [x] }) => x?.shape[0] ?? 0, work: (call) => imageWork(geometryOf(call)) },
    ],
    emit(constants, target) {
      const g = numbersOf<WasmConvolution>(constants);
      return formOf(g).emit(g, target);
    },
  },
  {
    specialize: (call) => ofAnySize(geometryOf(call), formOf(geometryOf(call)).tilePixels(geometryOf(call))),
    arguments: (call) => sizesOf(geometryOf(call)),
  },
);
