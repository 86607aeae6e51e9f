/**
 * Kernels that are loaded. A composite decomposes until its JavaScript kernel has come, and runs by it from then on; a primitive, and a
 * formula that the device does not lower, say what to load.
 */
import { type Backend, type CompositeOp, defineOp, type Executable, type Runtime, type Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { CpuDevice } from '../cpu/cpu-device.ts';
import { add } from '../ops/expression/arithmetic.ts';
import { matmul } from '../ops/matmul/matmul.ts';
import { createRuntime } from './create-runtime.ts';

/** `2·x`; the kernel writes `3·x`, so that it shows which of them ran. */
function twice(name: `${string}/${string}`, accepts: boolean): CompositeOp {
  return defineOp<CompositeOp>({
    '~dendrite': 'op',
    kind: 'composite',
    name,
    infer: ([x]) => (x ? [x] : []),
    saves: {},
    gradient: 'zero',
    decompose: ([x]) => (x ? [add(x, x)] : []),
    kernels: {
      js: async () => ({
        language: 'js',
        accepts: () => accepts,
        prepare:
          () =>
          ([y], [x]) => {
            for (let i = 0; y && x && i < x.length; i++) y[i] = 3 * (x[i] ?? 0);
          },
      }),
    },
  });
}
const ran = async (runtime: Runtime, op: CompositeOp): Promise<number | undefined> => {
  const [y] = runtime.scope(() => runtime.run(op, [runtime.tensor([1])])) as readonly { item(): Promise<number> }[];
  return y?.item();
};

test.each(['all', 'as needed'] as const)('kernels %s', async (kernels) => {
  const runtime = await createRuntime({ kernels });
  const op = twice(`test/${kernels === 'all' ? 'all' : 'needed'}`, true);
  expect(await ran(runtime, op)).toBe(2);
  expect(await ran(runtime, op)).toBe(2);
  await runtime.load(() => runtime.run(op, [runtime.tensor([1])]));
  expect(await ran(runtime, op)).toBe(3);
  expect(runtime.decisions().find(({ op: name }) => name === op.name)?.way).toBe('kernel');
  runtime.dispose();
});

test('a kernel that refuses the call leaves it to the decomposition', async () => {
  const op = twice('test/refused', false);
  const runtime = await createRuntime();
  expect(await ran(runtime, op)).toBe(2);
  runtime.dispose();
});

/** A device that runs JavaScript, has no kernel of its own and lowers nothing. */
class Bare extends CpuDevice {
  override readonly jsKernels = {};
  override prepareExpressions(): Executable {
    return undefined as never;
  }
}
const bare: Backend = {
  '~dendrite': 'backend',
  meta: { name: 'bare', version: '0', api: 1 },
  open: async () => new Bare(),
};
const calls: readonly (readonly [string, (x: Tensor) => Tensor])[] = [
  ['a primitive', (x) => matmul(x, x)],
  ['a formula', (x) => add(x, x)],
];

// In this order: what one runtime loads the others have.
test.each(calls)('%s without its kernel names load(), which brings it', async (_name, call) => {
  const runtime = await createRuntime({ backends: [bare], fallback: false, kernels: 'as needed' });
  const x = runtime.tensor([[2]]);
  expect(() => call(x)).toThrow(/js kernel must be loaded before it runs on cpu.*runtime\.load/);
  await runtime.load(() => call(x));
  await expect(call(x).toArray()).resolves.toEqual([[4]]);
});
