/** Modules that run as they are written, and each mistake of an author told where it is made. Long: one list of mistakes. */
import { describe, expect, test } from 'vitest';
import type { CallStatement, FunctionBuilder } from '../function-builder/function-builder.ts';
import { listing } from '../listing/listing.ts';
import { bytes, constant, f32, f32x4, i8x16, i32, i64, memory, select, v128 } from '../value/namespaces.ts';
import type { Local, Value } from '../value/value.ts';
import { type WasmModule, wasmModule } from './wasm-module.ts';

/** What a program without types gives. */
const loose = <T>(given: unknown): T => given as T;

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
  const own: unknown = made.bytes;
  expect(own instanceof WebAssembly.Memory && new Uint8Array(own.buffer)[15]).toBe(254);
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
  expect(listing(m).split('\n')).toEqual([
    'export run($x: i32): i32',
    '  registers $r1: i32',
    '  if $x',
    '    $r1 = i32:5',
    '    $r1 = (i32.add $r1 i32:1)',
    '  $r1 = i32:0',
    '  return $r1',
  ]);
});

test('the listing shows every form; a block that nothing branches to is none', () => {
  const m = wasmModule();
  const log = m.importFunction('host', 'log', { parameters: { x: 'i64' } });
  m.memory({ initial: 1, maximum: 2, shared: true, exportAs: 'bytes' });
  m.data(8, new Uint8Array(3));
  m.function('all', { parameters: { p: 'i32', v: 'v128' } }, (f, { p, v }) => {
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
    f.do(log({ x: 5n }));
    f.v128.store(p, f32x4.replace_lane(v128.load64_lane(p, v, 0, 16), -0, 1));
    f.v128.store(p, i8x16.shuffle(v, v, [...Array(16).keys()]));
  });
  expect(listing(m).split('\n')).toEqual([
    'import host.log($x: i64)',
    'memory of 1 to 2 pages, shared, export bytes',
    'data at 8: 3 bytes',
    '',
    'export all($p: i32, $v: v128)',
    '  registers $r2: i32',
    '  block @0',
    '    $r2 = i32:0',
    '    if (i32.lt_s $r2 i32:2)',
    '      loop @2',
    '        (i32.store $p $r2 +4)',
    '        branch [@0][$r2] or @0',
    '        $r2 = (i32.add $r2 i32:1)',
    '        branch @2 if (i32.lt_s $r2 i32:2)',
    '  if $p',
    '    unreachable',
    '  else',
    '    return',
    '  block @0',
    '    loop @1',
    '      branch @0 if (i32.eqz (i32.lt_s $p i32:3))',
    '      branch @0',
    '      branch @1',
    '  drop (select (f32.load $p +8) f32:1 $p)',
    '  (v128.store i32:0 (v128.not v128[2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2]))',
    '  (call log i64:5)',
    '  (v128.store $p (f32x4.replace_lane (v128.load64_lane $p $v lane=0 +16) f32:-0 lane=1))',
    '  (v128.store $p (i8x16.shuffle $v $v lanes=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15))',
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

describe('what would be a wrong kernel, or an error of the engine, is one that names what is wrong', () => {
  const written = (write: (m: WasmModule) => unknown) => (): void => {
    const m = wasmModule();
    write(m);
    m.toBytes();
  };
  test.each<[string, (m: WasmModule) => unknown, string]>([
    [
      'a register of a body that has ended',
      (m) =>
        m.function('f', { parameters: { a: 'i32' }, result: 'i32' }, (f, { a }) => {
          const made: Local<'i32'>[] = [];
          f.if(a, () => made.push(f.let(a.mul(10))));
          const other = f.let(a.add(1));
          return other.add(made[0] ?? 0);
        }),
      'f: register 1 must be used in the body that made it',
    ],
    [
      'setting such a register',
      (m) =>
        m.function('f', { parameters: { a: 'i32' } }, (f, { a }) => {
          const made: Local<'i32'>[] = [];
          f.block(() => made.push(f.let(a.mul(10))));
          made[0]?.set(1);
        }),
      'f: register 1 must be used in the body that made it',
    ],
    [
      'a register that is read before it is set',
      (m) =>
        m.function('f', { parameters: { a: 'i32' }, result: 'i32' }, (f, { a }) => f.hoist(f.let(a.mul(10)).add(1))),
      'f hoist(): a value must be made of constants and parameters, got a register. Use let().',
    ],
    [
      'a parameter of another function',
      (m) => {
        const kept: Value<'i32'>[] = [];
        m.function('g', { parameters: { q: 'i32' } }, (_f, { q }) => void kept.push(q));
        m.function('f', { parameters: { a: 'i32' }, result: 'i32' }, (_f, { a }) => a.add(kept[0] ?? 0));
      },
      'f: register 0 must be used in the body that made it',
    ],
    [
      'a call without result that nothing holds',
      (m) => {
        const g = m.function('g', {}, () => {});
        m.function('f', {}, () => void g({}));
      },
      'call g: it must be used',
    ],
    [
      'a call with a result that nothing uses',
      (m) => {
        const g = m.importFunction('host', 'g', { result: 'i32' });
        m.function('f', {}, () => void g({}));
      },
      'call g: it must be used',
    ],
    [
      'an argument that a function does not have',
      (m) => {
        const g = m.function('g', { parameters: { a: 'i32' }, result: 'i32' }, (_f, { a }) => a);
        const call: (given: { a: number; c: number }) => Value<'i32'> = g;
        m.function('f', { result: 'i32' }, () => call({ a: 1, c: 3 }));
      },
      "call g: its arguments must be [a], got 'c' too",
    ],
    [
      'a result where none is declared',
      (m) => m.function('f', { parameters: { a: 'i32' } }, (f, { a }) => f.return(a)),
      'f return(): a function without a result must give nothing',
    ],
    [
      'a loop without a body',
      (m) => m.function('f', {}, (f) => f.loop(0, 10, loose<number>(1), loose(undefined))),
      'f loop(): the body must be a function, got undefined',
    ],
    [
      'a statement behind the end',
      (m) => {
        const kept: FunctionBuilder[] = [];
        m.function('f', {}, (f) => void kept.push(f));
        kept[0]?.unreachable();
      },
      'f: statements must be added while its body is written',
    ],
    ['data between bytes', (m) => m.data(1.5, new Uint8Array(1)), 'data(): the offset must be a whole number'],
    ['data before the memory', (m) => m.data(-5, new Uint8Array(1)), 'got -5'],
    ['data without memory', (m) => m.data(0, new Uint8Array(1)), 'data(): the module must have a memory'],
    [
      'a load without memory',
      (m) => m.function('f', { result: 'i32' }, () => i32.load(0)),
      'f i32.load: the module must have a memory, got none',
    ],
    ['a size without memory', (m) => m.function('f', { result: 'i32' }, () => memory.size()), 'f memory.size: the'],
    [
      'a call that is dropped though it gives nothing',
      (m) => {
        const g = m.function('g', {}, () => {});
        m.function('f', {}, (f) => f.drop(loose<Value<'i32'>>(g({}))));
      },
      'f drop(): it takes a value, got a call without a result',
    ],
    [
      'a value where a call without result should be',
      (m) => m.function('f', {}, (f) => f.do(loose<CallStatement>(constant('i32', 1)))),
      'f do(): it takes a call without a result, got a value',
    ],
    [
      'a number without type',
      (m) => m.function('f', {}, (f) => void f.let(loose<Value<'i32'>>(5))),
      'f let(): it takes a value, got 5',
    ],
    [
      'nothing where a value should be',
      (m) => m.function('f', {}, (f) => void f.let(loose<Value<'i32'>>(undefined))),
      'f let(): it takes a value, got undefined',
    ],
    ['numbers to choose from', () => select(1, loose<Value<'i32'>>(5), loose(6)), 'select(): it takes a value, got 5'],
    [
      'an unknown type of a parameter',
      (m) => m.function('f', { parameters: { a: loose('float') } }, () => {}),
      'f: a type must be i32, i64, f32, f64, v128, got float',
    ],
    ['an unknown result', (m) => m.function('f', { result: loose('int') }, () => loose(1)), 'f result: a type must be'],
    ['an unknown register', (m) => m.function('f', {}, (f) => void f.local(loose<'i32'>('f16'))), 'f: a type must be'],
    [
      'a name exported twice',
      (m) => {
        m.memory({ initial: 1, exportAs: 'f' });
        m.function('f', {}, () => {});
      },
      "exports must have names of their own, got 'f'",
    ],
    ['a long number', () => constant('i64', 2n ** 70n), 'a whole number of i64, got 1180591620717411303424'],
    ['a long one of float64', () => constant('i64', -(2 ** 64)), 'a whole number of i64'],
    ['a text', () => constant('f32', loose('3')), 'a number of f32, got 3'],
    ['nothing', () => constant('f64', loose(undefined)), 'a number of f64, got undefined'],
  ])('%s', (_what, write, message) => {
    expect(written(write)).toThrow(message);
    expect(written(write)).toThrow(/^(?!.*(undefined \(reading|CompileError))/);
  });
});

test('a register may be used in bodies inside its own, and in the condition of a repeat', () => {
  const m = wasmModule();
  m.function('f', { parameters: { a: 'i32' }, result: 'i32' }, (f, { a }) => {
    const sum = f.local('i32');
    const seven = f.hoist(f.hoist(a).add(7));
    let i: Local<'i32'> | undefined;
    f.repeat(
      () => {
        i = f.let(sum.add(1));
        f.if(a, () => sum.set(sum.add(seven)));
        f.if(i.gt_s(1000), () => f.unreachable());
      },
      () => (i ?? sum).lt_s(30),
    );
    return sum;
  });
  expect(run(m).f?.(3)).toBe(40);
  expect(m.toBytes()).toEqual(m.toBytes());
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
