/** One use of each scalar instruction, with what the specification says it gives. */
import type { Given } from './execute.fixture.ts';

export interface InstructionCase {
  readonly name: string;
  readonly given: readonly Given[];
  readonly expected: number | bigint | readonly number[] | undefined;
}
const one = (name: string, given: readonly Given[], expected: InstructionCase['expected']): InstructionCase => ({
  name,
  given,
  expected,
});

/** Operands and results written once for 32 bits; 64 bits get the same as BigInt. */
const whole: readonly (readonly [string, readonly number[], number])[] = [
  ['eqz', [0], 1],
  ['eq', [3, 3], 1],
  ['ne', [3, 3], 0],
  ['lt_s', [-1, 1], 1],
  ['lt_u', [-1, 1], 0],
  ['gt_s', [-1, 1], 0],
  ['gt_u', [-1, 1], 1],
  ['le_s', [-1, -1], 1],
  ['le_u', [-1, 1], 0],
  ['ge_s', [-1, 1], 0],
  ['ge_u', [-1, 1], 1],
  ['ctz', [40], 3],
  ['popcnt', [0x55], 4],
  ['add', [7, -9], -2],
  ['sub', [7, 9], -2],
  ['mul', [-7, 9], -63],
  ['div_s', [-7, 2], -3],
  ['div_u', [7, 2], 3],
  ['rem_s', [-7, 2], -1],
  ['rem_u', [7, 4], 3],
  ['and', [12, 10], 8],
  ['or', [12, 10], 14],
  ['xor', [12, 10], 6],
  ['shl', [3, 2], 12],
  ['shr_s', [-8, 1], -4],
  ['shr_u', [8, 1], 4],
  ['rotl', [-2, 1], -3],
  ['rotr', [-3, 1], -2],
  ['extend8_s', [0x80], -128],
  ['extend16_s', [0x8000], -32768],
];
const comparing = /^(eqz?|ne|[lg][te]_[su])$/;

const real: readonly (readonly [string, readonly number[], number])[] = [
  ['eq', [1.5, 1.5], 1],
  ['ne', [1.5, 1.5], 0],
  ['lt', [1.5, 2], 1],
  ['gt', [1.5, 2], 0],
  ['le', [2, 2], 1],
  ['ge', [1.5, 2], 0],
  ['abs', [-1.5], 1.5],
  ['neg', [1.5], -1.5],
  ['ceil', [1.25], 2],
  ['floor', [-1.25], -2],
  ['trunc', [-1.75], -1],
  ['nearest', [2.5], 2],
  ['sqrt', [2.25], 1.5],
  ['add', [1.5, 2.25], 3.75],
  ['sub', [1.5, 2.25], -0.75],
  ['mul', [1.5, -2.5], -3.75],
  ['div', [3, -2], -1.5],
  ['min', [1.5, -2], -2],
  ['max', [1.5, -2], 1.5],
  ['copysign', [1.5, -2], -1.5],
];

export const scalarCases: readonly InstructionCase[] = [
  ...whole.flatMap(([name, given, expected]) => [
    one(`i32.${name}`, given, expected),
    one(`i64.${name}`, given.map(BigInt), comparing.test(name) ? expected : BigInt(expected)),
  ]),
  one('i32.clz', [1], 31),
  one('i64.clz', [1n], 63n),
  one('i64.extend32_s', [0x80000000n], -(2n ** 31n)),
  ...real.flatMap(([name, given, expected]) => [
    one(`f32.${name}`, given, expected),
    one(`f64.${name}`, given, expected),
  ]),
  one('i32.wrap_i64', [2n ** 32n + 5n], 5),
  ...['f32', 'f64'].flatMap((from) => [
    one(`i32.trunc_${from}_s`, [-1.75], -1),
    one(`i32.trunc_${from}_u`, [3e9], -1294967296),
    one(`i64.trunc_${from}_s`, [-1.75], -1n),
    one(`i64.trunc_${from}_u`, [2 ** 63], -(2n ** 63n)),
    one(`i32.trunc_sat_${from}_s`, [1e20], 2 ** 31 - 1),
    one(`i32.trunc_sat_${from}_u`, [-1], 0),
    one(`i64.trunc_sat_${from}_s`, [Number.NaN], 0n),
    one(`i64.trunc_sat_${from}_u`, [1e30], -1n),
    one(`${from}.convert_i32_s`, [-1], -1),
    one(`${from}.convert_i32_u`, [-1], from === 'f32' ? 2 ** 32 : 2 ** 32 - 1),
    one(`${from}.convert_i64_s`, [-1n], -1),
    one(`${from}.convert_i64_u`, [-1n], 2 ** 64),
  ]),
  one('i64.extend_i32_s', [-1], -1n),
  one('i64.extend_i32_u', [-1], 2n ** 32n - 1n),
  one('f32.demote_f64', [0.1], Math.fround(0.1)),
  one('f64.promote_f32', [1.5], 1.5),
  one('i32.reinterpret_f32', [1], 0x3f800000),
  one('i64.reinterpret_f64', [1], 0x3ff0000000000000n),
  one('f32.reinterpret_i32', [0x40000000], 2),
  one('f64.reinterpret_i64', [0x4000000000000000n], 2),
];
