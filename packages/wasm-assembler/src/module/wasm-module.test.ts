import { expect, test } from 'vitest';
import { listing } from '../listing/listing.ts';
import { bytes, constant, f32, i32, i64, select, v128 } from '../value/namespaces.ts';
import { type WasmModule, wasmModule } from './wasm-module.ts';

type Functions = Readonly<Record<string, (...args: unknown[]) => unknown>>;
function run(m: WasmModule, imports: WebAssembly.Imports = {}): Functions {
  return new WebAssembly.Instance(new WebAssembly.Module(m.toBytes()), imports).exports as Functions;
}

test('an empty module, and one function', () => {
  expect(Object.keys(run(wasmModule()))).toEqual([]);
  const m = wasmModule();
  m.function('half', { parameters: { x: 'f64' }, result: 'f64' }, (_f, { x }) => x.mul(0.5));
  expect(run(m).half?.(3)).toBe(1.5);
});

test('loop counts from, to and step like a for loop, and computes its bounds once', () => {
  const m = wasmModule();
  m.function('sum', { parameters: { from: 'i32', to: 'i32' }, result: 'i32' }, (f, { from, to }) => {
    const total = f.local('i32');
    const end = f.let(to);
    f.loop(from, end, 3, (i) => {
      total.set(total.add(i));
      end.set(0);
    });
    return total;
  });
  const { sum } = run(m);
  for (const [from, to] of [
    [0, 0],
    [0, 1],
    [0, 9],
    [-4, 4],
    [5, -5],
  ] as const) {
    let expected = 0;
    for (let i = from; i < to; i += 3) expected += i;
    expect(sum?.(from, to)).toBe(expected);
  }
});

test('while, repeat, if, branch and return', () => {
  const m = wasmModule();
  m.function('collatz', { parameters: { start: 'i32' }, result: 'i32' }, (f, { start }) => {
    const steps = f.local('i32');
    f.while(
      () => start.ne(1),
      (exit) => {
        f.branchIf(exit, steps.gt_s(1000));
        f.if(
          start.and(1),
          () => start.set(start.mul(3).add(1)),
          () => start.set(start.shr_u(1)),
        );
        steps.set(steps.add(1));
      },
    );
    return steps;
  });
  m.function('atLeastOnce', { parameters: { n: 'i32' }, result: 'i32' }, (f, { n }) => {
    const rounds = f.local('i32', 0);
    f.repeat(
      () => {
        rounds.set(rounds.add(1));
        n.set(n.sub(1));
      },
      () => n.gt_s(0),
    );
    f.if(rounds.gt_s(5), () => f.return(constant('i32', -1)));
    return rounds;
  });
  const { collatz, atLeastOnce } = run(m);
  expect([1, 2, 6, 27].map((n) => collatz?.(n))).toEqual([0, 1, 8, 111]);
  expect([-3, 1, 5, 6].map((n) => atLeastOnce?.(n))).toEqual([1, 1, 5, -1]);
});

test('a branch table goes to its labels and elsewhere to the other one', () => {
  const m = wasmModule();
  m.function('pick', { parameters: { x: 'i32' }, result: 'i32' }, (f, { x }) => {
    f.block((other) => {
      f.block((second) => {
        f.block((first) => f.branchTable(x, [first, second], other));
        f.return(constant('i32', 10));
      });
      f.return(constant('i32', 20));
    });
    return constant('i32', 30);
  });
  expect([0, 1, 2, -1].map((x) => run(m).pick?.(x))).toEqual([10, 20, 30, 30]);
});

test('functions call each other and imports; select takes vectors too', () => {
  const m = wasmModule();
  const seen: number[] = [];
  const log = m.importFunction('host', 'log', { parameters: { x: 'i32' } });
  const ask = m.importFunction('host', 'ask', { result: 'i32' });
  m.memory({ initial: 1, exportAs: 'bytes' });
  const square = m.function('square', { parameters: { x: 'i32' }, result: 'i32', exported: false }, (_f, { x }) =>
    x.mul(x),
  );
  m.function('run', { parameters: { yes: 'i32' } }, (f, { yes }) => {
    f.do(log({ x: square({ x: ask({}) }) }));
    f.drop(ask({}));
    const ones = bytes(Array(16).fill(1));
    f.v128.store(0, select(yes, ones, v128.not(ones)));
  });
  const host = { ask: () => 7, log: (x: number) => seen.push(x) };
  const made = run(m, { host });
  made.run?.(0);
  expect(seen).toEqual([49]);
  const memory: unknown = made.bytes;
  expect(memory instanceof WebAssembly.Memory && new Uint8Array(memory.buffer)[15]).toBe(254);
  expect(Object.keys(made)).toEqual(['run', 'bytes']);
});

test('memory: imported or own, shared or not, with data', () => {
  const own = wasmModule();
  own.memory({ initial: 1, exportAs: 'memory' });
  own.data(1000, new Uint8Array([1, 2, 3, 4]));
  own.function('read', { result: 'i32' }, () => i32.load(0, 1000));
  expect(run(own).read?.()).toBe(0x04030201);

  const shared = wasmModule();
  shared.importMemory('env', 'memory', { initial: 1, maximum: 2, shared: true });
  shared.function('write', { parameters: { x: 'f32' } }, (f, { x }) => f.f32.store(8, x));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  run(shared, { env: { memory } }).write?.(1.5);
  expect(new Float32Array(memory.buffer)[2]).toBe(1.5);
});

test('locals of a body are registers again after it, and begin at 0 or their value', () => {
  const m = wasmModule();
  m.function('run', { parameters: { x: 'i32' }, result: 'i32' }, (f, { x }) => {
    f.if(x, () => {
      const a = f.local('i32', 5);
      a.set(a.add(1));
    });
    const b = f.local('i32');
    return b;
  });
  expect(run(m).run?.(1)).toBe(0);
  expect(listing(m)).toBe(
    'run($x: i32): i32\n  if $x\n    $r1 = 5\n    $r1 = (i32.add $r1 1)\n  $r1 = 0\n  return $r1',
  );
});

test('the listing shows every form; a block that nothing branches to is none', () => {
  const m = wasmModule();
  m.memory({ initial: 1 });
  m.function('all', { parameters: { p: 'i32', v: 'v128' } }, (f, { p }) => {
    f.loop(0, 2, (i, exit) => {
      f.i32.store(p, i, 4);
      f.branchTable(i, [exit], exit);
    });
    f.if(
      p,
      () => f.unreachable(),
      () => f.return(),
    );
    f.while(
      () => p.lt_s(3),
      (exit) => f.branch(exit),
    );
    f.drop(select(p, f32.load(p, 8), constant('f32', 1)));
    f.v128.store(0, v128.not(bytes(Array(16).fill(2))));
  });
  expect(listing(m).split('\n')).toEqual([
    'all($p: i32, $v: v128)',
    '  block @0',
    '    $r2 = 0',
    '    if (i32.lt_s $r2 2)',
    '      loop @2',
    '        (i32.store $p $r2 +4)',
    '        branch [@0][$r2] or @0',
    '        $r2 = (i32.add $r2 1)',
    '        branch @2 if (i32.lt_s $r2 2)',
    '  if $p',
    '    unreachable',
    '  else',
    '    return',
    '  block @0',
    '    loop @1',
    '      branch @0 if (i32.eqz (i32.lt_s $p 3))',
    '      branch @0',
    '      branch @1',
    '  drop (select (f32.load $p +8) 1 $p)',
    '  (v128.store 0 (v128.not v128[2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2]))',
  ]);
});

test('constants keep all their bits', () => {
  const m = wasmModule();
  const whole = [0, -1, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31), 0xffffffff];
  for (const [i, x] of whole.entries()) m.function(`i${i}`, { result: 'i32' }, () => constant('i32', x));
  const long = [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 127n, 128n];
  for (const [i, x] of long.entries()) m.function(`l${i}`, { result: 'i64' }, () => constant('i64', x));
  m.function('f', { result: 'f64' }, () => constant('f64', 0.1));
  const made = run(m);
  for (const [i, x] of whole.entries()) expect(made[`i${i}`]?.()).toBe(x | 0);
  for (const [i, x] of long.entries()) expect(made[`l${i}`]?.()).toBe(x);
  expect(made.f?.()).toBe(0.1);
});

test('mistakes are told where they are made', () => {
  const m = wasmModule();
  const wrong = (write: () => unknown, message: string): void => expect(write).toThrow(message);
  wrong(() => constant('i32', 1.5), 'a constant must be a whole number of i32, got 1.5');
  wrong(() => constant('i32', 2 ** 32), 'got 4294967296');
  wrong(() => i32.load(0, -1), 'i32.load: the offset must be a whole number from 0');
  wrong(() => bytes([1]), 'there must be 16 bytes, got [1]');
  // @ts-expect-error operands of another type are refused by the compiler, and when the module is written
  wrong(() => i32.add(constant('f32', 1), 2), 'i32.add: an operand must be i32, got f32');
  // @ts-expect-error only locals can be set
  wrong(() => m.function('a', {}, (f) => f.let(constant('i32', 1)).add(1).set(2)), 'set is not a function');
  wrong(() => i64.add(1, 0.5), 'whole number of i64');
  wrong(() => m.memory({ initial: 1, shared: true }), 'must have a maximum');
  wrong(() => m.memory({ initial: 2, maximum: 1 }), 'got 2 and 1');
  m.memory({ initial: 1 });
  wrong(() => m.memory({ initial: 1 }), 'at most one memory');
  m.function('twin', {}, () => undefined);
  wrong(() => m.function('twin', {}, () => undefined), "got 'twin' twice");
  wrong(
    () => m.function('step', {}, (f) => f.loop(0, 1, 0, () => {})),
    'the step must be a whole number of at least 1',
  );
  const other = wasmModule();
  const foreign = m.function('foreign', {}, () => undefined);
  other.function('calls', {}, (f) => f.do(foreign({})));
  wrong(() => other.toBytes(), "'foreign' must be a function of this module");
  const escaped = wasmModule();
  escaped.function('escape', {}, (f) => {
    let label: Parameters<typeof f.branch>[0] | undefined;
    f.block((exit) => {
      label = exit;
    });
    if (label) f.branch(label);
  });
  wrong(() => escaped.toBytes(), 'a branch must go to a label that encloses it');
});
