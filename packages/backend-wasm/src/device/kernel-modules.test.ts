/** Modules: one for a key, at most 256 alive, compiled again when they come back; the import of a shared memory. */
import { wasmModule } from '@dendrite/wasm-assembler';
import { describe, expect, test, vi } from 'vitest';
import { type KernelModule, KernelModules, mostModules, type Publisher } from './kernel-modules.ts';
import { withSharedMemory } from './shared-import.ts';

/** `run` stores `value` at its first argument; `math.pow` is imported too, before the memory or behind it. */
function emit(value: number, initial = 1): Uint8Array<ArrayBuffer> {
  const m = wasmModule();
  m.importFunction('math', 'pow', { parameters: { x: 'f64', y: 'f64' }, result: 'f64' });
  m.importMemory('env', 'memory', { initial });
  m.function('run', { parameters: { to: 'i32' } }, (f, { to }) => f.i32.store(to, value));
  return m.toBytes();
}
const run = (modules: KernelModules, module: KernelModule, to: number): void =>
  modules.use(module)[module.entry('run')]?.(to);

test('at most 256 are alive; the one run longest ago goes first and comes back when it is run', () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const modules = new KernelModules(memory);
  const owner = {};
  const all = Array.from({ length: mostModules + 40 }, (_, i) => {
    const module = modules.of(owner, String(i), () => emit(i), 'acme/op');
    // The first is run all the time, and stays.
    if (i > 0) run(modules, all0(), 8);
    return module;
  });
  function all0(): KernelModule {
    return modules.of(owner, '0', () => emit(0), 'acme/op');
  }
  expect(modules.live).toBe(mostModules);
  expect(modules.compiled).toBe(mostModules + 40);
  const words = new Int32Array(memory.buffer);
  all.forEach((module, i) => {
    run(modules, module, 4 * i + 16);
  });
  expect([...words.subarray(4, 4 + all.length)]).toEqual(all.map((_, i) => i));
  expect(modules.live).toBe(mostModules);
  expect(modules.of(owner, String(mostModules + 39), () => emit(-1), 'acme/op')).toBe(all.at(-1));
  expect(modules.of({}, '0', () => emit(7), 'acme/op')).not.toBe(all[0]);
});

test('workers hear of a module when it is first shared, and of its end', () => {
  const heard: string[] = [];
  const publisher: Publisher = {
    prepare: withSharedMemory,
    publish: (slot, bytes) => heard.push(`${slot} ${bytes ? 'there' : 'gone'}`),
  };
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 10, shared: true });
  const modules = new KernelModules(memory, publisher);
  const first = modules.of({}, '0', () => emit(1), 'acme/op');
  expect(heard).toEqual([]);
  modules.share(first);
  modules.share(first);
  expect(heard).toEqual(['0 there']);
  for (let i = 1; i <= mostModules; i++) modules.of({}, String(i), () => emit(i), 'acme/op');
  expect(heard).toEqual(['0 there', '0 gone']);
  run(modules, first, 8);
  expect(new Int32Array(memory.buffer)[2]).toBe(1);
});

describe('what is wrong with a kernel is an error that names its op', () => {
  const modules = new KernelModules(new WebAssembly.Memory({ initial: 1 }));
  const of = (emit: () => Uint8Array<ArrayBuffer>): KernelModule => modules.of({}, '', emit, 'acme/op');
  test('a missing export', () => {
    expect(() => of(() => emit(0)).entry('walk')).toThrow("acme/op: its wasm kernel must export 'walk', got [run]");
  });
  test('bytes that are no module, without advice about a policy', () => {
    expect(() => of(() => new Uint8Array(8))).toThrow(
      /^acme\/op: its wasm kernel must compile, got CompileError.*(?<!eval'\.)$/,
    );
  });
  test('a module that the policy forbids, with the advice', () => {
    const forbid = vi.spyOn(WebAssembly, 'Module').mockImplementation(function refuse(): never {
      throw new WebAssembly.CompileError('Wasm code generation disallowed by embedder');
    });
    try {
      expect(() => of(() => emit(0))).toThrow("must allow 'wasm-unsafe-eval'");
    } finally {
      forbid.mockRestore();
    }
  });
  test('an import that nobody gives', () => {
    const m = wasmModule();
    m.importFunction('env', 'log');
    expect(() => of(() => m.toBytes())).toThrow(/^acme\/op: its wasm kernel must compile, got .*LinkError/);
  });
  test('a mistake in the code that writes it', () => {
    const wrong = (): never => {
      throw new TypeError('i32.add: an operand must be i32');
    };
    expect(() => of(wrong)).toThrow('acme/op: its wasm kernel must be written without error, got TypeError: i32.add');
  });
});

test('only the import of the memory changes, whatever limits it had', () => {
  const plain = emit(5, 300);
  const shared = withSharedMemory(plain);
  expect(WebAssembly.Module.imports(new WebAssembly.Module(shared))).toEqual(
    WebAssembly.Module.imports(new WebAssembly.Module(plain)),
  );
  const memory = new WebAssembly.Memory({ initial: 300, maximum: 400, shared: true });
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(shared), { env: { memory }, math: { pow: Math.pow } })
    .exports as { run: (to: number) => void };
  run(64);
  expect(new Int32Array(memory.buffer)[16]).toBe(5);
  const limited = wasmModule();
  limited.importMemory('env', 'memory', { initial: 1, maximum: 200 });
  expect(() => new WebAssembly.Module(withSharedMemory(limited.toBytes()))).not.toThrow();
  const without = wasmModule();
  without.function('f', {}, () => {});
  expect(withSharedMemory(without.toBytes())).toEqual(without.toBytes());
});
