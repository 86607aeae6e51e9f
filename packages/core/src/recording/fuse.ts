/**
 * Chains of element-wise formulas become one: where the only reader of a formula's result is a formula over the same elements,
 * the first is written into the second. Every node is rounded to its dtype, so the bits stay; what is saved is a pass over memory
 * and a dispatch.
 */
import type { Device, Expression } from '@dendrite/spec';
import { expressionDtype } from '../ops/expression/expression-dtype.ts';
import { countNodes, substitute } from './expression-tree.ts';
import type { Operand, Value } from './recording.ts';
import type { StagedCall } from './stage.ts';

/** More are not kept in registers; and it bounds what a device is asked to compile. */
const mostInputs = 8;
const mostNodes = 64;

/** A call as formulas: one an output, over these inputs and numbers. */
interface Formulas {
  readonly expressions: readonly Expression[];
  readonly inputs: readonly Operand[];
  readonly args: readonly number[];
}

/** The same work in fewer calls. `results` are values that must be written. */
export function fuse(device: Device, calls: readonly StagedCall[], results: ReadonlySet<Value>): readonly StagedCall[] {
  const readers = new Map<Value, number>();
  for (const { inputs } of calls)
    for (const value of new Set(inputs.map((operand) => operand.value)))
      readers.set(value, (readers.get(value) ?? 0) + 1);
  /** Calls whose result a later one may take in. */
  const open = new Map<Value, StagedCall>();
  const formulas = new Map<StagedCall, Formulas>();
  const made: (StagedCall | undefined)[] = [];
  for (const call of calls) {
    const { op, attributes } = call.source;
    if (op.kind !== 'expression') {
      made.push(call);
      continue;
    }
    let fused = call;
    let whole: Formulas = { expressions: op.expressions(attributes), inputs: call.inputs, args: call.args };
    for (let i = 0; i < whole.inputs.length; i++) {
      const operand = whole.inputs[i] as Operand;
      const before = open.get(operand.value);
      const part = before && formulas.get(before);
      if (before === undefined || part === undefined) continue;
      const reads = whole.inputs.filter(({ value }) => value === operand.value);
      if (!reads.every((each) => fits(each, before, call))) continue;
      const merged = merge(whole, i, part);
      const inputs = merged.inputs.map(({ spec }) => spec);
      if (inputs.length > mostInputs || countNodes(merged.expressions) > mostNodes) continue;
      const executable = device.prepareExpressions(merged.expressions, {
        inputs,
        outputs: call.outputSpecs,
        attributes: {},
      });
      if (executable === undefined) continue;
      made[made.indexOf(before)] = undefined;
      open.delete(operand.value);
      whole = merged;
      fused = { ...call, executable, inputs: merged.inputs, args: merged.args };
      i = -1; // inputs have moved
    }
    made.push(fused);
    formulas.set(fused, whole);
    const [output] = call.outputs;
    if (output !== undefined && call.outputs.length === 1 && !results.has(output) && readers.get(output) === 1)
      open.set(output, fused);
  }
  return made.filter((call) => call !== undefined);
}

/** Whether the reader reads the very elements that it writes, one by one; and what they are is known without a context. */
function fits({ offset, spec }: Operand, { outputSpecs: [written], source }: StagedCall, reader: StagedCall): boolean {
  const [target] = reader.outputSpecs;
  if (offset !== 0 || spec !== written || target === undefined) return false;
  if (String(spec.shape) !== String(target.shape)) return false;
  const { op, attributes, inputs } = source;
  const [root] = op.kind === 'expression' ? op.expressions(attributes) : [];
  return (
    root !== undefined &&
    expressionDtype(
      op.name,
      root,
      inputs.map(({ dtype }) => dtype),
    ) === spec.dtype
  );
}

/** `whole` with its input `at` replaced by the formula that makes it. */
function merge(whole: Formulas, at: number, part: Formulas): Formulas {
  const taken = (whole.inputs[at] as Operand).value;
  const inputs: Operand[] = [];
  const place = (operand: Operand): number => {
    const found = inputs.findIndex(
      ({ value, offset, spec }) => value === operand.value && offset === operand.offset && spec === operand.spec,
    );
    return found < 0 ? inputs.push(operand) - 1 : found;
  };
  const kept = whole.inputs.map((operand) => (operand.value === taken ? -1 : place(operand)));
  const [formula] = part.expressions;
  const inner =
    formula &&
    substitute(
      formula,
      (i) => ({ input: place(part.inputs[i] as Operand) }),
      (i) => ({ argument: whole.args.length + i }),
    );
  const expressions = whole.expressions.map((expression) =>
    substitute(
      expression,
      (i) => (kept[i] === -1 && inner ? inner : { input: kept[i] as number }),
      (i) => ({ argument: i }),
    ),
  );
  return { expressions, inputs, args: [...whole.args, ...part.args] };
}
