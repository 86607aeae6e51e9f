/** An op's bits, and its gradient's, on runtimes that must agree in them. */
import type { Runtime } from '@dendrite/spec';
import { checkSameBits } from '../compare/compare.ts';
import { gradientValues, hasGradient } from './op-gradient.ts';
import { type OpUse, type OutputValue, put, runCase } from './op-kit.ts';

export async function checkBits(use: OpUse): Promise<void> {
  const { kit, op, each } = use;
  const expected = await everything(use, kit.runtime);
  for (const runtime of kit.alike ?? []) {
    const actual = await everything(use, runtime);
    expected.forEach(([what, value], i) => {
      const found = actual[i]?.[1];
      if (found) checkSameBits(`${op.name} ${each.name}: ${what} on ${runtime.device.details}`, found, value);
    });
  }
}

/** Outputs, then gradients. */
async function everything(use: OpUse, runtime: Runtime): Promise<readonly (readonly [what: string, OutputValue])[]> {
  const tensors = use.inputs.map((input) => put(runtime, input));
  const outputs = await runCase(runtime, use.each, tensors);
  for (const tensor of tensors) tensor.dispose();
  const rule = use.op.kind === 'expression' ? use.op.derivatives : use.op.gradient;
  const gradients = hasGradient(use) && typeof rule === 'function' ? await gradientValues(runtime, use) : [];
  return [
    ...outputs.map((value, j) => [`output ${j}`, value] as const),
    ...gradients.map((value, i) => [`gradient ${i}`, value] as const),
  ];
}
