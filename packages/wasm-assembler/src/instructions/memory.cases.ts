/** One use of each instruction that touches memory. Before each, bytes 256 … 287 hold `before`; a statement's effect is on them. */
import { data, type Given } from './execute.fixture.ts';
import type { InstructionCase } from './scalar.cases.ts';

export interface MemoryCase extends InstructionCase {
  /** Bytes from `data` on afterwards, as many as matter. */
  readonly after?: readonly number[];
}
export const before: readonly number[] = Array.from({ length: 32 }, (_, i) => (0x81 + 9 * i) & 255);
const view = new DataView(Uint8Array.from(before).buffer);
const read = (name: string, expected: InstructionCase['expected'], offset = 0): MemoryCase => ({
  name,
  given: [data, offset],
  expected,
});
const write = (name: string, value: Given, after: readonly number[]): MemoryCase => ({
  name,
  given: [data, value, 0],
  expected: undefined,
  after,
});
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const at = (i: number): number => before[i] as number;
const vector = range(16).map((i) => 100 + i);
const little = (value: bigint, bytes: number): number[] =>
  range(bytes).map((i) => Number((value >> BigInt(8 * i)) & 255n));
const extend = (bytes: number, lanes: number, signed: boolean): number[] =>
  range(lanes).flatMap((i) => {
    const raw = before.slice(i * bytes, (i + 1) * bytes);
    return [...raw, ...Array(bytes).fill(signed && (raw.at(-1) as number) > 127 ? 255 : 0)];
  });
const rmw: Readonly<Record<string, (old: bigint, given: bigint) => bigint>> = {
  add: (old, given) => old + given,
  sub: (old, given) => old - given,
  and: (old, given) => old & given,
  or: (old, given) => old | given,
  xor: (old, given) => old ^ given,
  xchg: (_, given) => given,
};

export const memoryCases: readonly MemoryCase[] = [
  read('i32.load', view.getInt32(4, true), 4),
  read('i64.load', view.getBigInt64(8, true), 8),
  read('f32.load', view.getFloat32(4, true), 4),
  read('f64.load', view.getFloat64(8, true), 8),
  read('i32.load8_s', view.getInt8(0)),
  read('i32.load8_u', view.getUint8(0)),
  read('i32.load16_s', view.getInt16(0, true)),
  read('i32.load16_u', view.getUint16(0, true)),
  read('i64.load8_s', BigInt(view.getInt8(0))),
  read('i64.load8_u', BigInt(view.getUint8(0))),
  read('i64.load16_s', BigInt(view.getInt16(0, true))),
  read('i64.load16_u', BigInt(view.getUint16(0, true))),
  read('i64.load32_s', BigInt(view.getInt32(0, true))),
  read('i64.load32_u', BigInt(view.getUint32(0, true))),
  write('i32.store', 0x01020304, [4, 3, 2, 1, at(4)]),
  write('i64.store', 5n, [5, 0, 0, 0, 0, 0, 0, 0, at(8)]),
  write('f32.store', 1, [0, 0, 128, 63, at(4)]),
  write('f64.store', 1, [0, 0, 0, 0, 0, 0, 240, 63, at(8)]),
  write('i32.store8', 0x102, [2, at(1)]),
  write('i32.store16', 0x10203, [3, 2, at(2)]),
  write('i64.store8', 0x102n, [2, at(1)]),
  write('i64.store16', 0x10203n, [3, 2, at(2)]),
  write('i64.store32', 2n ** 32n + 7n, [7, 0, 0, 0, at(4)]),
  { name: 'memory.size', given: [], expected: 1 },
  { name: 'memory.grow', given: [2], expected: 1 },
  { name: 'memory.copy', given: [data, data + 4, 2], expected: undefined, after: [at(4), at(5), at(2)] },
  { name: 'memory.fill', given: [data, 7, 3], expected: undefined, after: [7, 7, 7, at(3)] },
  read('v128.load', before.slice(8, 24), 8),
  read('v128.load8x8_s', extend(1, 8, true)),
  read('v128.load8x8_u', extend(1, 8, false)),
  read('v128.load16x4_s', extend(2, 4, true)),
  read('v128.load16x4_u', extend(2, 4, false)),
  read('v128.load32x2_s', extend(4, 2, true)),
  read('v128.load32x2_u', extend(4, 2, false)),
  ...[8, 16, 32, 64].map((bits) =>
    read(
      `v128.load${bits}_splat`,
      range(16).map((i) => at(i % (bits / 8))),
    ),
  ),
  read('v128.load32_zero', [...before.slice(0, 4), ...Array(12).fill(0)]),
  read('v128.load64_zero', [...before.slice(0, 8), ...Array(8).fill(0)]),
  write('v128.store', vector, [...vector, at(16)]),
  ...[8, 16, 32, 64].flatMap((bits): MemoryCase[] => {
    const size = bits / 8;
    return [
      {
        name: `v128.load${bits}_lane`,
        given: [data, vector, 1, 4],
        expected: vector.map((value, i) => (i >= size && i < 2 * size ? at(4 + i - size) : value)),
      },
      {
        name: `v128.store${bits}_lane`,
        given: [data, vector, 1, 0],
        expected: undefined,
        after: [...vector.slice(size, 2 * size), at(size)],
      },
    ];
  }),
  read('i32.atomic.load', view.getInt32(4, true), 4),
  read('i64.atomic.load', view.getBigInt64(8, true), 8),
  write('i32.atomic.store', 9, [9, 0, 0, 0, at(4)]),
  write('i64.atomic.store', 9n, [9, 0, 0, 0, 0, 0, 0, 0, at(8)]),
  ...Object.entries(rmw).flatMap(([name, f]): MemoryCase[] => [
    {
      name: `i32.atomic.rmw.${name}`,
      given: [data, 77, 0],
      expected: view.getInt32(0, true),
      after: little(f(BigInt(view.getInt32(0, true)), 77n), 4),
    },
    {
      name: `i64.atomic.rmw.${name}`,
      given: [data, 77n, 0],
      expected: view.getBigInt64(0, true),
      after: little(f(view.getBigInt64(0, true), 77n), 8),
    },
  ]),
  {
    name: 'i32.atomic.rmw.cmpxchg',
    given: [data, view.getInt32(0, true), 3, 0],
    expected: view.getInt32(0, true),
    after: [3, 0, 0, 0, at(4)],
  },
  {
    name: 'i64.atomic.rmw.cmpxchg',
    given: [data, 1n, 3n, 0],
    expected: view.getBigInt64(0, true),
    after: before.slice(0, 8),
  },
  { name: 'memory.atomic.notify', given: [data, 1, 0], expected: 0 },
  // 1: the value is not the expected one, so nobody waits.
  { name: 'memory.atomic.wait32', given: [data, 1, 0n, 0], expected: 1 },
  { name: 'memory.atomic.wait64', given: [data, 1n, 0n, 0], expected: 1 },
  { name: 'atomic.fence', given: [], expected: undefined },
];
