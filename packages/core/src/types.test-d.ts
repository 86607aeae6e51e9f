/** What must not compile, and what must: shapes are gradual, results keep their types. Checked by tsc, never run. */
import type { Runtime, Shape, Tensor, TreeOf } from '@dendrite/spec';
import {
  add,
  createRuntime,
  customGradient,
  expandDims,
  grad,
  layer,
  matmul,
  mean,
  mul,
  normal,
  ones,
  type reshape,
  scope,
  softmax,
  sum,
  type tanh,
  uniform,
  valueAndGrad,
  where,
  zeros,
} from './index.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

export function shapes(runtime: Runtime, unknown: Tensor): void {
  const a = runtime.tensor([], [64, 784]);
  const w = runtime.tensor([], [784, 10]);
  holds<Equal<typeof a, Tensor<readonly [64, 784]>>>();
  const y = matmul(a, w);
  holds<Equal<typeof y, Tensor<readonly [64, 10]>>>();
  holds<Equal<ReturnType<typeof reshape<readonly [2, 3]>>, Tensor<readonly [2, 3]>>>();
  // What is not known passes, and is judged at run time.
  matmul(unknown, w);
  matmul(a, unknown);
  const same: Tensor<readonly [64, 784]> = unknown;
  const wide: Tensor = same;
  // Element-wise functions keep the shape.
  holds<Equal<ReturnType<typeof tanh<readonly [64, 10]>>, Tensor<readonly [64, 10]>>>();
  const z: Tensor<readonly [64, 10]> = add(y, y);
  add(y, 1);
  // @ts-expect-error inner dimensions 784 and 783
  matmul(runtime.tensor([], [64, 784]), runtime.tensor([], [783, 10]));
  // @ts-expect-error rank 3 where rank 2 is asked
  const flat: Tensor<readonly [64, 784]> = runtime.tensor([], [64, 784, 1]);
  // @ts-expect-error known and wrong
  const wrong: Tensor<readonly [64, 783]> = a;
  // @ts-expect-error a shape is numbers
  zeros(['3']);
  // @ts-expect-error float16 is reserved
  zeros([3], { dtype: 'float16' });
  const made: readonly Tensor<readonly [2, 3]>[] = [zeros([2, 3]), ones([2, 3]), uniform(runtime.key(1), [2, 3])];
  const drawn: Tensor<readonly [5]> = normal(runtime.key(1), [5]);
  void [wide, z, flat, wrong, made, drawn];
}

export function operands(x: Tensor): void {
  // @ts-expect-error at least one operand is a tensor
  add(1, 2);
  // @ts-expect-error not a text
  mul(x, '2');
  // @ts-expect-error an array is no tensor
  sum([1, 2]);
  // @ts-expect-error misspelt option
  sum(x, { axis: 0 });
  // @ts-expect-error the axis is needed
  expandDims(x, {});
  // @ts-expect-error undefined is not an axis (exactOptionalPropertyTypes)
  softmax(x, { axis: undefined });
  // @ts-expect-error a condition is a tensor
  where(true, x, x);
  mean(x, { axes: [0, 1], keepDims: true });
}

export function synchronous(runtime: Runtime, x: Tensor): void {
  // @ts-expect-error scopes are synchronous
  runtime.scope(async () => runtime.tensor([1], [1]));
  // @ts-expect-error scopes are synchronous
  scope(async () => x);
  // @ts-expect-error a differentiated function is synchronous
  grad(async (p: Tensor) => sum(p));
  const kept: { readonly a: Tensor } = scope(() => ({ a: x }));
  // @ts-expect-error reading back is asynchronous
  const data: Float32Array = x.data();
  void [kept, data];
}

export async function reading(x: Tensor): Promise<void> {
  const floats: Float32Array = await x.data();
  const doubles: Float64Array = await x.data('float64');
  const bytes: Uint8Array = await x.data('bool');
  // @ts-expect-error int32 gives an Int32Array
  const wrong: Float32Array = await x.data('int32');
  void [floats, doubles, bytes, wrong];
}

export function gradients(x: Tensor): void {
  interface Params {
    readonly [name: string]: Tensor | { readonly bias: Tensor };
    readonly weight: Tensor;
    readonly inner: { readonly bias: Tensor };
  }
  const params = { weight: x, layers: [{ bias: x }] };
  const made = grad((p: typeof params) => sum(mul(p.weight, p.layers[0]?.bias ?? x)))(params);
  const weight: Tensor = made.weight;
  // @ts-expect-error gradients have the parameters' names
  made.weights;
  const {
    value,
    gradients: each,
    aux,
  } = valueAndGrad((p: Params) => ({ loss: sum(p.weight), aux: 3 as const }))({
    weight: x,
    inner: { bias: x },
  });
  const three: 3 = aux;
  const bias: Tensor = each.inner.bias;
  // @ts-expect-error without aux there is none
  valueAndGrad((p: Tensor) => sum(p))(x).aux;
  // @ts-expect-error the loss is a tensor
  grad((_: Tensor) => 3);
  // @ts-expect-error the first argument is a tree of tensors
  grad((n: number) => sum(mul(x, n)));
  // @ts-expect-error the other arguments are as declared
  grad((p: Tensor, k: number) => sum(mul(p, k)))(x, 'k');
  const backward = (dy: Tensor): Tensor => dy;
  // @ts-expect-error backward gives a list
  customGradient((a) => a, backward);
  void [weight, value, three, bias];
}

const scaled = layer({
  name: '@acme/scale',
  config: null,
  init: (key, input) => ({ params: { factor: key.runtime.tensor([1], []) }, output: input }),
  apply: ({ factor }, x) => mul(x, factor),
});
// @ts-expect-error params have the layer's own names
scaled.apply({ params: { scale: zeros([]) }, state: {} }, zeros([]), {
  training: false,
  key: (await createRuntime()).key(1),
});

holds<Equal<TreeOf<{ readonly a: Tensor<Shape> }, number>, { readonly a: number }>>();
