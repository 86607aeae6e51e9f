/** What must and must not compile: checked by `tsc` with the package, nothing is run. */
import { relu, tanh } from '@dendrite/core';
import type { Key, Layer, Runtime, SavedModel, Tensor, Tree } from '@dendrite/spec';
import { batchNorm, classifier, dense, dropout, flatten, layer, network, regressor, sequential } from '../index.ts';

declare const key: Key;
declare const runtime: Runtime;
declare const saved: SavedModel;
declare const x: Tensor;
declare const attend: Layer<
  Readonly<Record<never, never>>,
  Readonly<Record<never, never>>,
  { readonly query: Tensor; readonly memory: Tensor }
>;
type Species = 'setosa' | 'versicolor';
declare const rows: number[][];
declare const species: Species[];

/** Parameters and state have the names and places of their layers. */
export function known(): void {
  const net = sequential(dense(3), tanh, batchNorm(), dropout(0.5));
  const { params, state } = net.init(key, [1, 4]);
  const weight: Tensor = params[0].weight;
  const running: Tensor = state[2].mean;
  const nested = network({ stem: dense(3), head: sequential(dense(2), relu) }, ({ stem, head }, x, { training }) =>
    head(training ? relu(stem(x)) : stem(x)),
  );
  const deep: Tensor = nested.init(key, [1, 4]).params.head[0].weight;
  const [y, next]: readonly [Tensor, Tree] = nested.apply(nested.init(key, [1, 4]), x, { training: true, key });
  const own = layer({
    name: '@acme/own',
    config: null,
    init: (_, input) => ({ params: { factor: x }, output: input }),
    apply: ({ factor }) => factor,
  });
  const factor: Tensor = sequential(own, flatten).init(key, [1]).params[0].factor;
  void [weight, running, deep, y, next, factor];
}

/** Each of these lines must be an error. */
export async function refused(): Promise<void> {
  // @ts-expect-error no such layer in this network
  network({ stem: dense(3) }, ({ stam }, x) => stam(x));
  // @ts-expect-error params have the layer's own names
  sequential(dense(3), tanh).init(key, [1, 4]).params[0].filters;
  // @ts-expect-error tanh has no parameters
  sequential(dense(3), tanh).init(key, [1, 4]).params[1].weight;
  // @ts-expect-error this layer takes two tensors, dense gives one
  sequential(dense(3), attend);
  // @ts-expect-error a layer without bias has none
  dense(3, { bias: false }).init(key, [1, 4]).params.bias;
  const custom = sequential(dense(3));
  // @ts-expect-error apply returns the next state too
  const bare: Tensor = custom.apply(custom.init(key, [1, 4]), x, { training: true, key });
  // @ts-expect-error an unfitted model cannot predict
  classifier(dense(3)).predict(rows);
  // @ts-expect-error misspelt option
  classifier(dense(3)).fit({ x: rows, y: species }, { epoch: 3 });
  // @ts-expect-error undefined is not an epoch count
  classifier(dense(3)).fit({ x: rows, y: species }, { epochs: undefined });
  // @ts-expect-error a run is not a promise
  classifier(dense(3)).run({ x: rows, y: species }).then;
  // @ts-expect-error misspelt option of the model
  classifier(dense(3), { optimiser: undefined });
  // @ts-expect-error a classifier takes one tensor
  classifier(attend);
  const net = await classifier(dense(3)).fit({ x: rows, y: species });
  const found: readonly Species[] = await net.predict(rows);
  const params: Tree = net.params;
  // @ts-expect-error 'rose' is not a species
  const wrong: readonly 'rose'[] = await net.predict(rows);
  // @ts-expect-error a net has no out-of-bag score
  net.outOfBag;
  // @ts-expect-error a flat array needs its shape
  net.predict(new Float32Array(4));
  const price = await regressor(dense(1)).fit({ x: rows, y: [1, 2] });
  const prices: readonly number[] = await price.predict(rows);
  // @ts-expect-error a regressor has no probabilities
  price.predictProbabilities;
  // @ts-expect-error scopes are synchronous
  runtime.scope(async () => x);
  const restored = await classifier(dense(3)).restore(saved, { labels: ['setosa', 'versicolor'] });
  const again: readonly Species[] = await restored.predict(rows);
  void [bare, found, params, wrong, prices, again];
}
