/** A forecaster: windows in the units of the series, and so are its forecasts. */
import { add, div, mul, sub } from '@dendrite/core';
import { dense, sequential } from '@dendrite/nn';
import { savedToOnnx } from '@dendrite/nn/onnx';
import type { Tensor } from '@dendrite/spec';
import { scaleFrom } from '../forecaster/series-scale.ts';
import { bodyLayer } from '../sequence-models/net-body.ts';
import type { SavedSequenceModel } from './to-onnx.ts';

export function forecasterToOnnx({ saved, config, body }: SavedSequenceModel): ReturnType<typeof savedToOnnx> {
  const { channels, mean, deviation } = scaleFrom(config.scale);
  const [window, target] = [Number(config.window), Number(config.target)];
  return savedToOnnx(
    {
      saved,
      layer: sequential(bodyLayer(body, { output: 'last' }), dense(Number(config.horizon))),
      feature: [window, channels],
      inputs: { x: { shape: ['batch', window, channels] } },
    },
    ({ x }, network) => {
      const given = x as Tensor;
      const row = (values: readonly number[]): Tensor => given.runtime.tensor(Float32Array.from(values), [channels]);
      const y = network(div(sub(given, row(mean)), row(deviation))) as Tensor;
      return { forecast: add(mul(y, deviation[target] ?? 1), mean[target] ?? 0) };
    },
  );
}
