/** Classifiers and taggers of ragged sequences: the mask that they read besides is made of lengths. */
import { cast, concat, div, expandDims, less, mul, range, softmax, sub } from '@dendrite/core';
import { savedToOnnx } from '@dendrite/nn/onnx';
import type { Json, Tensor } from '@dendrite/spec';
import { bodyLayer } from '../sequence-models/net-body.ts';
import { raggedNet } from '../sequence-models/ragged-net.ts';
import { formFrom } from '../sequence-models/sequence-form.ts';
import type { SavedSequenceModel } from './to-onnx.ts';

export function sequencesToOnnx(
  { saved, config, body }: SavedSequenceModel,
  everyStep: boolean,
): ReturnType<typeof savedToOnnx> {
  const { steps, channels, mean, deviation } = formFrom(config.form);
  const labels = config.labels as readonly Json[];
  const { units, bidirectional } = body;
  return savedToOnnx(
    {
      saved,
      layer: raggedNet(bodyLayer(body), labels.length, { units, directions: bidirectional ? 2 : 1, everyStep }),
      feature: [steps, channels + 1],
      inputs: { x: { shape: ['batch', 'steps', channels] }, lengths: { shape: ['batch'], dtype: 'int32' } },
      metadata: { labels: JSON.stringify(labels) },
    },
    (inputs, network) => {
      const [x, lengths] = [inputs.x as Tensor, inputs.lengths as Tensor];
      const { runtime } = x;
      const row = (values: readonly number[]): Tensor => runtime.tensor(Float32Array.from(values), [channels]);
      const scaled = div(sub(x, row(mean)), row(deviation));
      const counts = less(range(x.shape[1] ?? 0, { runtime }), expandDims(lengths, { axis: 1 }));
      const mask = expandDims(cast(counts, 'float32'), { axis: 2 }); // [B, T, 1]
      return { probabilities: softmax(network(concat([mul(scaled, mask), mask], { axis: 2 })) as Tensor) };
    },
  );
}
