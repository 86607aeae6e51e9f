/** LeNet-5 step by step on a runtime: the losses, and the bits of the weights at the end. */
import { lenet5 } from '@dendrite/cnn';
import { leaves, stepScalars, valueAndGrad } from '@dendrite/core';
import { softmaxCrossEntropy } from '@dendrite/nn';
import { adam } from '@dendrite/optimizers';
import { hostKey, uniforms } from '@dendrite/random';
import type { Runtime, Tensor, Tree, TreeOf } from '@dendrite/spec';

export interface Digits {
  /** `[rows, 28, 28, 1]`, 0 to 1. */
  readonly pixels: Float32Array;
  readonly labels: Int32Array;
}

/** Ten blurred shapes under noise: enough to learn, and made from a seed. */
export function drawnDigits(rows: number): Digits {
  const pixels = new Float32Array(rows * 784);
  const labels = new Int32Array(rows);
  const noise = uniforms(hostKey(3).fork('noise'), rows * 784);
  for (let row = 0; row < rows; row++) {
    const label = row % 10;
    labels[row] = label;
    const angle = (label * Math.PI) / 5;
    for (let i = 0; i < 784; i++) {
      const [y, x] = [Math.floor(i / 28) - 13.5, (i % 28) - 13.5];
      const along = x * Math.cos(angle) + y * Math.sin(angle);
      const across = -x * Math.sin(angle) + y * Math.cos(angle);
      const stroke = Math.exp(-(across * across) / 6 - ((along - 4) * (along - 4)) / 40);
      pixels[row * 784 + i] = Math.fround(0.8 * stroke + 0.2 * (noise[row * 784 + i] ?? 0));
    }
  }
  return { pixels, labels };
}

export interface Course {
  readonly losses: readonly number[];
  /** Path → values. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

export async function lenetCourse(
  runtime: Runtime,
  digits: Digits,
  { steps, batch, seed = 1 }: { readonly steps: number; readonly batch: number; readonly seed?: number },
): Promise<Course> {
  const net = lenet5({ classes: 10 });
  const optimizer = adam({ learningRate: 2e-3 });
  const key = runtime.key(seed);
  const { state: layerState, params: first } = net.init(key, [batch, 28, 28, 1]);
  let params: Tree = first;
  let state: Tree = optimizer.init(params);
  const count = digits.labels.length;
  const losses: Tensor[] = [];
  for (let step = 1; step <= steps; step++) {
    const at = ((step - 1) * batch) % (count - batch + 1);
    const next = runtime.scope(() => {
      const x = runtime.tensor(digits.pixels.subarray(at * 784, (at + batch) * 784), [batch, 28, 28, 1]);
      const y = runtime.tensor(digits.labels.subarray(at, at + batch), [batch]);
      const { value, gradients } = valueAndGrad((p: Tree) => {
        const [logits] = net.apply({ params: p as typeof first, state: layerState }, x, { training: true, key });
        return softmaxCrossEntropy(logits, y);
      })(params);
      const scalars = stepScalars(runtime, optimizer.scalars(step, optimizer.learningRate));
      return { value, ...optimizer.update(params, gradients as TreeOf<Tree, Tensor>, state as never, scalars) };
    });
    losses.push(next.value);
    params = next.params;
    state = next.state;
  }
  const weights = new Map<string, Float32Array>();
  for (const { path, tensor } of leaves(params)) weights.set(path, await tensor.data());
  const numbers: number[] = [];
  for (const loss of losses) numbers.push(await loss.item());
  for (const { tensor } of [...leaves(params), ...leaves(state), ...leaves(layerState)]) tensor.dispose();
  for (const loss of losses) loss.dispose();
  return { losses: numbers, weights };
}
