/** Going back through a function of one input writes over what came back, where nobody else holds it. */
import { wasm } from '@dendrite/backend-wasm';
import { cpu, createRuntime, grad, mul, relu, sum, tanh } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';

const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i));

async function gradients(backend: ReturnType<typeof wasm>, f: (x: Tensor) => Tensor): Promise<readonly number[][]> {
  const runtime = await createRuntime({ backends: [backend], fallback: false });
  const x = runtime.tensor(values, [1000]);
  const before = runtime.live();
  const first = grad((t: Tensor) => sum(f(t)))(x);
  const second = grad((t: Tensor) => sum(mul(grad((u: Tensor) => sum(f(u)))(t), t)))(x);
  const found = [[...(await first.data())], [...(await second.data())]];
  first.dispose();
  second.dispose();
  expect(runtime.live()).toEqual(before);
  expect([...(await x.data())]).toEqual([...values]);
  await runtime.dispose();
  return found;
}

test.each<readonly [string, (x: Tensor) => Tensor]>([
  ['a chain', (x) => tanh(relu(tanh(mul(x, 3))))],
  ['one function twice', (x) => mul(tanh(x), relu(tanh(x)))],
  ['one cotangent for two', (x) => relu(mul(tanh(x), tanh(x)))],
])('%s: first and second gradients are the cpu backend, and nothing is left', async (_name, f) => {
  const [ours, theirs] = [await gradients(wasm({ threads: 1 }), f), await gradients(cpu(), f)];
  for (const [order, row] of ours.entries())
    for (const [i, value] of row.entries()) expect(value).toBeCloseTo(theirs[order]?.[i] ?? Number.NaN, 4);
});
