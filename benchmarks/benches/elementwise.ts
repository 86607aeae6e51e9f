// Everything that is not a product or a convolution, on a million floats: ns an element, ours on one backend beside PyTorch and
// tfjs's WASM backend. A row says what each side runs; the file is long because it is one table.
import * as d from '@dendrite/core';
import { batchNorm, layerNorm, softmaxCrossEntropy } from '@dendrite/nn';
import { adam, sgd } from '@dendrite/optimizers';
import { hostKey, normals } from '@dendrite/random';
import type { Key, Layer, Optimizer, Runtime, Tensor, Tree } from '@dendrite/spec';
import type * as Tfjs from '@tensorflow/tfjs-core';
import type { BenchOptions } from '../harness/bench.ts';
import type { Result } from '../harness/result.ts';
import { type Contest, contests, sizeOf } from './contests.ts';

const side = 1024;
const channels = 64;
const million = side * side;

interface Inputs {
  readonly runtime: Runtime;
  readonly key: Key;
  /** `[1024, 1024]` */
  readonly x: Tensor;
  readonly y: Tensor;
  readonly row: Tensor;
  readonly column: Tensor;
  /** `[16384, 64]` */
  readonly images: Tensor;
  readonly labels: Tensor;
  readonly rows: Tensor;
  /** A permutation of a million places. */
  readonly places: Tensor;
  readonly update: Readonly<Record<'adam' | 'sgd', () => void>>;
  norm(kind: 'layer' | 'batch', gradient: boolean): () => unknown;
}
type TfInputs = Readonly<Record<'x' | 'y' | 'row' | 'column', Tfjs.Tensor2D>> & {
  readonly rows: Tfjs.Tensor1D;
  readonly update: () => void;
};
type Tf = typeof Tfjs;

interface OnInputs {
  readonly name: string;
  readonly ours: (i: Inputs) => unknown;
  /** Python, evaluated by peers/python/torch_expressions.py. */
  readonly torch: string;
  readonly tfjs?: (tf: Tf, i: TfInputs) => unknown;
  /** At least so many times PyTorch's speed; tfjs's is always the bar for tfjs. */
  readonly bar?: number;
}

/** Within 1.5, 2, 3 times PyTorch's time. */
const [near, norms, far] = [0.667, 0.5, 0.333];
const gradientOf = (f: (x: Tensor) => Tensor) => (i: Inputs) =>
  d.valueAndGrad((x: Tensor) => d.sum(d.mul(f(x), i.y)))(i.x);

const contestsOnInputs: readonly OnInputs[] = [
  { name: 'relu', ours: (i) => d.relu(i.x), torch: 'F.relu(x)', tfjs: (tf, i) => tf.relu(i.x), bar: near },
  { name: 'exp', ours: (i) => d.exp(i.x), torch: 'torch.exp(x)', tfjs: (tf, i) => tf.exp(i.x), bar: near },
  { name: 'tanh', ours: (i) => d.tanh(i.x), torch: 'torch.tanh(x)', tfjs: (tf, i) => tf.tanh(i.x), bar: near },
  {
    name: 'sigmoid',
    ours: (i) => d.sigmoid(i.x),
    torch: 'torch.sigmoid(x)',
    tfjs: (tf, i) => tf.sigmoid(i.x),
    bar: far,
  },
  {
    name: 'log of |x|',
    ours: (i) => d.log(d.abs(i.x)),
    torch: 'torch.log(torch.abs(x))',
    tfjs: (tf, i) => tf.log(tf.abs(i.x)),
  },
  { name: 'gelu', ours: (i) => d.gelu(i.x), torch: 'F.gelu(x)' },
  { name: 'silu', ours: (i) => d.silu(i.x), torch: 'F.silu(x)' },
  { name: 'add', ours: (i) => d.add(i.x, i.y), torch: 'x + y', tfjs: (tf, i) => tf.add(i.x, i.y) },
  { name: 'add a row', ours: (i) => d.add(i.x, i.row), torch: 'x + row', tfjs: (tf, i) => tf.add(i.x, i.row) },
  {
    name: 'mul by a column',
    ours: (i) => d.mul(i.x, i.column),
    torch: 'x * column',
    tfjs: (tf, i) => tf.mul(i.x, i.column),
  },
  { name: 'tanh and its gradient', ours: gradientOf(d.tanh), torch: 'backward((torch.tanh(leaf) * y).sum())' },
  {
    name: 'softmax',
    ours: (i) => d.softmax(i.x),
    torch: 'torch.softmax(x, -1)',
    tfjs: (tf, i) => tf.softmax(i.x),
    bar: far,
  },
  {
    name: 'log-softmax',
    ours: (i) => d.logSoftmax(i.x),
    torch: 'torch.log_softmax(x, -1)',
    tfjs: (tf, i) => tf.logSoftmax(i.x),
    bar: far,
  },
  {
    name: 'softmax and its gradient',
    ours: gradientOf((x) => d.softmax(x)),
    torch: 'backward((torch.softmax(leaf, -1) * y).sum())',
    bar: far,
  },
  {
    name: 'cross-entropy and its gradient',
    ours: (i) => d.valueAndGrad((x: Tensor) => softmaxCrossEntropy(x, i.labels))(i.x),
    torch: 'backward(F.cross_entropy(leaf, labels))',
    bar: far,
  },
  {
    name: 'layer norm',
    ours: (i) => i.norm('layer', false)(),
    torch: 'F.layer_norm(x, [side], wide_scale, wide_offset)',
    bar: norms,
  },
  {
    name: 'layer norm and its gradients',
    ours: (i) => i.norm('layer', true)(),
    torch: 'backward((F.layer_norm(leaf, [side], wide_scale, wide_offset) * y).sum())',
    bar: norms,
  },
  {
    name: 'batch norm, 64 channels',
    ours: (i) => i.norm('batch', false)(),
    torch: 'F.batch_norm(images, None, None, scale, offset, True)',
    bar: norms,
  },
  {
    name: 'batch norm and its gradients',
    ours: (i) => i.norm('batch', true)(),
    torch: 'backward((F.batch_norm(leaf_images, None, None, scale, offset, True) * images).sum())',
    bar: norms,
  },
  { name: 'Adam', ours: (i) => i.update.adam(), torch: 'adam.step()', tfjs: (_, i) => i.update(), bar: near },
  { name: 'SGD with momentum', ours: (i) => i.update.sgd(), torch: 'sgd.step()' },
  { name: 'sum of all', ours: (i) => d.sum(i.x), torch: 'x.sum()', tfjs: (tf, i) => tf.sum(i.x) },
  { name: 'sum of rows', ours: (i) => d.sum(i.x, { axes: 1 }), torch: 'x.sum(1)', tfjs: (tf, i) => tf.sum(i.x, 1) },
  { name: 'sum of columns', ours: (i) => d.sum(i.x, { axes: 0 }), torch: 'x.sum(0)', tfjs: (tf, i) => tf.sum(i.x, 0) },
  { name: 'max of rows', ours: (i) => d.max(i.x, { axes: 1 }), torch: 'x.amax(1)', tfjs: (tf, i) => tf.max(i.x, 1) },
  { name: 'argMax of rows', ours: (i) => d.argMax(i.x), torch: 'x.argmax(1)', tfjs: (tf, i) => tf.argMax(i.x, 1) },
  {
    name: 'running sum of rows',
    ours: (i) => d.cumulativeSum(i.x),
    torch: 'x.cumsum(1)',
    tfjs: (tf, i) => tf.cumsum(i.x, 1),
  },
  {
    name: 'gather rows',
    ours: (i) => d.gather(i.x, i.rows),
    torch: 'x[rows]',
    tfjs: (tf, i) => tf.gather(i.x, i.rows),
  },
  {
    name: 'scatter-add rows',
    ours: (i) => d.scatterAdd(i.x, i.rows, { length: side }),
    torch: 'torch.zeros(side, side).index_add_(0, rows, x)',
  },
  {
    name: 'scatter-add single floats',
    ours: (i) => d.scatterAdd(d.reshape(i.x, [million]), i.places, { length: million }),
    torch: 'torch.zeros(side * side).index_add_(0, places, flat)',
  },
  { name: 'sort rows', ours: (i) => d.sort(i.x), torch: 'x.sort(1)' },
  {
    name: 'one-hot, 1024 classes',
    ours: (i) => d.oneHot(i.rows, { classes: side }),
    torch: 'F.one_hot(rows, side).float()',
    tfjs: (tf, i) => tf.oneHot(i.rows, side),
  },
  { name: 'transpose', ours: (i) => d.transpose(i.x), torch: 'x.t().contiguous()', tfjs: (tf, i) => tf.transpose(i.x) },
  {
    name: 'slice of columns',
    ours: (i) => d.slice(i.x, { begin: [0, 1], size: [-1, side - 1] }),
    torch: 'x[:, 1:].contiguous()',
    tfjs: (tf, i) => tf.slice(i.x, [0, 1], [side, side - 1]),
  },
  {
    name: 'pad',
    ours: (i) => d.pad(i.x, { before: [1, 1], after: [1, 1] }),
    torch: 'F.pad(x, [1, 1, 1, 1])',
    tfjs: (tf, i) => tf.pad(i.x, [[1, 1], [1, 1]]), // biome-ignore format: as it is read
  },
  {
    name: 'concat of columns',
    ours: (i) => d.concat([i.x, i.y], { axis: 1 }),
    torch: 'torch.cat([x, y], 1)',
    tfjs: (tf, i) => tf.concat([i.x, i.y], 1),
  },
  {
    name: 'uniform',
    ours: (i) => d.uniform(i.key, [million]),
    torch: 'torch.rand(side * side)',
    tfjs: (tf) => tf.randomUniform([million]),
  },
  {
    name: 'normal',
    ours: (i) => d.normal(i.key, [million]),
    torch: 'torch.randn(side * side)',
    tfjs: (tf) => tf.randomNormal([million]),
  },
  {
    name: 'dropout',
    ours: (i) => d.where(d.bernoulli(i.key, [side, side], { probability: 0.5 }), d.mul(i.x, 2), 0),
    torch: 'F.dropout(x, 0.5)',
  },
];

export async function elementwise(options: BenchOptions): Promise<Result> {
  let ours: Inputs | undefined;
  let theirs: TfInputs | undefined;
  const table = contestsOnInputs.map(({ name, ours: run, torch: code, tfjs, bar }): Contest => {
    return {
      ...{ name, torch: { code }, bar },
      ours(runtime) {
        ours ??= inputsOn(runtime);
        const inputs = ours;
        return () => run(inputs);
      },
      tfjs:
        tfjs &&
        ((tf) => {
          theirs ??= tfInputsOn(tf);
          const inputs = theirs;
          return () => tfjs(tf, inputs);
        }),
    };
  });
  return contests({ bench: 'elementwise', unit: 'ns an element', perMs: 1e6 / million }, table, options);
}

const host = (label: string, size: number): Float32Array => Float32Array.from(normals(hostKey(1).fork(label), size));
const strided = (size: number, by: number): Int32Array => Int32Array.from({ length: size }, (_, i) => (i * by) % size);

function inputsOn(runtime: Runtime): Inputs {
  const values = (label: string, ...shape: number[]): Tensor => runtime.tensor(host(label, sizeOf(shape)), shape);
  const x = values('x', side, side);
  const y = values('y', side, side);
  const images = values('images', million / channels, channels);
  const key = runtime.key(7);
  const layers: Readonly<Record<'layer' | 'batch', readonly [Layer<Tree, Tree>, Tensor, Tensor]>> = {
    layer: [layerNorm(), x, y],
    batch: [batchNorm(), images, images],
  };
  return {
    ...{ runtime, key, x, y, images },
    row: values('row', side),
    column: values('column', side, 1),
    labels: runtime.tensor(strided(side, 1)),
    rows: runtime.tensor(strided(side, 7)),
    places: runtime.tensor(strided(million, 7919)),
    update: { adam: updater(runtime, adam()), sgd: updater(runtime, sgd({ momentum: 0.9 })) },
    norm(kind, gradient) {
      const [layer, input, weights] = layers[kind];
      const { params, state } = layer.init(key, input.shape);
      const apply = (params: Tree, x: Tensor): Tensor => layer.apply({ params, state }, x, { training: true, key })[0];
      if (!gradient) return () => apply(params, input);
      const both = d.valueAndGrad((p: { readonly params: Tree; readonly x: Tensor }) =>
        d.sum(d.mul(apply(p.params, p.x), weights)),
      );
      return () => both({ params, x: input });
    },
  };
}

/** A million parameters, updated over and over by one gradient. */
function updater(runtime: Runtime, optimizer: Optimizer): () => void {
  let params: Tree = { w: runtime.tensor(host('weights', million)) };
  const gradients = { w: runtime.tensor(host('gradients', million).map((value) => value / 100)) };
  let state = runtime.keep(optimizer.init(params));
  let step = 0;
  return () => {
    const scalars = d.stepScalars(runtime, optimizer.scalars(++step, optimizer.learningRate));
    const next = runtime.keep(optimizer.update(params, gradients, state, scalars));
    params = next.params;
    state = next.state;
  };
}

function tfInputsOn(tf: Tf): TfInputs {
  const values = (label: string, ...shape: number[]): Tfjs.Tensor2D =>
    tf.tensor(host(label, sizeOf(shape)), shape as [number, number]);
  const weight = tf.variable(tf.tensor(host('weights', million)));
  const gradient = tf.tensor(host('gradients', million));
  const optimizer = tf.train.adam();
  return {
    x: values('x', side, side),
    y: values('y', side, side),
    row: values('row', side),
    column: values('column', side, 1),
    rows: tf.tensor1d(strided(side, 7), 'int32'),
    update: () => optimizer.applyGradients([{ name: weight.name, tensor: gradient }]),
  };
}
