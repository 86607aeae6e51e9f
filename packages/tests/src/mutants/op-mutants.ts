/** Broken kernels, gradients and memory: killed by the op kit on the op's own case table, or by the backend kit. */

import { backendConformance, opConformance } from '@dendrite/conformance';
import { checkGradients, cpu, createRuntime } from '@dendrite/core';
import {
  type Backend,
  type Device,
  definedOps,
  type Expression,
  type JsKernel,
  type Op,
  type Runtime,
  type Tensor,
} from '@dendrite/spec';
import { collectCases } from '../kits/collect-cases.ts';
import { attributes, type Change, expressions, gradient, kernel, output, runtimeWith } from './broken-runtime.ts';
import type { Mutant } from './mutant.ts';

const tables = Object.values(await collectCases()).flat();
const reference = await createRuntime({ backends: [cpu()] });

export function opMutant(kind: 'kernel' | 'gradient', op: string, fault: string, change: Change): Mutant {
  return {
    kind,
    name: `${op}: ${fault}`,
    subject: op,
    async cases(broken) {
      const runtime = broken ? await runtimeWith(op, change) : reference;
      const own = tables.filter((table) => table.op.name === op);
      if (own.length === 0) throw new Error(`${op}: no case table has this name`);
      return opConformance({ runtime, reference, checkGradients }, own);
    },
  };
}

const x: Expression = { input: 0 };
const times = (a: Expression, b: Expression): Expression => ({ binary: 'mul', x: a, y: b });
const minus = (a: Expression, b: Expression): Expression => ({ binary: 'sub', x: a, y: b });

/** `a · b` without the last product of each sum. */
const shortProducts: JsKernel = {
  language: 'js',
  prepare({ inputs: [a, b], outputs: [y], attributes: { transposeA, transposeB } }) {
    const [m = 0, n = 0] = (y?.shape ?? []).slice(-2);
    const k = (transposeA === true ? a?.shape.at(-2) : a?.shape.at(-1)) ?? 0;
    const batch = y?.shape.length === 3 ? (y.shape[0] ?? 1) : 1;
    const sizeB = (b?.shape.at(-1) ?? 0) * (b?.shape.at(-2) ?? 0);
    return ([out], [left, right]) => {
      if (!out || !left || !right) return;
      for (let at = 0; at < batch; at++)
        for (let i = 0; i < m; i++)
          for (let j = 0; j < n; j++) {
            let sum = 0;
            for (let p = 0; p < k - 1; p++) {
              const l = left[at * m * k + (transposeA === true ? p * m + i : i * k + p)] ?? 0;
              sum += l * (right[at * sizeB + (transposeB === true ? j * k + p : p * n + j)] ?? 0);
            }
            out[at * m * n + i * n + j] = sum;
          }
    };
  },
};

/** `eˣ / Σ eˣ`, which overflows. */
const boldSoftmax: JsKernel = {
  language: 'js',
  prepare({ inputs: [spec] }) {
    const width = spec?.shape.at(-1) ?? 0;
    const rows = width === 0 ? 0 : (spec?.shape ?? []).reduce((product, length) => product * length, 1) / width;
    return ([out], [from]) => {
      if (!out || !from) return;
      for (let row = 0; row < rows; row++) {
        let sum = 0;
        for (let i = row * width; i < (row + 1) * width; i++) sum += Math.exp(from[i] ?? 0);
        for (let i = row * width; i < (row + 1) * width; i++) out[i] = Math.exp(from[i] ?? 0) / sum;
      }
    };
  },
};

function opNamed(name: string): Op {
  for (const op of definedOps()) if (op.name === name) return op;
  throw new Error(`no op is called ${name}`);
}
const runOf = (name: string, ...inputs: readonly [Tensor, ...Tensor[]]): Tensor | null =>
  inputs[0].runtime.run(opNamed(name), inputs)[0] ?? null;

const kernels: readonly Mutant[] = [
  opMutant(
    'kernel',
    'core/matmul',
    'the last product of each sum is lost (off by one)',
    kernel(() => shortProducts),
  ),
  opMutant(
    'kernel',
    'core/matmul',
    'the last column is never written',
    output((out, size, before, { outputs: [y] }) => {
      const columns = y?.shape.at(-1) ?? 1;
      for (let i = columns - 1; i < size; i += columns) out[i] = before[i] ?? 0;
    }),
  ),
  opMutant(
    'kernel',
    'core/reduce',
    'NaN becomes 0',
    output((out, size) => {
      for (let i = 0; i < size; i++) if (Number.isNaN(out[i])) out[i] = 0;
    }),
  ),
  opMutant(
    'kernel',
    'core/reduce',
    'the axes are counted from the wrong end',
    attributes((given, { inputs: [spec] }) => {
      const rank = spec?.shape.length ?? 0;
      const axes = Array.isArray(given.axes) ? given.axes.map((axis: number) => rank - 1 - axis) : [];
      return { ...given, axes };
    }),
  ),
  opMutant(
    'kernel',
    'core/relu',
    'NaN becomes 0',
    expressions(() => ({
      expressions: () => [{ where: { binary: 'lt', x: { constant: 0 }, y: x }, x, y: { constant: 0 } }],
    })),
  ),
  opMutant(
    'kernel',
    'core/gelu',
    'the half is lost (scale)',
    expressions((op) => ({ expressions: (given) => op.expressions(given).map((e) => times({ constant: 2 }, e)) })),
  ),
  opMutant(
    'kernel',
    'core/softmax',
    'the maximum is not subtracted',
    kernel(() => boldSoftmax),
  ),
  opMutant(
    'kernel',
    'core/cumulative',
    'exclusive is ignored (off by one)',
    attributes((given) => ({ ...given, exclusive: false })),
  ),
];

const gradients: readonly Mutant[] = [
  opMutant(
    'gradient',
    'core/mul',
    'each factor has the gradient of the other',
    expressions(({ derivatives }) => ({
      derivatives: typeof derivatives === 'function' ? (given) => [...derivatives(given)].reverse() : derivatives,
    })),
  ),
  opMutant(
    'gradient',
    'core/tanh',
    'the square is lost: dy · (1 − y)',
    expressions(() => ({ derivatives: () => [times({ input: 2 }, minus({ constant: 1 }, { input: 1 }))] })),
  ),
  opMutant(
    'gradient',
    'core/matmul',
    'the second operand’s is doubled (scale)',
    gradient((rule) => (context) => {
      const [a = null, b = null] = rule(context);
      return [a, b && runOf('core/add', b, b)];
    }),
  ),
  opMutant(
    'gradient',
    'cnn/conv2d',
    'the filters have none',
    gradient((rule) => (context) => [rule(context)[0] ?? null, null]),
  ),
  opMutant(
    'gradient',
    'core/softmax',
    'the sum over the row is forgotten',
    gradient(() => ({ dy: [dy], output: of }) => [dy ? runOf('core/mul', dy, of(0)) : null]),
  ),
  opMutant(
    'gradient',
    'core/where',
    'it reaches both branches',
    expressions(() => ({ derivatives: () => [null, { input: 4 }, { input: 4 }] })),
  ),
];

/** A backend whose device was changed after opening. */
const backendWith = (change: (device: Device) => void): Backend => ({
  ...cpu(),
  async open(options) {
    const device = await cpu().open(options);
    if (!('unavailable' in device)) change(device);
    return device;
  },
});

function deviceMutant(fault: string, change: (device: Device) => void): Mutant {
  return {
    kind: 'memory',
    name: `cpu: ${fault}`,
    subject: 'cpu',
    cases: async (broken) => backendConformance(broken ? backendWith(change) : cpu()),
  };
}

const memory: readonly Mutant[] = [
  deviceMutant('free() forgets the buffer (leak)', (device) => {
    device.free = () => {};
  }),
  deviceMutant('a download is the memory itself', (device) => {
    const { view } = device;
    if (!view) throw new Error('cpu: must have view()');
    device.download = async (slot) =>
      view.call(device, slot).subarray(
        0,
        slot.spec.shape.reduce((a, b) => a * b, 1),
      );
  }),
  deviceMutant('offsets are one element short', (device) => {
    const { view } = device;
    if (!view) throw new Error('cpu: must have view()');
    device.view = (slot) =>
      view.call(
        device,
        slot.offset === 0 ? slot : { ...slot, buffer: slot.buffer, spec: slot.spec, offset: slot.offset - 1 },
      );
  }),
  {
    kind: 'memory',
    name: 'core/concat: an input stays alive after the call (leak)',
    subject: 'core/concat',
    async cases(broken) {
      const runtime = broken ? await leaking('core/concat') : reference;
      return opConformance(
        { runtime, reference, checkGradients },
        tables.filter(({ op }) => op.name === 'core/concat'),
      );
    },
  },
];

/** A runtime that holds on to a second handle of an op's first input. */
async function leaking(name: string): Promise<Runtime> {
  const runtime = await createRuntime({ backends: [cpu()] });
  const run = runtime.run.bind(runtime);
  runtime.run = (op, inputs, given, args) => {
    const [first] = inputs;
    if (op.name === name && first) runtime.keep(runtime.reshape(first, first.shape));
    return run(op, inputs, given, args);
  };
  return runtime;
}

export const opMutants: readonly Mutant[] = [...kernels, ...gradients, ...memory];
