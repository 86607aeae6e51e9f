/**
 * Causal attention over several blocks of queries and keys: blocks that nobody may see are left out, and what is left has the values
 * of the CPU's formulas and the same bits for any number of threads. The case tables stay within a block of keys there: a NaN in a
 * query that a block of keys does not see reaches those keys in the formulas, as 0 · NaN, and not in the kernel.
 */
import { scaledDotProduct } from '@dendrite/attention/ops';
import { compare } from '@dendrite/conformance';
import { cpu, createRuntime, mul, sum, valueAndGrad } from '@dendrite/core';
import { hostKey, uniforms } from '@dendrite/random';
import type { HostArray, Runtime, Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { openRuntime } from '../reference/machine.ts';

const reference = await createRuntime({ backends: [cpu()] });
const runtimes = [await openRuntime('wasm'), await openRuntime('wasm-3'), await openRuntime('wasm-plain')];

function filled(on: Runtime, label: string, ...shape: number[]): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return on.tensor(
    Float32Array.from(uniforms(hostKey(3).fork(label), size), (u) => 4 * u - 2),
    shape,
  );
}

/** The output, and the gradients of query, key and value. */
async function attended(on: Runtime, queries: number, keys: number): Promise<readonly HostArray[]> {
  const query = filled(on, 'query', 2, queries, 6);
  const [key, value] = [filled(on, 'key', 2, keys, 6), filled(on, 'value', 2, keys, 7)];
  const dy = filled(on, 'dy', 2, queries, 7);
  const { gradients } = valueAndGrad(([q, k, v]: readonly [Tensor, Tensor, Tensor]) =>
    sum(mul(scaledDotProduct(q, k, v, { causal: true }), dy)),
  )([query, key, value]);
  const y = scaledDotProduct(query, key, value, { causal: true });
  return Promise.all([y, ...gradients].map((each) => each.data()));
}

test.each([
  [101, 131],
  [150, 70],
  [200, 200],
])('%i queries, %i keys', async (queries, keys) => {
  const wanted = await attended(reference, queries, keys);
  const found = await Promise.all(runtimes.map((on) => attended(on, queries, keys)));
  for (const each of found)
    for (const [i, data] of each.entries()) {
      const shape = [data.length];
      const { passed, text } = compare({ shape, data }, { shape, data: wanted[i] ?? [] }, 1e-5);
      expect(passed, text).toBe(true);
    }
  expect(found[1]).toEqual(found[0]);
});
