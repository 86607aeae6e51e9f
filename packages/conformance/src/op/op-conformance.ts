/** The op kit: every use in a case table, from every side. */
import type { OpCases } from '@dendrite/spec';
import { isFloat } from '../inputs/make-input.ts';
import { type KitCase, withExpectedFailures } from '../kit/kit-case.ts';
import { checkBits } from './op-bits.ts';
import { checkGradient, hasGradient } from './op-gradient.ts';
import { type OpKit, type OpPart, type OpUse, opParts, usesOf } from './op-kit.ts';
import { checkInfinity, checkNaN, checkSharedBuffer, checkValues } from './op-values.ts';

const checks: Readonly<Record<OpPart, (use: OpUse) => Promise<void>>> = {
  values: checkValues,
  'shared buffer': checkSharedBuffer,
  NaN: checkNaN,
  infinity: checkInfinity,
  gradient: checkGradient,
  'same bits': checkBits,
};

/**
 * Cases named `<op> <case>: <part>`. The parts: `values` (against the case's formula or the reference runtime in float64,
 * relative to the largest value; shape and dtype; the same bits twice; inputs unchanged; nothing left alive), `shared buffer`
 * (inputs at an odd offset of a larger buffer), `NaN`, `infinity`, `gradient` (differences in float64 where the runtime has it,
 * and the reference runtime's gradient; or the reason why there is none), `same bits` (values and gradients on each runtime of
 * `alike`).
 * @throws ConformanceFailure  for an expected failure without a reason
 * @example
 * import { checkGradients, cpu, createRuntime } from '@dendrite/core';
 * import { opConformance } from '@dendrite/conformance';
 * const runtime = await createRuntime({ backends: [cpu()] });
 * for (const c of opConformance({ runtime, reference: runtime, checkGradients }, [])) await c.run();
 */
export function opConformance(kit: OpKit, tables: readonly OpCases[]): readonly KitCase[] {
  const cases = usesOf(kit, tables).flatMap((use) =>
    (kit.parts ?? opParts)
      .filter((part) => applies(part, use))
      .map((part): KitCase => ({ name: `${use.op.name} ${use.each.name}: ${part}`, run: () => checks[part](use) })),
  );
  return withExpectedFailures(`op kit on ${kit.runtime.name}`, cases, kit.expectedFailures);
}

function applies(part: OpPart, use: OpUse): boolean {
  if (part === 'gradient') return hasGradient(use);
  if (part === 'same bits') return use.kit.alike !== undefined;
  if (part === 'NaN' || part === 'infinity')
    return use.inputs.some(({ dtype, data }) => isFloat(dtype) && data.length > 0);
  return part !== 'shared buffer' || use.inputs.length > 0;
}
