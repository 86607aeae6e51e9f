/** What the op kit is given, and how it puts tensors on a runtime and reads them back. */
import type { DType, HostArray, HostTensor, Op, OpCase, OpCases, Runtime, Shape, Tensor } from '@dendrite/spec';
import { isFloat, type MadeInput, makeInput, sizeOf } from '../inputs/make-input.ts';
import { check, type ExpectedFailures } from '../kit/kit-case.ts';

/** Core's `checkGradients`, as far as the kit needs it. */
export type CheckGradients = (
  f: (params: Tensor[]) => Tensor,
  params: Tensor[],
  options?: { readonly epsilon?: number; readonly tolerance?: number },
) => Promise<{ readonly passed: boolean; readonly failures: readonly string[] }>;

export type OpPart = 'values' | 'shared buffer' | 'NaN' | 'infinity' | 'gradient' | 'same bits';
export const opParts: readonly OpPart[] = ['values', 'shared buffer', 'NaN', 'infinity', 'gradient', 'same bits'];

export interface OpKit {
  /** What is tested. */
  readonly runtime: Runtime;
  /** Judges where a case has no formula, and gradients of runtimes without float64: one with float64 (cpu). */
  readonly reference: Runtime;
  /** Element-wise check that names the element; without it a random direction is differenced. */
  readonly checkGradients?: CheckGradients;
  /** Runtimes that must give the bits of `runtime`: the same device with other numbers of threads, with other variants of kernels. */
  readonly alike?: readonly Runtime[];
  readonly expectedFailures?: ExpectedFailures;
  /** Default: all. */
  readonly parts?: readonly OpPart[];
  /** Cases to leave out, for slow devices; named and counted by the caller. */
  readonly skip?: (op: Op, each: OpCase) => boolean;
}

export interface OpUse {
  readonly kit: OpKit;
  readonly op: Op;
  readonly each: OpCase;
  readonly inputs: readonly MadeInput[];
  readonly tolerance: number;
}

/** One use for each case that is not a benchmark. */
export function usesOf(kit: OpKit, tables: readonly OpCases[]): readonly OpUse[] {
  return tables.flatMap(({ op, cases }) =>
    cases
      .filter((each) => each.benchmark !== true && kit.skip?.(op, each) !== true)
      .map((each) => ({
        kit,
        op,
        each,
        inputs: each.inputs.map((input, i) => makeInput(input, `${op.name}/${each.name}/${i}`)),
        tolerance: each.tolerance ?? (products.test(op.name) ? 1e-5 : 1e-4),
      })),
  );
}
const products = /matmul|conv|einsum|attention/;

export interface OutputValue extends HostTensor {
  readonly dtype: DType;
  readonly data: HostArray;
}

/** Floats in `dtype` where one is given, all else as it is. */
export function put(runtime: Runtime, input: MadeInput, float?: DType): Tensor {
  const dtype = isFloat(input.dtype) && float !== undefined ? float : input.dtype;
  return runtime.tensor(dtype === 'float64' ? Float64Array.from(input.data) : input.data, input.shape, dtype);
}

export const listOf = (made: Tensor | readonly Tensor[]): readonly Tensor[] =>
  Array.isArray(made) ? (made as readonly Tensor[]) : [made as Tensor];

export async function read(tensor: Tensor): Promise<OutputValue> {
  return { shape: tensor.shape, dtype: tensor.dtype, data: await tensor.data(tensor.dtype) };
}

/** Runs a case, reads what it gives, and frees everything but `tensors`. */
export async function runCase(runtime: Runtime, each: OpCase, tensors: readonly Tensor[]): Promise<OutputValue[]> {
  const made = runtime.scope(() => [...listOf(each.run(tensors))]);
  const values: OutputValue[] = [];
  for (const tensor of made) values.push(await read(tensor));
  // An op may hand an input on; that one is not ours to free.
  for (const tensor of made) if (!tensors.includes(tensor)) tensor.dispose();
  return values;
}

/** The case on the reference runtime, floats in float64. */
export async function referenceValues(
  { kit: { reference }, each }: OpUse,
  inputs: readonly MadeInput[],
): Promise<OutputValue[]> {
  const tensors = inputs.map((input) => put(reference, input, 'float64'));
  try {
    return await runCase(reference, each, tensors);
  } finally {
    for (const tensor of tensors) tensor.dispose();
  }
}

/** What the formula says, else what the reference runtime gives. */
export async function expectedValues(use: OpUse, inputs: readonly MadeInput[]): Promise<readonly HostTensor[]> {
  return use.each.reference ? use.each.reference(inputs) : referenceValues(use, inputs);
}

/** As much memory as the outputs will take, filled with NaN and given back: an element a kernel forgets to write shows. */
export function poison(runtime: Runtime, shapes: readonly Shape[]): void {
  for (const shape of shapes) {
    const size = sizeOf(shape);
    if (size > 0) runtime.tensor(new Float32Array(size).fill(Number.NaN), [size]).dispose();
  }
}

export function sameCount(use: OpUse, actual: readonly unknown[], expected: readonly unknown[]): void {
  check(
    actual.length === expected.length,
    `${use.op.name}: must give ${expected.length} outputs, got ${actual.length}`,
  );
}
