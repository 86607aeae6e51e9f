/** This package's layers by name, for models that are loaded from a file. */
import { activationFrom, type FactoryTable, initializerFrom } from '@dendrite/nn';
import type { Json } from '@dendrite/spec';
import { globalAvgPool2d, globalMaxPool2d } from './global-pool2d/global-pool2d.ts';
import {
  type ConvTranspose1dOptions,
  type ConvTranspose2dOptions,
  convTranspose1d,
  convTranspose2d,
} from './layer/conv-transpose-layers.ts';
import { type Conv1dOptions, conv1d } from './layer/conv1d-layer.ts';
import { type Conv2dOptions, conv2d } from './layer/conv2d-layer.ts';
import { type Conv3dOptions, conv3d } from './layer/conv3d-layer.ts';
import type { FilterOptions } from './layer/convolution-layer.ts';
import { type DepthwiseConv2dOptions, depthwiseConv2d } from './layer/depthwise-conv2d-layer.ts';
import {
  adaptiveAvgPool2d,
  adaptiveMaxPool2d,
  avgPool1d,
  avgPool3d,
  maxPool1d,
  maxPool3d,
  resize2d,
} from './layer/plain-layers.ts';
import { avgPool2d, maxPool2d } from './layer/pool2d-layer.ts';
import { type SeparableConv2dOptions, separableConv2d } from './layer/separable-conv2d-layer.ts';
import { type LocalResponseNormOptions, localResponseNorm } from './local-response-norm/local-response-norm.ts';
import type { AvgPool1dOptions, Pool1dOptions } from './pool1d/pool1d.ts';
import type { AvgPool3dOptions, Pool3dOptions } from './pool3d/pool3d.ts';
import type { Resize2dOptions } from './resize2d/resize2d.ts';
import type { Pair } from './window/padding.ts';

type Fields = Readonly<Record<string, Json>>;

/** The options of a layer with filters. */
function filtering<O extends FilterOptions>(config: Json): O {
  const { initializer, activation, ...rest } = config as Fields;
  const called = activationFrom(activation);
  return { ...(rest as Fields & O), initializer: initializerFrom(initializer), ...(called && { activation: called }) };
}

/** Pass it where a model is loaded: `load(bytes, { with: [nnLayers, cnnLayers] })`. */
export const cnnLayers: FactoryTable = Object.freeze({
  'cnn/conv2d': (config: Json) => conv2d(filtering<Conv2dOptions>(config)),
  'cnn/conv1d': (config: Json) => conv1d(filtering<Conv1dOptions>(config)),
  'cnn/conv3d': (config: Json) => conv3d(filtering<Conv3dOptions>(config)),
  'cnn/conv-transpose2d': (config: Json) => convTranspose2d(filtering<ConvTranspose2dOptions>(config)),
  'cnn/conv-transpose1d': (config: Json) => convTranspose1d(filtering<ConvTranspose1dOptions>(config)),
  'cnn/depthwise-conv2d': (config: Json) => depthwiseConv2d(filtering<DepthwiseConv2dOptions>(config)),
  'cnn/separable-conv2d': (config: Json) => separableConv2d(filtering<SeparableConv2dOptions>(config)),
  'cnn/local-response-norm': (config: Json) => localResponseNorm(config as Fields & LocalResponseNormOptions),
  'cnn/max-pool1d': (config: Json) => maxPool1d(config as Fields & Pool1dOptions),
  'cnn/avg-pool1d': (config: Json) => avgPool1d(config as Fields & AvgPool1dOptions),
  'cnn/max-pool3d': (config: Json) => maxPool3d(config as Fields & Pool3dOptions),
  'cnn/avg-pool3d': (config: Json) => avgPool3d(config as Fields & AvgPool3dOptions),
  'cnn/adaptive-avg-pool2d': (config: Json) => adaptiveAvgPool2d((config as Fields & { readonly size: Pair }).size),
  'cnn/adaptive-max-pool2d': (config: Json) => adaptiveMaxPool2d((config as Fields & { readonly size: Pair }).size),
  'cnn/resize2d': (config: Json) => resize2d(config as Fields & Resize2dOptions),
  'cnn/max-pool2d': (config: Json) => maxPool2d(config as Fields & Parameters<typeof maxPool2d>[0]),
  'cnn/avg-pool2d': (config: Json) => avgPool2d(config as Fields & Parameters<typeof avgPool2d>[0]),
  'function/globalAvgPool2d': () => globalAvgPool2d,
  'function/globalMaxPool2d': () => globalMaxPool2d,
});
