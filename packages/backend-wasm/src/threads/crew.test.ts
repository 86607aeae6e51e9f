/** Jobs in parts: every unit once, arguments and scratch as the kernel expects them, faults, deaths, ends. */
import { isDendriteError } from '@dendrite/spec';
import { i32, i32Rmw, wasmModule } from '@dendrite/wasm-assembler';
import { afterEach, expect, test } from 'vitest';
import { KernelModules } from '../device/kernel-modules.ts';
import { publisher } from '../device/publisher.ts';
import { WasmPool } from '../memory/wasm-pool.ts';
import { controlBytes } from './control-block.ts';
import { Crew } from './crew.ts';
import { type Job, partsOf } from './job.ts';
import { type WorkerHandle, workerStarter } from './start-worker.ts';

/**
 * `count(begin, end, to, scratch)`: counts each unit at `to + 4 · unit`, and notes there which scratch it had. `fail`: stops at
 * `to`. `forever`: does not end in a worker, whose scratch is not the caller's.
 */
function emit(): Uint8Array<ArrayBuffer> {
  const m = wasmModule();
  m.importMemory('env', 'memory', { initial: 1 });
  const parameters = { begin: 'i32', end: 'i32', to: 'i32', scratch: 'i32' } as const;
  m.function('count', { parameters }, (f, { begin, end, to, scratch }) => {
    f.loop(begin, end, (unit) => {
      const at = f.let(to.add(unit.shl(3)));
      f.drop(i32Rmw.add(at, 1));
      f.i32.store(at, scratch, 4);
    });
  });
  m.function('fail', { parameters }, (f, { begin, to }) => f.if(begin.ge_s(to), () => f.unreachable()));
  m.function('forever', { parameters }, (f, { to, scratch }) => {
    f.if(to.ne(scratch), () =>
      f.repeat(
        () => {},
        () => i32.eq(1, 1),
      ),
    );
  });
  return m.toBytes();
}

let open: { readonly crew: Crew; readonly workers: WorkerHandle[] } | undefined;
afterEach(async () => {
  await open?.crew.dispose();
  open = undefined;
});

function bench(options: { readonly threads: number; readonly callerParts?: number; readonly deadline?: number }) {
  const starter = workerStarter();
  const workers: WorkerHandle[] = [];
  const pool = new WasmPool(2 ** 24, { shared: true, from: controlBytes });
  const crew = new Crew({
    ...options,
    memory: pool.memory,
    start(setup, events) {
      const handle = starter(setup, events);
      workers.push(handle);
      return handle;
    },
  });
  open = { crew, workers };
  const modules = new KernelModules(pool.memory, publisher(pool, crew));
  const module = modules.of({}, 'count', emit, 'acme/count');
  const run = (name: string, units: number, parts: number, given: number[], stride = 0): void => {
    const part = Math.ceil(units / parts);
    const own = { scratchArgument: stride > 0 ? 1 : -1, scratchStride: stride };
    const job: Job = {
      module,
      entry: module.entry(name),
      units,
      part,
      parts: Math.ceil(units / part),
      shared: true,
      ...own,
    };
    const entry = modules.use(module)[job.entry];
    modules.share(module);
    if (entry) crew.run(job, entry, [0, 0, ...given]);
  };
  const words = (address: number, length: number): number[] => [...pool.view(address, length, 'int32')];
  return { crew, pool, modules, workers, run, words };
}
const raised = (run: () => void): string => {
  try {
    run();
  } catch (error) {
    if (isDendriteError(error, 'BACKEND')) return error.message;
    throw error;
  }
  return 'nothing';
};

test.each([1, 2, 5])('each unit is run once, by %i workers, which do all but one part', async (workers) => {
  const { crew, pool, run, words } = bench({ threads: 1 + workers, callerParts: 1 });
  await crew.settled;
  for (const [units, parts] of [
    [1, 1],
    [7, 7],
    [100, 3],
    [1000, 11],
  ] as const) {
    const { address } = pool.reserve(8 * units);
    pool.view(address, 2 * units, 'int32').fill(0);
    for (let i = 0; i < 50; i++) run('count', units, parts, [address, 4096], 128);
    const seen = words(address, 2 * units);
    expect(seen.filter((_, i) => i % 2 === 0)).toEqual(new Array(units).fill(50));
    // A thread's scratch lies a stride behind that of the one before.
    const own = seen.filter((_, i) => i % 2 === 1);
    for (const each of own) expect([...Array(workers + 1).keys()]).toContain((each - 4096) / 128);
    // The caller has taken the first part, or none.
    expect(own.lastIndexOf(4096)).toBeLessThan(Math.ceil(units / parts));
    if (parts > 1) expect(own.some((each) => each !== 4096)).toBe(true);
  }
});

test('workers that are still starting are not waited for', () => {
  const { crew, pool, run, words } = bench({ threads: 3 });
  const { address } = pool.reserve(64);
  pool.view(address, 16, 'int32').fill(0);
  run('count', 8, 8, [address, 77]);
  expect(words(address, 16)).toEqual(new Array(8).fill([1, 77]).flat());
  expect(crew.alive).toBe(3);
});

test('a part that fails in a worker is an error that says where, and the next job is done', async () => {
  const { crew, pool, run, words } = bench({ threads: 2, callerParts: 1 });
  await crew.settled;
  expect(raised(() => run('fail', 4, 4, [1, 0]))).toMatch(
    /^acme\/count: thread 1 must finish its part of the wasm kernel, got RuntimeError: unreachable/,
  );
  const { address } = pool.reserve(64);
  pool.view(address, 16, 'int32').fill(0);
  run('count', 8, 8, [address, 0]);
  expect(words(address, 16)).toEqual(new Array(8).fill([1, 0]).flat());
});

test('a part that fails in the caller leaves no part running', async () => {
  const { crew, run } = bench({ threads: 2, callerParts: 1 });
  await crew.settled;
  expect(() => run('fail', 4, 4, [0, 0])).toThrow(WebAssembly.RuntimeError);
  expect(raised(() => run('fail', 4, 1, [4, 0]))).toBe('nothing');
});

test('a worker that ends while it waits is replaced, and jobs go on meanwhile', async () => {
  const { crew, pool, run, words, workers } = bench({ threads: 2 });
  await crew.settled;
  await workers[0]?.end();
  const { address } = pool.reserve(64);
  pool.view(address, 16, 'int32').fill(0);
  run('count', 8, 8, [address, 0]);
  expect(words(address, 16)).toEqual(new Array(8).fill([1, 0]).flat());
  await expect.poll(() => workers.length).toBe(2);
  expect(crew.alive).toBe(2);
});

test('a worker that dies within a part is an error, and new ones are started', async () => {
  const { crew, pool, run, words, workers } = bench({ threads: 2, callerParts: 1, deadline: 200 });
  await crew.settled;
  expect(raised(() => run('forever', 2, 2, [512, 512], 128))).toContain(
    'must finish its part of a kernel within 0.2 s',
  );
  await expect.poll(() => workers.length).toBe(2);
  await expect.poll(() => crew.alive).toBe(2);
  const { address } = pool.reserve(64);
  pool.view(address, 16, 'int32').fill(0);
  run('count', 8, 8, [address, 0]);
  expect(words(address, 16)).toEqual(new Array(8).fill([1, 0]).flat());
});

test('workers that cannot start leave one thread, with the reason', async () => {
  const pool = new WasmPool(2 ** 24, { shared: true, from: controlBytes });
  let tries = 0;
  const crew = new Crew({
    threads: 2,
    memory: pool.memory,
    start(_setup, events) {
      tries++;
      queueMicrotask(() => events.ended('the policy forbids it'));
      return { async end() {} };
    },
  });
  await crew.settled;
  await expect.poll(() => crew.alive).toBe(1);
  expect(crew.reason).toBe('the policy forbids it; after 8 that ended no more are started');
  expect(tries).toBeLessThan(20);
});

test('what is cut into how many parts', () => {
  // Not to be cut; too little; enough; a call of more than 2 ms on one thread.
  expect(partsOf(100, undefined, 4)).toEqual({ part: 100, parts: 1, shared: false });
  expect(partsOf(100, 100, 4)).toEqual({ part: 100, parts: 1, shared: false });
  expect(partsOf(100, 1e5, 2)).toEqual({ part: 25, parts: 4, shared: true });
  // A part a thread where there is little; fewer threads where there is less.
  expect(partsOf(100, 1e4, 2)).toEqual({ part: 50, parts: 2, shared: true });
  expect(partsOf(100, 4e3, 8)).toEqual({ part: 34, parts: 3, shared: true });
  // Two and two and two would leave one thread with four.
  expect(partsOf(6, 1e6, 2)).toEqual({ part: 3, parts: 2, shared: true });
  expect(partsOf(11, 1e6, 2)).toEqual({ part: 3, parts: 4, shared: true });
  expect(partsOf(1, 1e9, 2)).toEqual({ part: 1, parts: 1, shared: false });
  expect(partsOf(1000, 1e6, 1)).toEqual({ part: 100, parts: 10, shared: false });
  expect(partsOf(3, 1, 2, true)).toEqual({ part: 2, parts: 2, shared: true });
  expect(partsOf(3, undefined, 2, true).shared).toBe(false);
});
