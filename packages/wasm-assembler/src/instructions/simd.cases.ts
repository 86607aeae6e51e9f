/** One use of each SIMD instruction (relaxed ones with operands for which they have no choice), lane by lane in BigInt and float. */
import { type Given, lanes } from './execute.fixture.ts';
import type { InstructionCase } from './scalar.cases.ts';

type Shape = Parameters<typeof lanes>[0];
const one = (name: string, given: readonly Given[], expected: InstructionCase['expected']): InstructionCase => ({
  name,
  given,
  expected,
});
const counts: Readonly<Record<Shape, number>> = { i8x16: 16, i16x8: 8, i32x4: 4, i64x2: 2, f32x4: 4, f64x2: 2 };
const bits = (shape: Shape): number => 128 / counts[shape];
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const signed = (shape: Shape, value: bigint): bigint => BigInt.asIntN(bits(shape), value);
const unsigned = (shape: Shape, value: bigint): bigint => BigInt.asUintN(bits(shape), value);
const clamp = (value: bigint, low: bigint, high: bigint): bigint => (value < low ? low : value > high ? high : value);

/** Lanes with both signs and large magnitudes. */
const a = (shape: Shape): bigint[] =>
  range(counts[shape]).map((i) => signed(shape, BigInt((i * 37) % 29) * 1_000_003n - 9_000_000n));
const b = (shape: Shape): bigint[] =>
  range(counts[shape]).map((i) =>
    i % 4 === 1 ? (a(shape)[i] as bigint) : signed(shape, BigInt(i * 53 + 11) * 700_001n),
  );
const x = [1.5, -2.5, 0.5, 100.25];
const y = [-3, -2.5, 8, 0.125];

type Lane2 = (p: bigint, q: bigint, shape: Shape) => bigint;
/** Math.min and its like refuse BigInt. */
const pick = (first: boolean, p: bigint, q: bigint): bigint => (first ? p : q);
const truth = (yes: boolean): bigint => (yes ? -1n : 0n);
const binary: Readonly<Record<string, Lane2>> = {
  eq: (p, q) => truth(p === q),
  ne: (p, q) => truth(p !== q),
  lt_s: (p, q) => truth(p < q),
  gt_s: (p, q) => truth(p > q),
  le_s: (p, q) => truth(p <= q),
  ge_s: (p, q) => truth(p >= q),
  lt_u: (p, q, s) => truth(unsigned(s, p) < unsigned(s, q)),
  gt_u: (p, q, s) => truth(unsigned(s, p) > unsigned(s, q)),
  le_u: (p, q, s) => truth(unsigned(s, p) <= unsigned(s, q)),
  ge_u: (p, q, s) => truth(unsigned(s, p) >= unsigned(s, q)),
  add: (p, q) => p + q,
  sub: (p, q) => p - q,
  mul: (p, q) => p * q,
  min_s: (p, q) => pick(p < q, p, q),
  max_s: (p, q) => pick(p > q, p, q),
  min_u: (p, q, s) => (unsigned(s, p) < unsigned(s, q) ? p : q),
  max_u: (p, q, s) => (unsigned(s, p) > unsigned(s, q) ? p : q),
  add_sat_s: (p, q, s) => clamp(p + q, -(2n ** BigInt(bits(s) - 1)), 2n ** BigInt(bits(s) - 1) - 1n),
  sub_sat_s: (p, q, s) => clamp(p - q, -(2n ** BigInt(bits(s) - 1)), 2n ** BigInt(bits(s) - 1) - 1n),
  add_sat_u: (p, q, s) => clamp(unsigned(s, p) + unsigned(s, q), 0n, 2n ** BigInt(bits(s)) - 1n),
  sub_sat_u: (p, q, s) => clamp(unsigned(s, p) - unsigned(s, q), 0n, 2n ** BigInt(bits(s)) - 1n),
  avgr_u: (p, q, s) => (unsigned(s, p) + unsigned(s, q) + 1n) / 2n,
  q15mulr_sat_s: (p, q) => clamp((p * q + 0x4000n) >> 15n, -32768n, 32767n),
  relaxed_q15mulr_s: (p, q) => clamp((p * q + 0x4000n) >> 15n, -32768n, 32767n),
};
const floatBinary: Readonly<Record<string, (p: number, q: number) => number>> = {
  add: (p, q) => p + q,
  sub: (p, q) => p - q,
  mul: (p, q) => p * q,
  div: (p, q) => p / q,
  min: Math.min,
  max: Math.max,
  pmin: Math.min,
  pmax: Math.max,
  relaxed_min: Math.min,
  relaxed_max: Math.max,
};
const floatUnary: Readonly<Record<string, (p: number) => number>> = {
  abs: Math.abs,
  neg: (p) => -p,
  ceil: Math.ceil,
  floor: Math.floor,
  trunc: Math.trunc,
  nearest: (p) => (p % 1 === 0.5 || p % 1 === -0.5 ? 2 * Math.round(p / 2) : Math.round(p)),
  sqrt: Math.sqrt,
};
const floatCompare: Readonly<Record<string, (p: number, q: number) => boolean>> = {
  eq: (p, q) => p === q,
  ne: (p, q) => p !== q,
  lt: (p, q) => p < q,
  gt: (p, q) => p > q,
  le: (p, q) => p <= q,
  ge: (p, q) => p >= q,
};
/** Which integer shapes have which lane-wise instructions. */
const has: Readonly<Record<'i8x16' | 'i16x8' | 'i32x4' | 'i64x2', string>> = {
  i8x16:
    'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u add sub min_s min_u max_s max_u add_sat_s add_sat_u sub_sat_s sub_sat_u avgr_u',
  i16x8:
    'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u add sub mul min_s min_u max_s max_u add_sat_s add_sat_u sub_sat_s sub_sat_u avgr_u q15mulr_sat_s relaxed_q15mulr_s',
  i32x4: 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u add sub mul min_s min_u max_s max_u',
  i64x2: 'eq ne lt_s gt_s le_s ge_s add sub mul',
};
const integerShapes = ['i8x16', 'i16x8', 'i32x4', 'i64x2'] as const;
const halves = { i16x8: 'i8x16', i32x4: 'i16x8', i64x2: 'i32x4' } as const;
const B = (shape: Shape, values: readonly (number | bigint)[]): number[] => lanes(shape, values);

function integerCases(shape: (typeof integerShapes)[number]): InstructionCase[] {
  const [p, q] = [a(shape), b(shape)];
  const width = BigInt(bits(shape));
  const each = (f: (value: bigint) => bigint): number[] => B(shape, p.map(f));
  const extract = (suffix: string, value: bigint): InstructionCase =>
    one(`${shape}.extract_lane${suffix}`, [B(shape, p), 1], shape === 'i64x2' ? value : Number(value));
  const scalar = (value: bigint): number | bigint => (shape === 'i64x2' ? value : Number(value));
  return [
    ...has[shape].split(' ').map((name) =>
      one(
        `${shape}.${name}`,
        [B(shape, p), B(shape, q)],
        B(
          shape,
          p.map((value, i) => (binary[name] as Lane2)(value, q[i] as bigint, shape)),
        ),
      ),
    ),
    one(
      `${shape}.abs`,
      [B(shape, p)],
      each((value) => (value < 0n ? -value : value)),
    ),
    one(
      `${shape}.neg`,
      [B(shape, p)],
      each((value) => -value),
    ),
    one(`${shape}.all_true`, [B(shape, p)], 1),
    one(
      `${shape}.bitmask`,
      [B(shape, p)],
      p.reduce((mask, value, i) => mask | (value < 0n ? 1 << i : 0), 0),
    ),
    one(
      `${shape}.shl`,
      [B(shape, p), 3],
      each((value) => value << 3n),
    ),
    one(
      `${shape}.shr_s`,
      [B(shape, p), 3 + Number(width)],
      each((value) => value >> 3n),
    ),
    one(
      `${shape}.shr_u`,
      [B(shape, p), 3],
      each((value) => unsigned(shape, value) >> 3n),
    ),
    one(
      `${shape}.splat`,
      [scalar(-5n)],
      each(() => -5n),
    ),
    one(
      `${shape}.replace_lane`,
      [B(shape, p), scalar(7n), 1],
      B(
        shape,
        p.map((value, i) => (i === 1 ? 7n : value)),
      ),
    ),
    ...(shape === 'i8x16' || shape === 'i16x8'
      ? [extract('_s', p[1] as bigint), extract('_u', unsigned(shape, p[1] as bigint))]
      : [extract('', p[1] as bigint)]),
    one(`${shape}.relaxed_laneselect`, [B(shape, p), B(shape, q), each((_) => -1n)], B(shape, p)),
  ];
}

/** Instructions that widen or narrow between a shape and the one of half its lane width. */
function wideningCases(shape: keyof typeof halves): InstructionCase[] {
  const half = halves[shape];
  const [p, q] = [a(half), b(half)];
  const n = counts[shape];
  const cases: InstructionCase[] = [];
  for (const [sign, read] of [
    ['s', (value: bigint) => value],
    ['u', (value: bigint) => unsigned(half, value)],
  ] as const) {
    for (const [place, first] of [
      ['low', 0],
      ['high', n],
    ] as const) {
      const at = (list: readonly bigint[], i: number): bigint => read(list[first + i] as bigint);
      cases.push(
        one(
          `${shape}.extend_${place}_${half}_${sign}`,
          [B(half, p)],
          B(
            shape,
            range(n).map((i) => at(p, i)),
          ),
        ),
        one(
          `${shape}.extmul_${place}_${half}_${sign}`,
          [B(half, p), B(half, q)],
          B(
            shape,
            range(n).map((i) => at(p, i) * at(q, i)),
          ),
        ),
      );
    }
    if (shape === 'i64x2') continue;
    cases.push(
      one(
        `${shape}.extadd_pairwise_${half}_${sign}`,
        [B(half, p)],
        B(
          shape,
          range(n).map((i) => read(p[2 * i] as bigint) + read(p[2 * i + 1] as bigint)),
        ),
      ),
    );
    const [low, high] =
      sign === 's'
        ? [-(2n ** BigInt(bits(half) - 1)), 2n ** BigInt(bits(half) - 1) - 1n]
        : [0n, 2n ** BigInt(bits(half)) - 1n];
    const wide = [...a(shape), ...b(shape)];
    cases.push(
      one(
        `${half}.narrow_${shape}_${sign}`,
        [B(shape, a(shape)), B(shape, b(shape))],
        B(
          half,
          wide.map((value) => clamp(value, low, high)),
        ),
      ),
    );
  }
  return cases;
}

function floatCases(shape: 'f32x4' | 'f64x2'): InstructionCase[] {
  const n = counts[shape];
  const [p, q] = [x.slice(0, n), y.slice(0, n)];
  const mask = shape === 'f32x4' ? 'i32x4' : 'i64x2';
  const both = (f: (p: number, q: number) => number): number[] =>
    B(
      shape,
      p.map((value, i) => f(value, q[i] as number)),
    );
  const round = shape === 'f32x4' ? Math.fround : (value: number): number => value;
  return [
    ...Object.entries(floatBinary).map(([name, f]) => one(`${shape}.${name}`, [B(shape, p), B(shape, q)], both(f))),
    ...Object.entries(floatUnary).map(([name, f]) => {
      const given = name === 'sqrt' ? p.map(Math.abs) : p;
      return one(`${shape}.${name}`, [B(shape, given)], B(shape, given.map(f)));
    }),
    ...Object.entries(floatCompare).map(([name, f]) =>
      one(
        `${shape}.${name}`,
        [B(shape, p), B(shape, q)],
        B(
          mask,
          p.map((value, i) => truth(f(value, q[i] as number))),
        ),
      ),
    ),
    one(
      `${shape}.splat`,
      [1.5],
      B(
        shape,
        p.map(() => 1.5),
      ),
    ),
    one(`${shape}.extract_lane`, [B(shape, p), 1], -2.5),
    one(
      `${shape}.replace_lane`,
      [B(shape, p), 9.5, 1],
      B(
        shape,
        p.map((value, i) => (i === 1 ? 9.5 : value)),
      ),
    ),
    // Exact in both roundings, so fused and unfused agree.
    one(
      `${shape}.relaxed_madd`,
      [B(shape, p), B(shape, q), B(shape, p)],
      B(
        shape,
        p.map((value, i) => round(value * (q[i] as number) + value)),
      ),
    ),
    one(
      `${shape}.relaxed_nmadd`,
      [B(shape, p), B(shape, q), B(shape, p)],
      B(
        shape,
        p.map((value, i) => round(-value * (q[i] as number) + value)),
      ),
    ),
  ];
}

const bytesA = range(16).map((i) => (i * 31 + 5) % 256);
const bytesB = range(16).map((i) => (i * 17 + 200) % 256);
const small = range(16).map((i) => i % 7);
const sevens = range(16).map((i) => (i * 5) % 11);
const dots = range(8).map(
  (i) =>
    (small[2 * i] as number) * (sevens[2 * i] as number) + (small[2 * i + 1] as number) * (sevens[2 * i + 1] as number),
);
const [wordsA, wordsB] = [a('i16x8'), b('i16x8')];

export const simdCases: readonly InstructionCase[] = [
  ...integerShapes.flatMap(integerCases),
  ...(['i16x8', 'i32x4', 'i64x2'] as const).flatMap(wideningCases),
  ...(['f32x4', 'f64x2'] as const).flatMap(floatCases),
  one(
    'i8x16.popcnt',
    [bytesA],
    bytesA.map((value) => value.toString(2).replaceAll('0', '').length),
  ),
  one(
    'i8x16.shuffle',
    [bytesA, bytesB, range(16).map((i) => (i * 5) % 32)],
    range(16).map((i) => [...bytesA, ...bytesB][(i * 5) % 32] as number),
  ),
  one(
    'i8x16.swizzle',
    [bytesA, range(16).map((i) => 20 - i)],
    range(16).map((i) => bytesA[20 - i] ?? 0),
  ),
  one('i8x16.relaxed_swizzle', [bytesA, range(16).map((i) => 15 - i)], [...bytesA].reverse()),
  one(
    'i32x4.dot_i16x8_s',
    [B('i16x8', wordsA), B('i16x8', wordsB)],
    B(
      'i32x4',
      range(4).map(
        (i) =>
          (wordsA[2 * i] as bigint) * (wordsB[2 * i] as bigint) +
          (wordsA[2 * i + 1] as bigint) * (wordsB[2 * i + 1] as bigint),
      ),
    ),
  ),
  one('i16x8.relaxed_dot_i8x16_i7x16_s', [small, sevens], B('i16x8', dots)),
  one(
    'i32x4.relaxed_dot_i8x16_i7x16_add_s',
    [small, sevens, B('i32x4', [1, 2, 3, 4])],
    B(
      'i32x4',
      range(4).map((i) => (dots[2 * i] as number) + (dots[2 * i + 1] as number) + i + 1),
    ),
  ),
  one(
    'v128.not',
    [bytesA],
    bytesA.map((value) => 255 - value),
  ),
  one(
    'v128.and',
    [bytesA, bytesB],
    bytesA.map((value, i) => value & (bytesB[i] as number)),
  ),
  one(
    'v128.andnot',
    [bytesA, bytesB],
    bytesA.map((value, i) => value & ~(bytesB[i] as number)),
  ),
  one(
    'v128.or',
    [bytesA, bytesB],
    bytesA.map((value, i) => value | (bytesB[i] as number)),
  ),
  one(
    'v128.xor',
    [bytesA, bytesB],
    bytesA.map((value, i) => value ^ (bytesB[i] as number)),
  ),
  one(
    'v128.bitselect',
    [bytesA, bytesB, range(16).fill(15)],
    bytesA.map((value, i) => (value & 15) | ((bytesB[i] as number) & 240)),
  ),
  one('v128.any_true', [range(16).fill(0)], 0),
  one('f32x4.demote_f64x2_zero', [B('f64x2', [0.1, -2])], B('f32x4', [0.1, -2, 0, 0])),
  one('f64x2.promote_low_f32x4', [B('f32x4', x)], B('f64x2', x.slice(0, 2))),
  one('f32x4.convert_i32x4_s', [B('i32x4', [1, -2, 3, -4])], B('f32x4', [1, -2, 3, -4])),
  one('f32x4.convert_i32x4_u', [B('i32x4', [1, -1, 3, 4])], B('f32x4', [1, 2 ** 32, 3, 4])),
  one('f64x2.convert_low_i32x4_s', [B('i32x4', [1, -1, 3, 4])], B('f64x2', [1, -1])),
  one('f64x2.convert_low_i32x4_u', [B('i32x4', [1, -1, 3, 4])], B('f64x2', [1, 2 ** 32 - 1])),
  one('i32x4.trunc_sat_f32x4_s', [B('f32x4', [1.5, -2.5, 1e20, Number.NaN])], B('i32x4', [1, -2, 2 ** 31 - 1, 0])),
  one('i32x4.trunc_sat_f32x4_u', [B('f32x4', [1.5, -2.5, 1e20, 3e9])], B('i32x4', [1, 0, 2 ** 32 - 1, 3e9])),
  one('i32x4.trunc_sat_f64x2_s_zero', [B('f64x2', [-1.5, 1e20])], B('i32x4', [-1, 2 ** 31 - 1, 0, 0])),
  one('i32x4.trunc_sat_f64x2_u_zero', [B('f64x2', [-1.5, 1e20])], B('i32x4', [0, 2 ** 32 - 1, 0, 0])),
  one('i32x4.relaxed_trunc_f32x4_s', [B('f32x4', [1.5, -2.5, 3, 4])], B('i32x4', [1, -2, 3, 4])),
  one('i32x4.relaxed_trunc_f32x4_u', [B('f32x4', [1.5, 3e9, 3, 4])], B('i32x4', [1, 3e9, 3, 4])),
  one('i32x4.relaxed_trunc_f64x2_s_zero', [B('f64x2', [-1.5, 7.5])], B('i32x4', [-1, 7, 0, 0])),
  one('i32x4.relaxed_trunc_f64x2_u_zero', [B('f64x2', [1.5, 3e9])], B('i32x4', [1, 3e9, 0, 0])),
];
