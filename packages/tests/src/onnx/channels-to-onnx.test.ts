/** A network that PyTorch trained, with a mean and a deviation for each channel, as an ONNX model. */
import { classifier, dense, flatten, sequential } from '@dendrite/nn';
import { toOnnx } from '@dendrite/nn/onnx';
import { fittedFromTorch } from '@dendrite/nn/torch';
import { test } from 'vitest';
import { answered, close, given } from './onnxruntime.fixture.ts';

test('inputs are scaled channel by channel', async () => {
  const values = (shape: readonly number[], size: number) =>
    ({ dtype: 'float32', shape, data: Float32Array.from({ length: size }, (_, i) => Math.sin(i + 1)) }) as const;
  const stateDict = { '1.weight': values([2, 12], 24), '1.bias': values([2], 2) };
  const scaling = { mean: [1, 2, 3], deviation: [1, 2, 3] };
  const layer = sequential(flatten, dense(2));
  const options = { example: [2, 2, 3], labels: ['a', 'b'], scaling } as const;
  const fitted = await fittedFromTorch(classifier(layer), stateDict, options);
  const data = Float32Array.from({ length: 24 }, (_, i) => (i * 7) % 5);
  const expected = await fitted.predictProbabilities({ data, shape: [2, 2, 2, 3] });
  const { probabilities } = await answered(await toOnnx(await fitted.save()), { x: given(data, [2, 2, 2, 3]) });
  close(probabilities?.data, expected.data);
  fitted.dispose();
});
