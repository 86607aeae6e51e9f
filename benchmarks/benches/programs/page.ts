// What a page needs that trains LeNet-5 on WASM, progress and saving included: what `bundle` weighs.
import { wasm } from '@dendrite/backend-wasm';
import { lenet5 } from '@dendrite/cnn';
import { init } from '@dendrite/core';
import { toBytes } from '@dendrite/model';
import { classifier } from '@dendrite/nn';

export async function train(pixels: Float32Array, labels: string[], tell: (text: string) => void): Promise<Uint8Array> {
  await init({ backends: [wasm()], kernels: 'as needed' });
  const model = classifier(lenet5({ classes: 10 }));
  const shape = [labels.length, 28, 28, 1];
  const onProgress = ({ metrics }: { readonly metrics: object }): void => tell(JSON.stringify(metrics));
  const fitted = await model.fit({ x: { data: pixels, shape }, y: labels }, { epochs: 3, onProgress });
  return toBytes(await fitted.save());
}
