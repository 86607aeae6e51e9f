/** Optimizers, layers and models through their kits, for one backend; their own packages run them on cpu. */
import { conv2d } from '@dendrite/cnn';
import { type KitCase, layerConformance, modelConformance, optimizerConformance } from '@dendrite/conformance';
import { relu, tanh } from '@dendrite/core';
import { batchNorm, classifier, dense, dropout, flatten, layerNorm, regressor, sequential } from '@dendrite/nn';
import {
  accumulated,
  adaDelta,
  adaGrad,
  adaMax,
  adam,
  adamW,
  averaged,
  grouped,
  lion,
  lossScaled,
  nadam,
  radam,
  rmsProp,
  rprop,
  sgd,
} from '@dendrite/optimizers';
import { fromBytes, toBytes } from '@dendrite/safetensors';
import type { CaseInput, Layer, Optimizer, Tree } from '@dendrite/spec';
import { type BackendName, openRuntime } from '../reference/machine.ts';

const optimizers: Readonly<Record<string, () => Optimizer>> = {
  sgd: () => sgd({ learningRate: 0.05 }),
  'sgd, Nesterov': () => sgd({ learningRate: 0.02, momentum: 0.9, nesterov: true }),
  adaGrad: () => adaGrad({ learningRate: 0.3 }),
  rmsProp: () => rmsProp({ learningRate: 0.02, centered: true }),
  adam: () => adam({ learningRate: 0.05, amsGrad: true }),
  adamW: () => adamW({ learningRate: 0.05 }),
  adaMax: () => adaMax({ learningRate: 0.05 }),
  nadam: () => nadam({ learningRate: 0.05 }),
  radam: () => radam({ learningRate: 0.05 }),
  adaDelta: () => adaDelta({ epsilon: 1e-3 }),
  rprop: () => rprop(),
  lion: () => lion({ learningRate: 0.02, weightDecay: 0.01 }),
  'all wrappers': () =>
    lossScaled(
      averaged(
        accumulated(grouped(adamW({ learningRate: 0.1 }), [{ parameters: { rankAtMost: 1 }, optimizer: sgd() }]), {
          batches: 2,
        }),
        { decay: 0.9 },
      ),
    ),
};

const layers: Readonly<
  Record<string, { readonly make: () => Layer<Tree, Tree>; readonly input: CaseInput; readonly random?: boolean }>
> = {
  dense: { make: () => dense(4), input: { shape: [3, 5] } },
  batchNorm: { make: () => batchNorm(), input: { shape: [4, 3] } },
  layerNorm: { make: () => layerNorm(), input: { shape: [4, 3] } },
  dropout: { make: () => dropout(0.5), input: { shape: [4, 20] }, random: true },
  conv2d: { make: () => conv2d({ filters: 3, size: 3, padding: 'same' }), input: { shape: [2, 5, 5, 2] } },
  sequential: { make: () => sequential(dense(4), relu, flatten, dense(2)), input: { shape: [4, 3] } },
};

/** Cases by what they are of. */
export async function trainingKit(name: BackendName): Promise<Readonly<Record<string, readonly KitCase[]>>> {
  const runtime = await openRuntime(name);
  const kits: Record<string, readonly KitCase[]> = {};
  for (const [of, make] of Object.entries(optimizers)) kits[of] = optimizerConformance(make, { runtime });
  for (const [of, { make, ...kit }] of Object.entries(layers)) kits[of] = layerConformance(make, { runtime, ...kit });

  const optimizer = adam({ learningRate: 0.02 });
  const bytes = { toBytes, fromBytes };
  kits.classifier = modelConformance(
    (classes: number) => classifier(sequential(dense(12), tanh, dense(classes)), { optimizer }),
    { runtime, bytes, fit: { epochs: 12, batchSize: 16 } },
  );
  kits.regressor = modelConformance(() => regressor(sequential(dense(12), tanh, dense(1)), { optimizer }), {
    runtime,
    bytes,
    fit: { epochs: 20, batchSize: 16 },
  });
  return kits;
}
