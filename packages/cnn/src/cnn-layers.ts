/** This package's layers by name, for models that are loaded from a file. */
import { activationFrom, type FactoryTable, initializerFrom } from '@dendrite/nn';
import type { Json } from '@dendrite/spec';
import { globalAvgPool2d, globalMaxPool2d } from './global-pool2d/global-pool2d.ts';
import { type Conv2dOptions, conv2d } from './layer/conv2d-layer.ts';
import { avgPool2d, maxPool2d } from './layer/pool2d-layer.ts';

type Fields = Readonly<Record<string, Json>>;

/** Pass it where a model is loaded: `load(bytes, { with: [nnLayers, cnnLayers] })`. */
export const cnnLayers: FactoryTable = Object.freeze({
  'cnn/conv2d': (config: Json) => {
    const { initializer, activation, ...rest } = config as Fields;
    const called = activationFrom(activation);
    return conv2d({
      ...(rest as Fields & Conv2dOptions),
      initializer: initializerFrom(initializer),
      ...(called && { activation: called }),
    });
  },
  'cnn/max-pool2d': (config: Json) => maxPool2d(config as Fields & Parameters<typeof maxPool2d>[0]),
  'cnn/avg-pool2d': (config: Json) => avgPool2d(config as Fields & Parameters<typeof avgPool2d>[0]),
  'function/globalAvgPool2d': () => globalAvgPool2d,
  'function/globalMaxPool2d': () => globalMaxPool2d,
});
