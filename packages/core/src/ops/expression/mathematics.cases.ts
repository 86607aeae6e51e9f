/** Uses of element-wise mathematics: one formula a row. */
import type { OpCase, OpCases } from '@dendrite/spec';
import { elementwise, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import type { UnaryFunction } from './expression-op.ts';
import * as mathematics from './mathematics.ts';

/** The integral itself, by Simpson's rule. */
function erfByIntegral(x: number): number {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? x : Math.sign(x);
  const n = 600;
  const end = Math.min(Math.abs(x), 7);
  let total = 0;
  for (let i = 0; i <= n; i++) {
    const t = (end * i) / n;
    total += (i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(-t * t);
  }
  return (Math.sign(x) * 2 * total * end) / (3 * n * Math.sqrt(Math.PI));
}
/** Half to even: 2.5 → 2, 3.5 → 4. */
const roundHalfToEven = (x: number): number => {
  const nearest = Math.round(x);
  return Math.abs(x - Math.trunc(x)) === 0.5 ? 2 * Math.round(x / 2) : nearest;
};

interface Row {
  readonly name: string;
  readonly run: UnaryFunction;
  readonly formula: (x: number) => number;
  /** Where the derivative exists; default: normal numbers. */
  readonly range?: readonly [number, number];
  /** Kinks, poles, ends of the domain; values only. */
  readonly edges: readonly number[];
}
const far = [-100, -20, 20, 100];
const rows: readonly Row[] = [
  { name: 'neg', run: mathematics.neg, formula: (x) => -x, edges: [0, ...far] },
  { name: 'abs', run: mathematics.abs, formula: Math.abs, edges: [0, ...far] },
  { name: 'sign', run: mathematics.sign, formula: Math.sign, edges: [0, ...far] },
  { name: 'sqrt', run: mathematics.sqrt, formula: Math.sqrt, range: [0.1, 4], edges: [0, -1, 1e-12, 1e12] },
  { name: 'rsqrt', run: mathematics.rsqrt, formula: (x) => 1 / Math.sqrt(x), range: [0.2, 4], edges: [-1, 100, 1e-4] },
  { name: 'square', run: mathematics.square, formula: (x) => x * x, edges: [0, ...far] },
  { name: 'reciprocal', run: mathematics.reciprocal, formula: (x) => 1 / x, range: [0.3, 3], edges: [0, -8, 0.125] },
  { name: 'exp', run: mathematics.exp, formula: Math.exp, edges: [0, -1000, 1000, 1] },
  { name: 'expm1', run: mathematics.expm1, formula: Math.expm1, edges: [0, 1e-6, -1e-6, -1000] },
  { name: 'log', run: mathematics.log, formula: Math.log, range: [0.1, 4], edges: [0, -1, 1, 1e12] },
  { name: 'log1p', run: mathematics.log1p, formula: Math.log1p, range: [-0.9, 4], edges: [-1, -2, 0, 1e-6] },
  { name: 'sin', run: mathematics.sin, formula: Math.sin, edges: [0, -30, 30, Math.PI] },
  { name: 'cos', run: mathematics.cos, formula: Math.cos, edges: [0, -30, 30, Math.PI] },
  { name: 'tan', run: mathematics.tan, formula: Math.tan, range: [-1.2, 1.2], edges: [0, 0.5, -0.5] },
  { name: 'asin', run: mathematics.asin, formula: Math.asin, range: [-0.9, 0.9], edges: [-1, 0, 1, 1.5] },
  { name: 'acos', run: mathematics.acos, formula: Math.acos, range: [-0.9, 0.9], edges: [-1, 0, 1, -1.5] },
  { name: 'atan', run: mathematics.atan, formula: Math.atan, edges: [0, ...far] },
  { name: 'sinh', run: mathematics.sinh, formula: Math.sinh, range: [-2, 2], edges: [0, -5, 5] },
  { name: 'cosh', run: mathematics.cosh, formula: Math.cosh, range: [-2, 2], edges: [0, -5, 5] },
  { name: 'tanh', run: mathematics.tanh, formula: Math.tanh, edges: [0, ...far] },
  { name: 'asinh', run: mathematics.asinh, formula: Math.asinh, edges: [0, ...far] },
  { name: 'acosh', run: mathematics.acosh, formula: Math.acosh, range: [1.2, 4], edges: [1, 0.5, 100] },
  { name: 'atanh', run: mathematics.atanh, formula: Math.atanh, range: [-0.9, 0.9], edges: [0, -1, 1, 2] },
  { name: 'erf', run: mathematics.erf, formula: erfByIntegral, edges: [0, -6, 6, 2.4999, 2.5001, -1e-5] },
  { name: 'floor', run: mathematics.floor, formula: Math.floor, edges: [0, -0.5, 0.5, 2, -2, 1e9] },
  { name: 'ceil', run: mathematics.ceil, formula: Math.ceil, edges: [0, -0.5, 0.5, 2, -2, 1e9] },
  { name: 'round', run: mathematics.round, formula: roundHalfToEven, edges: [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5] },
];
/** Ops whose kernels are loops of their own see every size and rank; the others share those loops. */
const everySize = new Set(['neg', 'exp', 'tanh', 'sin']);
const shapes = [[], [0], [1], [3], [5], [33], [2, 3], [3, 1, 2], [2, 1, 3, 2], [2, 0, 3]] as const;

export const mathematicsCases: readonly OpCases[] = rows.map(({ name, run, formula, range, edges }) => {
  const reference = elementwise(formula);
  const made = range ? { range } : {};
  const sizes = everySize.has(name) ? shapes : [[33]];
  const cases: OpCase[] = [
    ...sizes.map((shape) => ({
      name: `[${shape}]`,
      inputs: [{ shape, ...made }],
      run: one(run),
      reference,
    })),
    {
      name: 'at edges',
      inputs: [{ shape: [edges.length], values: edges }],
      run: one(run),
      reference,
      differentiable: [],
    },
  ];
  return { op: opNamed(`core/${name}`), cases };
});

/** What int32 may go through. */
export const integerMathematicsCases: readonly OpCases[] = [
  { op: opNamed('core/neg'), run: mathematics.neg, formula: (x: number) => -x },
  { op: opNamed('core/abs'), run: mathematics.abs, formula: Math.abs },
  { op: opNamed('core/sign'), run: mathematics.sign, formula: Math.sign },
  { op: opNamed('core/square'), run: mathematics.square, formula: (x: number) => x * x },
].map(({ op, run, formula }) => ({
  op,
  cases: [
    {
      name: 'int32',
      inputs: [{ shape: [5], dtype: 'int32' as const, values: [-7, 0, 1, 3, 2000] }],
      run: one(run),
      reference: elementwise(formula),
    },
  ],
}));
