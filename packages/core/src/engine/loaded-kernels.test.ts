/** A composite whose JavaScript kernel is loaded: it decomposes until the kernel has come, and runs by it from then on. */
import { type CompositeOp, defineOp, type Runtime } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { add } from '../ops/expression/arithmetic.ts';
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
