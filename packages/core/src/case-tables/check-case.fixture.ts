/** One use of an op, judged by its formula: float32, float64, as part of a larger buffer, and its first two derivatives by differences. */
import { forkWords, keyFromWords, normals, permutation, uniforms } from '@dendrite/random';
import type { CaseInput, DType, HostArray, HostTensor, Op, OpCase, Runtime, Tensor } from '@dendrite/spec';
import { expect } from 'vitest';
import { add, checkGradients, grad, mul, sum } from '../index.ts';
import { sizeOf } from './host-loops.fixture.ts';

interface Input extends HostTensor {
  readonly dtype: DType;
  readonly data: HostArray;
}
const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64';
const arrayOf = (dtype: DType, numbers: Iterable<number>): HostArray =>
  dtype === 'float32'
    ? Float32Array.from(numbers)
    : dtype === 'float64'
      ? Float64Array.from(numbers)
      : dtype === 'int32'
        ? Int32Array.from(numbers)
        : Uint8Array.from(numbers);

/** The numbers of an input; floats are whole float32 values in either precision. */
function made({ shape, dtype = 'float32', values = 'normal', range }: CaseInput, label: string): Input {
  const size = sizeOf(shape);
  const key = keyFromWords(forkWords([0, 7], label));
  const limits = range ?? (isFloat(dtype) ? undefined : dtype === 'bool' ? [0, 2] : [0, 10]);
  let numbers: ArrayLike<number>;
  if (typeof values !== 'string') numbers = values;
  else if (limits) {
    const [low, high] = limits as readonly [number, number];
    numbers = uniforms(key, size).map((u) =>
      isFloat(dtype) ? low + (high - low) * u : Math.floor(low + (high - low) * u),
    );
  } else if (values === 'normal') numbers = normals(key, size);
  else numbers = Float64Array.from(permutation(key, size), (place) => (place - size / 2) * 0.1);
  expect(numbers.length).toBe(size);
  return { shape, dtype, data: arrayOf(dtype, Array.from(numbers)) };
}

const put = (runtime: Runtime, { shape, dtype, data }: Input, float: DType): Tensor =>
  runtime.tensor(isFloat(dtype) ? arrayOf(float, data) : data, shape, isFloat(dtype) ? float : dtype);

const listOf = (made: Tensor | readonly Tensor[]): readonly Tensor[] =>
  Array.isArray(made) ? (made as readonly Tensor[]) : [made as Tensor];

async function compare(
  runtime: Runtime,
  each: OpCase,
  tensors: readonly Tensor[],
  inputs: readonly Input[],
  tolerance: number,
) {
  const expected = each.reference?.(inputs) ?? [];
  const outputs = runtime.scope(() => [...listOf(each.run(tensors))]);
  expect(outputs.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  for (const [j, output] of outputs.entries()) {
    expect(tensors.includes(output), 'a result is not an input').toBe(false);
    const actual = await output.data(output.dtype);
    const wanted = Array.from((expected[j] as HostTensor).data);
    const exact = output.dtype === 'float64' ? 1e-10 : output.dtype === 'float32' ? tolerance : 0;
    const largest = Math.max(1e-3, ...wanted.filter(Number.isFinite).map(Math.abs));
    wanted.forEach((value, i) => {
      const found = actual[i] as number;
      if (Number.isNaN(value) || !Number.isFinite(value)) expect(found, `output ${j}, element ${i}`).toEqual(value);
      else if (!(Math.abs(found - value) <= exact * largest))
        expect.fail(`output ${j}, element ${i} must be ${value}, got ${found}`);
    });
    output.dispose();
  }
}

/** Elements up to which each is differenced. */
const fewElements = 64;
const fewForTwice = 12;

/** Σ outputs · weights, and the same of its gradient: what `checkGradients` differences. */
async function checkGradient(runtime: Runtime, each: OpCase, inputs: readonly Input[]): Promise<void> {
  const which = (each.differentiable ?? inputs.map((_, i) => i)).filter((i) => isFloat((inputs[i] as Input).dtype));
  const count = which.reduce((total, i) => total + (inputs[i] as Input).data.length, 0);
  if (which.length === 0 || count > fewElements) return;
  const tensors = inputs.map((input) => put(runtime, input, 'float64'));
  const params = which.map((i) => tensors[i] as Tensor);
  const weighed = (outputs: readonly Tensor[], seed: number): Tensor =>
    outputs
      .map((y, j) => sum(mul(y, runtime.tensor(normals(keyFromWords([j, seed]), y.size), y.shape))))
      .reduce((a, b) => add(a, b));
  const outputs = (given: readonly Tensor[]): readonly Tensor[] =>
    listOf(each.run(tensors.map((tensor, i) => given[which.indexOf(i)] ?? tensor))).filter(({ dtype }) =>
      isFloat(dtype),
    );
  const first = await checkGradients((given) => weighed(outputs(given), 1), params, { tolerance: 2e-6 });
  expect(first.failures, 'gradient').toEqual([]);
  if (count <= fewForTwice) {
    // Squares, so that ops that are linear have second derivatives, too.
    const squared = (given: readonly Tensor[]): Tensor =>
      weighed(
        outputs(given).map((y) => mul(y, y)),
        2,
      );
    const slopes = grad(squared);
    const second = await checkGradients((given) => weighed(slopes(given), 3), params, { tolerance: 1e-4 });
    expect(second.failures, 'second derivative').toEqual([]);
  }
  for (const tensor of tensors) tensor.dispose();
}

/** @throws what differs */
export async function checkCase(runtime: Runtime, op: Op, each: OpCase): Promise<void> {
  const inputs = each.inputs.map((input, i) => made(input, `${op.name}/${each.name}/${i}`));
  const before = runtime.live();
  for (const float of ['float32', 'float64'] as const) {
    const tensors = inputs.map((input) => put(runtime, input, float));
    await compare(runtime, each, tensors, inputs, each.tolerance ?? 1e-5);
    for (const [i, tensor] of tensors.entries()) {
      expect(tensor.alive, 'an input stays alive').toBe(true);
      expect(Array.from(await tensor.data(tensor.dtype)), 'an input stays as it was').toEqual(
        Array.from(inputs[i]?.data ?? []),
      );
      tensor.dispose();
    }
  }
  // The same at an odd offset of one larger buffer.
  const whole = inputs.map(({ dtype, data }) =>
    runtime.tensor(arrayOf(dtype, [1, 1, 1, ...data, 1]), [data.length + 4], dtype),
  );
  const parts = inputs.map(({ shape }, i) => runtime.reshape(whole[i] as Tensor, shape, 3));
  await compare(runtime, each, parts, inputs, each.tolerance ?? 1e-5);
  for (const tensor of [...parts, ...whole]) tensor.dispose();
  if ((op.kind === 'expression' ? op.derivatives : op.gradient) !== 'zero') await checkGradient(runtime, each, inputs);
  expect(runtime.live(), 'nothing is left alive').toEqual(before);
}
