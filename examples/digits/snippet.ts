import { tfjs } from '@dendrite/backend-tfjs';
import { lenet5 } from '@dendrite/cnn';
import { init } from '@dendrite/core';
import { mnist } from '@dendrite/datasets';
import { accuracy } from '@dendrite/metrics';
import { classifier } from '@dendrite/nn';

await init({ backends: [tfjs('wasm')] });
const { train, test } = await mnist();
const digits = await classifier(lenet5({ classes: 10 })).fit(train, { epochs: 1, seed: 7, onProgress: console.log });
const { top1 } = await digits.evaluate(test, { top1: accuracy });
console.log(`test accuracy: ${(100 * top1).toFixed(2)} %`);
