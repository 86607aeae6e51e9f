/** Which backend is taken, and what is said of the others. */
import { type Backend, type Device, isDendriteError } from '@dendrite/spec';
import { afterEach, expect, test } from 'vitest';
import {
  cpu,
  createRuntime,
  defaultRuntime,
  describeBackends,
  exp,
  hasDefaultRuntime,
  init,
  nullBackend,
  ones,
  setDefaultRuntime,
  softmax,
  sum,
  tensor,
} from '../index.ts';

afterEach(() => setDefaultRuntime(undefined));

const absent: Backend = {
  '~dendrite': 'backend',
  meta: { name: '@acme/npu', version: '1.0.0', api: 1 },
  open: async () => ({ unavailable: 'no NPU on this machine: add one' }),
};
/** The CPU under another name. */
function pretend(name: string, software: boolean, log: string[] = []): Backend {
  return {
    '~dendrite': 'backend',
    meta: { name, version: '1.0.0', api: 1 },
    open: async () => {
      log.push(`${name} opened`);
      const device = (await cpu().open()) as Device;
      return Object.create(device, {
        name: { value: name },
        details: { value: `${name} in words` },
        software: { value: software },
        dispose: {
          value: async () => {
            log.push(`${name} closed`);
          },
        },
      }) as Device;
    },
  };
}

test('the first that works, with the reasons of all', async () => {
  const log: string[] = [];
  const runtime = await createRuntime({ backends: [absent, pretend('fast', false, log), pretend('slow', false, log)] });
  expect(runtime.name).toBe('fast');
  expect(runtime.choice).toEqual([
    { name: '@acme/npu', taken: false, why: 'no NPU on this machine: add one' },
    { name: 'fast', taken: true, why: 'fast in words' },
    { name: 'slow', taken: false, why: 'fast comes first and works' },
    { name: 'cpu', taken: false, why: 'fast comes first and works' },
  ]);
  expect(log).toEqual(['fast opened']);
});

test('the CPU is behind all', async () => {
  expect((await createRuntime()).choice).toEqual([{ name: 'cpu', taken: true, why: 'plain JavaScript, one thread' }]);
  expect((await createRuntime({ backends: [absent] })).name).toBe('cpu');
});

test('a software adapter is taken only where nothing else was asked for, and closed otherwise', async () => {
  const log: string[] = [];
  const both = await createRuntime({ backends: [pretend('soft', true, log), pretend('hard', false, log)] });
  expect(both.name).toBe('hard');
  expect(both.choice[0]).toEqual({
    name: 'soft',
    taken: false,
    why: 'soft in words is a software adapter; name this backend alone to use it',
  });
  expect(log).toEqual(['soft opened', 'soft closed', 'hard opened']);
  expect((await createRuntime({ backends: [pretend('soft', true)] })).name).toBe('soft');
});

test('a backend of another contract', async () => {
  const old = { ...absent, meta: { name: 'old', version: '9.0.0', api: 2 } } as Backend & { meta: { api: never } };
  const { choice } = await createRuntime({ backends: [old] });
  expect(choice[0]).toEqual({
    name: 'old',
    taken: false,
    why: 'it speaks version 2 of the backend contract, this core version 1',
  });
});

test('what is no backend is refused before any is opened', async () => {
  const log: string[] = [];
  const wrong = createRuntime({ backends: [pretend('fast', false, log), cpu as never] });
  await expect(wrong).rejects.toThrow(
    'createRuntime(): backends must be a list of backends, got function. Call the factory: backends: [wasm()], not [wasm].',
  );
  expect(log).toEqual([]);
});

test('an abort', async () => {
  const error = await createRuntime({ signal: AbortSignal.abort() }).catch((each: unknown) => each);
  expect(isDendriteError(error, 'ABORTED')).toBe(true);
  expect((error as Error).message).toBe('createRuntime(): opening was aborted.');
  const opened = await cpu()
    .open({ signal: AbortSignal.abort() })
    .catch((each: unknown) => each);
  expect(isDendriteError(opened, 'ABORTED')).toBe(true);
});

test('without fallback', async () => {
  const error = await createRuntime({ backends: [absent], fallback: false }).catch((each: unknown) => each);
  expect(isDendriteError(error, 'BACKEND')).toBe(true);
  expect((error as Error).message).toBe(
    'createRuntime(): one of the backends asked for must work here, got none of 1: @acme/npu (no NPU on this machine: add one). cpu() always works: put it behind them, or leave out fallback: false.',
  );
  expect((await createRuntime({ backends: [pretend('fast', false)], fallback: false })).choice).toHaveLength(1);
});

test('init() makes it the default', async () => {
  expect(defaultRuntime().name).toBe('cpu');
  expect(hasDefaultRuntime()).toBe(false);
  const runtime = await init({ backends: [pretend('fast', false)] });
  expect(defaultRuntime()).toBe(runtime);
  expect(hasDefaultRuntime()).toBe(true);
  expect(tensor([1]).runtime).toBe(runtime);
  expect(ones([2]).runtime).toBe(runtime);
});

test('describeBackends() tells it all as plain data', async () => {
  const runtime = await createRuntime({ backends: [absent] });
  const x = runtime.tensor([1, 2]);
  runtime.scope(() => void [exp(x), softmax(x), exp(runtime.tensor([], [0]))]);
  const described = describeBackends(runtime);
  expect(described).toMatchObject({
    name: 'cpu',
    software: false,
    languages: ['js'],
    dtypes: ['float32', 'float64', 'int32', 'uint8', 'bool'],
    choice: runtime.choice,
    memory: { live: 64, buffers: 1 },
  });
  const op = (name: string) => described.ops.find((each) => each.op === name);
  expect(op('core/matmul')).toEqual({ op: 'core/matmul', kind: 'primitive', kernels: ['js', 'wasm'], gradient: 'own' });
  expect(op('core/exp')).toEqual({ op: 'core/exp', kind: 'expression', kernels: [], gradient: 'expression' });
  expect(op('core/softmax')).toEqual({
    op: 'core/softmax',
    kind: 'composite',
    kernels: ['js', 'wasm'],
    gradient: 'own',
  });
  expect(op('core/less')?.gradient).toBe('zero');
  expect(described.decisions).toEqual([
    { op: 'core/exp', signature: 'float32 [2]', way: 'expression', label: 'js expression' },
    { op: 'core/exp', signature: 'float32 [0]', way: 'nothing' },
    { op: 'core/softmax', signature: 'float32 [2]', way: 'kernel', label: 'js' },
  ]);
  expect(JSON.parse(JSON.stringify(described))).toEqual(described);
  x.dispose();
});

test('the null backend: shapes, dispatches and bytes without data', async () => {
  const runtime = await createRuntime({ backends: [nullBackend()] });
  expect(runtime.name).toBe('null');
  const x = runtime.tensor(new Float32Array(1000), [10, 100]);
  const total = sum(exp(x), { axes: 1 });
  expect([total.shape, total.dtype]).toEqual([[10], 'float32']);
  expect((runtime.device as { dispatches?: number }).dispatches).toBe(2);
  expect(runtime.device.memory()).toEqual({ live: 8040, buffers: 3, pooled: 0, peak: 8040 });
  await expect(total.data()).rejects.toThrow(
    'null backend: values must not be read, for it keeps none. Use another backend to compute.',
  );
  expect(() => exp(runtime.tensor([[1, 2], [3]] as number[][]))).toThrow(/rectangular/);
});
