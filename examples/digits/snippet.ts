import { tfjs } from '@dendrite/backend-tfjs';
import { lenet5 } from '@dendrite/cnn';
import { init } from '@dendrite/core';
import { mnist } from '@dendrite/datasets';
import { accuracy } from '@dendrite/metrics';
import { classifier } from '@dendrite/nn';

await init({ backends: [tfjs('wasm')] });
const { train, test } = await mnist();
const model = classifier(lenet5({ classes: 10, activation: 'relu' }));
const digits = await model.fit(train, {
  epochs: 1,
  seed: 7,
  onProgress: (e) => console.log(e.done, 'of', e.of, e.metrics),
});
const { top1 } = await digits.evaluate(test, { top1: accuracy });
console.log(`test accuracy: ${(100 * top1).toFixed(2)} %`);
