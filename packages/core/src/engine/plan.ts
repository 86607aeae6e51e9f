/**
 * How a call runs on a device, decided once for each signature (op, input specs, attributes) and cached: the device's own
 * routine, a kernel in one of its languages, expression lowering, or decomposition.
 */
import {
  type Attributes,
  type Call,
  DendriteError,
  type Device,
  type Executable,
  type ExpressionOp,
  type JsKernel,
  type Kernels,
  type Language,
  type NativeKernel,
  type Op,
  type WasmKernel,
} from '@dendrite/spec';
import { expressionBackward } from '../ops/expression/expression-backward.ts';
import { type InternedSpec, internSpec } from './interned-spec.ts';
import { atHand, expressionLoop, kernelAtHand, type Thunk } from './loaded-kernels.ts';
import type { Backward, Saves } from './tape.ts';

export type Way =
  | { readonly kind: 'native'; readonly native: NativeKernel }
  | { readonly kind: 'kernel' | 'expression'; readonly executable: Executable }
  /** `meanwhile`: a kernel that would run it has not come yet. */
  | { readonly kind: 'decomposition'; readonly meanwhile: boolean }
  | { readonly kind: 'nothing' };

export interface Plan {
  readonly op: Op;
  readonly inputs: readonly InternedSpec[];
  readonly attributes: Attributes;
  readonly outputs: readonly InternedSpec[];
  readonly way: Way;
  readonly visible: number;
  readonly executable: Executable | null;
  /** null: outputs are constants to every gradient. Made on first use. */
  backward: Backward | null | undefined;
}

/** Decides how `op` runs here. @throws what the op's shape rule throws; BACKEND if nothing can run it. */
export function makePlan(device: Device, op: Op, inputs: readonly InternedSpec[], attributes: Attributes): Plan {
  const outputs = op.infer(inputs, attributes).map((spec) => internSpec(spec.shape, spec.dtype));
  for (const spec of [...inputs, ...outputs])
    if (!device.dtypes.has(spec.dtype))
      throw new DendriteError(
        'DTYPE',
        `${op.name}: dtype must be one that ${device.name} has (${[...device.dtypes].join(', ')}), got ${spec.dtype}. Cast it, or use the cpu backend.`,
      );
  const way = findWay(device, op, { inputs, outputs, attributes });
  return {
    op,
    inputs,
    attributes,
    outputs,
    way,
    visible: op.visible ?? outputs.length,
    executable: way.kind === 'kernel' || way.kind === 'expression' ? way.executable : null,
    backward: undefined,
  };
}

/** A call of which only the outputs' shapes are wanted. @throws what the op's shape rule throws */
export function tracedPlan(op: Op, inputs: readonly InternedSpec[], attributes: Attributes): Plan {
  const outputs = op.infer(inputs, attributes).map((spec) => internSpec(spec.shape, spec.dtype));
  const visible = op.visible ?? outputs.length;
  return { op, inputs, attributes, outputs, way: { kind: 'nothing' }, visible, executable: null, backward: undefined };
}

/** Adds the kernel that this call would run by and that is not there yet. @returns whether it would decompose into other ops */
export function decomposes(device: Device, { op, inputs, outputs, attributes }: Plan, missing: Set<Thunk>): boolean {
  const call: Call = { inputs, outputs, attributes };
  if (op.kind === 'expression' || outputs.every(({ size }) => size === 0) || device.native?.(op, call)) return false;
  for (const language of device.languages) {
    const given = op.kernels?.[language];
    if (given === undefined) continue;
    const kernel = kernelIn(language, given, op, device);
    if (kernel === undefined) missing.add(given as Thunk);
    if (kernel?.accepts?.(call) ?? true) return false;
  }
  return op.kind === 'composite';
}

function findWay(device: Device, op: Op, call: Call): Way {
  if (call.outputs.every((spec) => (spec as InternedSpec).size === 0)) return { kind: 'nothing' };
  const native = device.native?.(op, call);
  if (native) return { kind: 'native', native };
  if (op.kind === 'expression') {
    const expressions = op.expressions(call.attributes);
    const executable = device.prepareExpressions(expressions, call);
    if (executable) return { kind: 'expression', executable };
    if (runsJavaScript(device)) {
      const loop = atHand(expressionLoop);
      if (loop === undefined) throw notLoaded(op, 'js', device);
      const kernel: JsKernel = { language: 'js', prepare: (given) => loop(expressions, given) };
      return { kind: 'expression', executable: device.prepare(kernel, call) };
    }
  } else {
    let meanwhile = false;
    for (const language of device.languages) {
      const given = op.kernels?.[language];
      if (given === undefined) continue;
      const kernel = kernelIn(language, given, op, device);
      // A composite decomposes until its kernel in JavaScript has come; there is nothing else to run by.
      if (kernel === undefined && (language !== 'js' || op.kind === 'primitive')) throw notLoaded(op, language, device);
      meanwhile ||= kernel === undefined;
      if (kernel && device.prepare && (kernel.accepts?.(call) ?? true))
        return { kind: 'kernel', executable: device.prepare(kernel, call, op.name) };
    }
    if (op.kind === 'composite') return { kind: 'decomposition', meanwhile };
  }
  const specs = call.inputs.map((spec) => `${spec.dtype} [${spec.shape.join(', ')}]`).join(', ');
  throw new DendriteError(
    'BACKEND',
    `${op.name}: ${device.name} must have a routine for it, got none for (${specs}). Use another backend for this model, or add the routine to this one.`,
  );
}

/** An op's kernel in one language, from the op or the device; undefined while it has not come. */
const kernelIn = (
  language: Language,
  given: NonNullable<Kernels[Language]>,
  { name }: Op,
  device: Device,
): JsKernel | WasmKernel | undefined =>
  kernelAtHand(given) ?? (language === 'js' ? device.jsKernels?.[name] : undefined);

const runsJavaScript = (device: Device): device is Device & Required<Pick<Device, 'prepare'>> =>
  device.prepare !== undefined && device.languages.includes('js');

const notLoaded = ({ name }: Op, language: Language, device: Device): DendriteError =>
  new DendriteError(
    'BACKEND',
    `${name}: its ${language} kernel must be loaded before it runs on ${device.name}, got one that has not been. Write await runtime.load() behind the import of its package, or await runtime.load(() => …) with what you are about to run.`,
  );

/** How to go back through calls of this plan; null where its outputs are constants. */
export function backwardOf(plan: Plan): Backward | null {
  if (plan.backward !== undefined) return plan.backward;
  const { op } = plan;
  if (op.kind === 'expression') plan.backward = expressionBackward(op as ExpressionOp, plan.attributes, plan.inputs);
  else if (op.gradient === 'zero') plan.backward = null;
  else {
    // An op may name an optional input: where it was not given there is nothing to save.
    const saves: Saves = {
      inputs: (op.saves.inputs ?? []).filter((i) => i < plan.inputs.length),
      outputs: op.saves.outputs ?? [],
    };
    plan.backward = { name: op.name, rule: op.gradient, saves: () => saves };
  }
  return plan.backward;
}
