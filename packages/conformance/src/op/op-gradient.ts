/** An op's gradient: against differences in float64, or against another runtime's. */
import type { Runtime, Tensor } from '@dendrite/spec';
import { checkClose } from '../compare/compare.ts';
import { isFloat, type MadeInput } from '../inputs/make-input.ts';
import { normalOf, numbersOf } from '../inputs/numbers.ts';
import { check } from '../kit/kit-case.ts';
import { leavesNothing } from '../kit/live.ts';
import { raises } from '../kit/raises.ts';
import { listOf, type OpUse, type OutputValue, put, read } from './op-kit.ts';
import { weighed } from './weigh.ts';

/** Elements up to which every one is differenced by itself. */
const fewElements = 96;

/** Whether a gradient through the case can be asked for. */
export function hasGradient({ op, each, inputs }: OpUse): boolean {
  return (
    whichInputs({ each, inputs }).length > 0 && (op.kind === 'expression' ? op.derivatives : op.gradient) !== 'zero'
  );
}

export async function checkGradient(use: OpUse): Promise<void> {
  const { op, kit, inputs } = use;
  const rule = op.kind === 'expression' ? op.derivatives : op.gradient;
  if (typeof rule === 'object') {
    await leavesNothing(kit.runtime, op.name, async () => {
      const tensors = inputs.map((input) => put(kit.runtime, input));
      await raises(
        `a gradient through ${op.name}`,
        ['OPTION', 'BACKEND'],
        () => gradientsOf(kit.runtime, use, tensors),
        op.name,
      );
      for (const tensor of tensors) tensor.dispose();
    });
    return;
  }
  if (kit.runtime.device.dtypes.has('float64')) await againstDifferences(use);
  await againstReference(use);
}

/** The same case and weights on the reference runtime in float64. */
async function againstReference(use: OpUse): Promise<void> {
  const { op, kit, each, inputs, tolerance } = use;
  const wanted = await gradientValues(kit.reference, use, 'float64');
  const found = await leavesNothing(kit.runtime, `the gradient of ${op.name}`, () => gradientValues(kit.runtime, use));
  for (const [n, i] of whichInputs({ each, inputs }).entries()) {
    const [actual, expected] = [found[n], wanted[n]];
    if (actual && expected)
      checkClose(`${op.name} ${each.name}: gradient of input ${i}`, actual, expected, 4 * tolerance);
  }
}

async function againstDifferences(use: OpUse): Promise<void> {
  const { op, kit, each, inputs } = use;
  const { runtime } = kit;
  const which = whichInputs({ each, inputs });
  const tensors = inputs.map((input) => put(runtime, input, 'float64'));
  const leaves = which.map((i) => tensors[i] as Tensor);
  const count = leaves.reduce((sum, { size }) => sum + size, 0);
  const loss = (params: readonly Tensor[]): Tensor => lossOf(runtime, use, tensors, params);
  if (kit.checkGradients && count <= fewElements) {
    const report = await kit.checkGradients((params) => loss(params), leaves, { epsilon: 1e-5, tolerance: 2e-6 });
    check(report.passed, `${op.name} ${each.name}: gradient differs: ${report.failures.join('; ')}`);
  } else if (count > 0) await alongDirections(use, leaves, loss);
  for (const tensor of tensors) tensor.dispose();
}

/** `⟨gradient, u⟩` against `(f(x + εu) − f(x − εu)) / 2ε` along random directions u: a wrong element shows in each of them. */
async function alongDirections(
  use: OpUse,
  leaves: readonly Tensor[],
  loss: (params: readonly Tensor[]) => Tensor,
): Promise<void> {
  const { op, kit, each } = use;
  const { runtime } = kit;
  const { value, gradients } = runtime.differentiate(leaves, (params) => ({ loss: loss(params), aux: null }));
  value.dispose();
  const data: Float64Array[] = [];
  const slopes: Float64Array[] = [];
  for (const leaf of leaves) data.push(await leaf.data('float64'));
  for (const gradient of gradients) {
    slopes.push(await gradient.data('float64'));
    gradient.dispose();
  }
  const epsilon = 1e-6;
  for (let direction = 0; direction < 3; direction++) {
    const next = numbersOf(`${op.name}/${each.name}/direction/${direction}`);
    const along = data.map((values) => Float64Array.from(values, () => normalOf(next)));
    const at = async (sign: number): Promise<number> => {
      const moved = leaves.map((leaf, l) =>
        runtime.tensor(
          Float64Array.from(data[l] ?? [], (x, i) => x + sign * epsilon * (along[l]?.[i] ?? 0)),
          leaf.shape,
          'float64',
        ),
      );
      const result = runtime.scope(() => loss(moved));
      const number = await result.item();
      for (const tensor of [...moved, result]) tensor.dispose();
      return number;
    };
    const difference = ((await at(1)) - (await at(-1))) / (2 * epsilon);
    let slope = 0;
    let scale = 1;
    slopes.forEach((values, l) => {
      values.forEach((g, i) => {
        const term = g * (along[l]?.[i] ?? 0);
        slope += term;
        scale = Math.max(scale, Math.abs(term));
      });
    });
    const off = Math.abs(slope - difference) / scale;
    check(
      off <= 2e-5,
      `${op.name} ${each.name}: the gradient along a random direction must be ${difference}, got ${slope} (off by ${off})`,
    );
  }
}

const whichInputs = ({ each, inputs }: { each: OpUse['each']; inputs: readonly MadeInput[] }): readonly number[] =>
  (each.differentiable ?? inputs.map((_, i) => i)).filter((i) => {
    const input = inputs[i];
    return input !== undefined && isFloat(input.dtype);
  });

/** The weighed sum of the case's outputs, with `params` in place of the differentiable inputs. */
function lossOf(
  runtime: Runtime,
  { op, each, inputs }: OpUse,
  tensors: readonly Tensor[],
  params: readonly Tensor[],
): Tensor {
  const which = whichInputs({ each, inputs });
  const given = tensors.map((tensor, i) => {
    const n = which.indexOf(i);
    return n < 0 ? tensor : (params[n] ?? tensor);
  });
  const loss = weighed(runtime, listOf(each.run(given)), `${op.name}/${each.name}`);
  check(loss !== null, `${op.name} ${each.name}: has a gradient rule but no float output`);
  return loss;
}

function gradientsOf(runtime: Runtime, use: OpUse, tensors: readonly Tensor[]): readonly Tensor[] {
  const leaves = whichInputs(use).map((i) => tensors[i] as Tensor);
  const { value, gradients } = runtime.differentiate(leaves, (params) => ({
    loss: lossOf(runtime, use, tensors, params),
    aux: null,
  }));
  value.dispose();
  return gradients;
}

/** The gradients of the weighed sum on a runtime. */
export async function gradientValues(runtime: Runtime, use: OpUse, float?: 'float64'): Promise<OutputValue[]> {
  const tensors = use.inputs.map((input) => put(runtime, input, float));
  const gradients = gradientsOf(runtime, use, tensors);
  const values: OutputValue[] = [];
  for (const gradient of gradients) {
    values.push(await read(gradient));
    gradient.dispose();
  }
  for (const tensor of tensors) tensor.dispose();
  return values;
}
