/** An op's values: against the formula, from parts of larger buffers, with NaN and infinity in the way. */
import type { HostTensor, Runtime, Tensor } from '@dendrite/spec';
import { checkClose, checkSameBits } from '../compare/compare.ts';
import { hostArrayOf, isFloat, type MadeInput, sizeOf } from '../inputs/make-input.ts';
import { check } from '../kit/kit-case.ts';
import { leavesNothing } from '../kit/live.ts';
import {
  expectedValues,
  type OpUse,
  type OutputValue,
  poison,
  put,
  read,
  referenceValues,
  runCase,
  sameCount,
} from './op-kit.ts';

/**
 * Values, shapes and dtypes as the reference has them; in float64 too, much closer, where the runtime has it; the same bits
 * twice; inputs as they were; nothing left alive.
 */
export async function checkValues(use: OpUse): Promise<void> {
  const { kit, each, inputs, op } = use;
  const expected = await expectedValues(use, inputs);
  await leavesNothing(kit.runtime, op.name, async () => {
    const tensors = inputs.map((input) => put(kit.runtime, input));
    poison(
      kit.runtime,
      expected.map(({ shape }) => shape),
    );
    const first = await runCase(kit.runtime, each, tensors);
    compareAll(use, first, expected);
    const second = await runCase(kit.runtime, each, tensors);
    first.forEach((value, j) => {
      const again = second[j];
      if (again) checkSameBits(`${op.name}: a second call, output ${j}`, again, value);
    });
    for (const [i, input] of inputs.entries()) {
      const tensor = tensors[i];
      if (!tensor) continue;
      check(tensor.alive, `${op.name}: input ${i} must stay alive`);
      checkSameBits(`${op.name}: input ${i} after the call`, await read(tensor), input);
      tensor.dispose();
    }
  });
  if (each.reference && kit.runtime.device.dtypes.has('float64') && inputs.some(({ dtype }) => dtype === 'float32'))
    await checkFloat64(use);
}

async function checkFloat64(use: OpUse): Promise<void> {
  const { kit, each, inputs, op } = use;
  const tensors = inputs.map((input) => put(kit.runtime, input, 'float64'));
  const actual = await runCase(kit.runtime, each, tensors);
  for (const tensor of tensors) tensor.dispose();
  const expected = each.reference?.(inputs) ?? [];
  actual.forEach((value, j) => {
    const wanted = expected[j];
    if (wanted && value.dtype === 'float64') checkClose(`${op.name}: output ${j} in float64`, value, wanted, 1e-7);
  });
}

/** Inputs at odd offsets of one buffer, between guards, where buffers may hold several; else under another shape of their own. */
export async function checkSharedBuffer(use: OpUse): Promise<void> {
  const { kit, each, inputs, op } = use;
  const expected = await expectedValues(use, inputs);
  await leavesNothing(kit.runtime, op.name, async () => {
    const whole: Tensor[] = [];
    const guarded: MadeInput[] = [];
    const tensors = inputs.map((input) => {
      const { big, tensor, host } = shared(kit.runtime, input);
      whole.push(big);
      guarded.push(host);
      return tensor;
    });
    compareAll(use, await runCase(kit.runtime, each, tensors), expected);
    for (const tensor of tensors) tensor.dispose();
    for (const [i, big] of whole.entries()) {
      const host = guarded[i];
      if (host) checkSameBits(`${op.name}: the buffer that input ${i} is a part of`, await read(big), host);
      big.dispose();
    }
  });
}

function shared(
  runtime: Runtime,
  input: MadeInput,
): { readonly big: Tensor; readonly tensor: Tensor; readonly host: MadeInput } {
  const size = sizeOf(input.shape);
  if (runtime.device.addressing === 'whole') {
    const host: MadeInput = { ...input, shape: [size] };
    const big = runtime.tensor(input.data, [size], input.dtype);
    return { big, tensor: runtime.reshape(big, input.shape), host };
  }
  const guard = input.dtype === 'bool' ? 1 : 77;
  const data = hostArrayOf(input.dtype, [guard, guard, guard, ...input.data, guard, guard]);
  const host: MadeInput = { dtype: input.dtype, shape: [size + 5], data };
  const big = runtime.tensor(data, [size + 5], input.dtype);
  return { big, tensor: runtime.reshape(big, input.shape, 3), host };
}

/** NaN as the first element of each float input in turn: NaN wherever the reference has it, and nowhere else. */
export const checkNaN = (use: OpUse): Promise<void> => checkSpecial(use, Number.NaN);

/** The same with both infinities. */
export async function checkInfinity(use: OpUse): Promise<void> {
  await checkSpecial(use, Number.POSITIVE_INFINITY);
  await checkSpecial(use, Number.NEGATIVE_INFINITY);
}

async function checkSpecial(use: OpUse, special: number): Promise<void> {
  const { kit, each, inputs } = use;
  for (const [i, input] of inputs.entries()) {
    if (!isFloat(input.dtype) || input.data.length === 0) continue;
    const data = input.data.slice();
    data[0] = special;
    const changed = inputs.map((other, j) => (j === i ? { ...input, data } : other));
    const tensors = changed.map((other) => put(kit.runtime, other));
    const actual = await runCase(kit.runtime, each, tensors);
    for (const tensor of tensors) tensor.dispose();
    const expected = await specialValues(use, changed, actual);
    compareAll(use, actual, expected, `with ${special} as the first element of input ${i}: `);
  }
}

/** NaN where the formula or the reference runtime has it (a formula written with `>` may miss one); else the formula's value. */
async function specialValues(
  use: OpUse,
  inputs: readonly MadeInput[],
  actual: readonly OutputValue[],
): Promise<readonly HostTensor[]> {
  const own = use.kit.runtime === use.kit.reference;
  const run = own ? actual : await referenceValues(use, inputs);
  const formula = use.each.reference?.(inputs);
  if (!formula) return own ? referenceValues(use, inputs) : run;
  return formula.map(({ shape, data }, j) => ({
    shape,
    data: Float64Array.from(data, (value, at) => (Number.isNaN(run[j]?.data[at]) ? Number.NaN : value)),
  }));
}

function compareAll(use: OpUse, actual: readonly OutputValue[], expected: readonly HostTensor[], when = ''): void {
  const { op, each, tolerance } = use;
  sameCount(use, actual, expected);
  for (const [j, value] of actual.entries()) {
    const wanted = expected[j];
    if (!wanted) continue;
    const what = `${op.name} ${each.name}: ${when}output ${j}`;
    const exact = !isFloat(value.dtype);
    const rounded = value.dtype === 'float32' ? { shape: wanted.shape, data: Float32Array.from(wanted.data) } : wanted;
    checkClose(what, value, rounded, exact ? 0 : tolerance);
    // A reference runtime tells the dtype, too; a formula does not.
    const dtype = (wanted as Partial<OutputValue>).dtype;
    if (dtype !== undefined)
      check(
        value.dtype === dtype || (value.dtype === 'float32' && dtype === 'float64'),
        `${what}: dtype must be ${dtype}, got ${value.dtype}`,
      );
  }
}
