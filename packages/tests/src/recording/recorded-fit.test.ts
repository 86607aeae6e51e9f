/** Training with recorded steps: the bits of training without, in both modes, on each backend whose memory can be planned. */
import { wasm } from '@dendrite/backend-wasm';
import { cpu, createRuntime, leaves, relu } from '@dendrite/core';
import { batchNorm, classifier, dense, dropout, network, sequential } from '@dendrite/nn';
import { adam, sgd } from '@dendrite/optimizers';
import type { Backend, Runtime, Tree } from '@dendrite/spec';
import { describe, expect, test, vi } from 'vitest';

/** 37 rows of three classes: the last batch of 16 has 5. */
const rows = Array.from({ length: 37 }, (_, i) => ({
  a: Math.sin(i * 12.9898),
  b: Math.cos(i * 78.233),
  c: ((i * i) % 7) / 7,
  kind: `k${i % 3}`,
}));

const nets = {
  replay: (optimizer: AnyOptimizer) =>
    classifier(sequential(dense(8), batchNorm(), relu, dropout(0.3), dense(3)), { optimizer }),
  // The same layers under the same names, hence the same parameters and masks; but its code must run.
  checked: (optimizer: AnyOptimizer) =>
    classifier(
      network({ 0: dense(8), 1: batchNorm(), 2: relu, 3: dropout(0.3), 4: dense(3) }, (f, x) =>
        f[4](f[3](f[2](f[1](f[0](x))))),
      ),
      { optimizer },
    ),
};
type AnyOptimizer = ReturnType<typeof sgd> | ReturnType<typeof adam>;
const optimizers: Readonly<Record<string, () => AnyOptimizer>> = {
  'sgd with momentum': () => sgd({ learningRate: 0.1, momentum: 0.9 }),
  adam: () => adam({ learningRate: 0.01 }),
};

async function train(
  runtime: Runtime,
  net: ReturnType<(typeof nets)[keyof typeof nets]>,
  { epochs = 4, batchSize = 16 } = {},
): Promise<unknown> {
  const losses: unknown[] = [];
  const fitted = await net.fit(
    { rows, target: 'kind' },
    {
      runtime,
      seed: 5,
      epochs,
      batchSize,
      validation: 0.2,
      onProgress: ({ metrics }) => void losses.push(metrics),
    },
  );
  const read = async (tree: Tree): Promise<unknown> =>
    Promise.all(leaves(tree).map(async ({ tensor }) => Array.from(await tensor.data())));
  const found = { losses, params: await read(fitted.params), state: await read(fitted.state) };
  fitted.dispose();
  return found;
}

const backends: Readonly<Record<string, () => Backend>> = { cpu, wasm: () => wasm({ relaxed: false }) };
describe.each(Object.keys(backends))('on %s', (backend) => {
  test.each(Object.keys(optimizers))('%s', async (name) => {
    const open = () => createRuntime({ backends: [(backends[backend] ?? cpu)()] });
    const optimizer = optimizers[name] ?? adam;
    const eager = await open();
    // A device whose memory cannot be planned trains without recordings.
    Object.defineProperty(eager.device, 'addressing', { value: 'whole' });
    const expected = await train(eager, nets.replay(optimizer()));
    const runtime = await open();
    for (const mode of ['checked', 'replay'] as const) {
      expect(await train(runtime, nets[mode](optimizer()))).toEqual(expected);
      expect(runtime.live()).toMatchObject({ tensors: 0, bytes: 0 });
    }
  });
});

test('on wasm, a list of calls that was replayed 500 times is one function, with the same bits', async () => {
  const open = () => createRuntime({ backends: [wasm({ relaxed: false })] });
  const long = { epochs: 18, batchSize: 1 };
  const eager = await open();
  Object.defineProperty(eager.device, 'addressing', { value: 'whole' });
  const expected = await train(eager, nets.replay(adam({ learningRate: 0.01 })), long);
  const runtime = await open();
  const instance = vi.spyOn(WebAssembly, 'Instance');
  expect(await train(runtime, nets.replay(adam({ learningRate: 0.01 })), long)).toEqual(expected);
  // Where steps are made many in a call, another module repeats it.
  const lists = instance.mock.calls.filter(([, imports]) => 'k0' in (imports?.kernel ?? {}));
  expect(lists).toHaveLength(1);
  instance.mockRestore();
  expect(runtime.live()).toMatchObject({ tensors: 0, bytes: 0 });
});
