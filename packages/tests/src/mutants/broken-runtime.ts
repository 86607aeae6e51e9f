/** A runtime on the CPU whose one op is another: nothing on disk is changed, and every other runtime is as before. */
import { cpu, createRuntime } from '@dendrite/core';
import {
  type Attributes,
  type Call,
  type CompositeOp,
  definedOps,
  type ExpressionOp,
  type GradientRule,
  type HostArray,
  type JsKernel,
  type Op,
  type Runtime,
} from '@dendrite/spec';

export type Change = (op: Op) => Op;

/** Kernels that ops load, by op. */
const loaded = new Map<string, JsKernel>();

/** Every call of the op of this name runs `change(op)` instead. */
export async function runtimeWith(name: string, change: Change): Promise<Runtime> {
  const runtime = await createRuntime({ backends: [cpu()] });
  for (const op of definedOps()) {
    const js = op.kind === 'expression' || op.name !== name ? undefined : op.kernels?.js;
    if (typeof js === 'function') loaded.set(name, await js());
  }
  const run = runtime.run.bind(runtime);
  const changed = new Map<Op, Op>();
  runtime.run = (op, inputs, attributes, args) => {
    if (op.name !== name) return run(op, inputs, attributes, args);
    const known = changed.get(op) ?? change(op);
    changed.set(op, known);
    return run(known, inputs, attributes, args);
  };
  return runtime;
}

const sizeOf = (call: Call): number => (call.outputs[0]?.shape ?? []).reduce((product, length) => product * length, 1);

/** Another kernel in place of the op's. @throws Error  if it has none: the mutant would not live */
export const kernel =
  (change: (kernel: JsKernel) => JsKernel): Change =>
  (op) => {
    const given = op.kind === 'expression' ? undefined : op.kernels?.js;
    const js = typeof given === 'function' ? loaded.get(op.name) : given;
    if (op.kind === 'expression' || !js) throw new Error(`${op.name}: a mutant needs a kernel to change`);
    return { ...op, kernels: { js: change(js) } };
  };

/** The kernel is prepared for other attributes than were asked for. */
export const attributes = (change: (attributes: Attributes, call: Call) => Attributes): Change =>
  kernel((js) => ({ ...js, prepare: (call) => js.prepare({ ...call, attributes: change(call.attributes, call) }) }));

/** The kernel's output is changed: `before` is what the memory held. */
export const output = (change: (out: HostArray, size: number, before: HostArray, call: Call) => void): Change =>
  kernel((js) => ({
    ...js,
    prepare(call) {
      const routine = js.prepare(call);
      return (outputs, inputs, args) => {
        const [out] = outputs;
        const before = out?.slice();
        routine(outputs, inputs, args);
        if (out && before) change(out, sizeOf(call), before, call);
      };
    },
  }));

/** Another formula or derivative in place of an expression op's. */
export const expressions =
  (change: (op: ExpressionOp) => Partial<ExpressionOp>): Change =>
  (op) => {
    if (op.kind !== 'expression') throw new Error(`${op.name}: a mutant needs an expression to change`);
    return { ...op, ...change(op) };
  };

/** Another decomposition in place of the op's; its kernels are put aside, so that it runs. */
export const decomposition =
  (change: (decompose: CompositeOp['decompose'], op: CompositeOp) => CompositeOp['decompose']): Change =>
  (op) => {
    if (op.kind !== 'composite') throw new Error(`${op.name}: a mutant needs a decomposition to change`);
    return { ...op, kernels: {}, decompose: change(op.decompose, op) };
  };

/** Another gradient rule in place of the op's. */
export const gradient =
  (change: (rule: GradientRule) => GradientRule): Change =>
  (op) => {
    if (op.kind === 'expression' || typeof op.gradient !== 'function')
      throw new Error(`${op.name}: a mutant needs a gradient to change`);
    return { ...op, gradient: change(op.gradient) };
  };
