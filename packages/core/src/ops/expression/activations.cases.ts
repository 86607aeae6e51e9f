/** Uses of activations: one formula a row, as a textbook has it, with its kinks and far ends. */
import type { OpCase, OpCases, Tensor } from '@dendrite/spec';
import { elementwise, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import * as activations from './activations.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => (x > 30 ? x : Math.log1p(Math.exp(x)));
/** Below `low` and above `high` it is bounded; NaN stays NaN. */
const clamp = (x: number, low: number, high: number): number => Math.max(low, Math.min(high, x));
const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;
/** 1/2 (1 + erf(x / √2)) by its integral, Simpson's rule over the density. */
function normalCdf(x: number): number {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? x : x > 0 ? 1 : 0;
  const end = clamp(x, -9, 9);
  const n = 1000;
  let total = 0;
  for (let i = 0; i <= n; i++) {
    const t = (end * i) / n;
    total += (i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp((-t * t) / 2);
  }
  return 0.5 + (total * end) / (3 * n * Math.sqrt(2 * Math.PI));
}

interface Row {
  readonly name: string;
  readonly run: (x: Tensor) => Tensor;
  readonly formula: (x: number) => number;
  readonly kinks?: readonly number[];
}
const rows: readonly Row[] = [
  { name: 'relu', run: activations.relu, formula: (x) => Math.max(0, x), kinks: [0] },
  { name: 'sigmoid', run: activations.sigmoid, formula: sigmoid },
  { name: 'softplus', run: activations.softplus, formula: softplus },
  { name: 'softsign', run: activations.softsign, formula: (x) => x / (1 + Math.abs(x)) },
  { name: 'log-sigmoid', run: activations.logSigmoid, formula: (x) => -softplus(-x) },
  { name: 'silu', run: activations.silu, formula: (x) => x * sigmoid(x) },
  { name: 'mish', run: activations.mish, formula: (x) => x * Math.tanh(softplus(x)) },
  { name: 'gelu', run: activations.gelu, formula: (x) => x * normalCdf(x) },
  {
    name: 'gelu-tanh',
    run: activations.geluTanh,
    formula: (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  },
  {
    name: 'selu',
    run: activations.selu,
    formula: (x) => seluScale * (x > 0 ? x : seluAlpha * Math.expm1(x)),
    kinks: [0],
  },
  { name: 'hard-tanh', run: activations.hardTanh, formula: (x) => clamp(x, -1, 1), kinks: [-1, 1] },
  { name: 'hard-sigmoid', run: activations.hardSigmoid, formula: (x) => clamp(x / 6 + 0.5, 0, 1), kinks: [-3, 3] },
  {
    name: 'hard-swish',
    run: activations.hardSwish,
    formula: (x) => (x <= -3 ? 0 : x * clamp(x / 6 + 0.5, 0, 1)),
    kinks: [-3, 3],
  },
  { name: 'relu6', run: activations.relu6, formula: (x) => clamp(x, 0, 6), kinks: [0, 6] },
  { name: 'tanh-shrink', run: activations.tanhShrink, formula: (x) => x - Math.tanh(x) },
  {
    name: 'step',
    run: activations.step,
    formula: (x) => (Number.isNaN(x) ? x : x > 0 ? 1 : 0),
    kinks: [0],
  },
  { name: 'leaky-relu', run: activations.leakyRelu, formula: (x) => (x < 0 ? 0.01 * x : x), kinks: [0] },
  {
    name: 'leaky-relu',
    run: (x) => activations.leakyRelu(x, { slope: 0.3 }),
    formula: (x) => (x < 0 ? 0.3 * x : x),
    kinks: [0],
  },
  { name: 'elu', run: activations.elu, formula: (x) => (x > 0 ? x : Math.expm1(x)), kinks: [0] },
  {
    name: 'elu',
    run: (x) => activations.elu(x, { alpha: 0.5 }),
    formula: (x) => (x > 0 ? x : 0.5 * Math.expm1(x)),
    kinks: [0],
  },
  { name: 'celu', run: activations.celu, formula: (x) => (x > 0 ? x : Math.expm1(x)), kinks: [0] },
  {
    name: 'celu',
    run: (x) => activations.celu(x, { alpha: 2 }),
    formula: (x) => (x > 0 ? x : 2 * Math.expm1(x / 2)),
    kinks: [0],
  },
];

export const activationCases: readonly OpCases[] = rows.map(({ name, run, formula, kinks = [] }, n) => {
  const reference = elementwise(formula);
  const edges = [-100, -20, -2, 2, 20, 100, ...kinks];
  const option = n > 0 && rows[n - 1]?.name === name ? 'with its option' : 'plain';
  const cases: OpCase[] = [
    { name: `${option} [33]`, inputs: [{ shape: [33] }], run: one(run), reference },
    {
      name: `${option} [2, 3, 1, 2], wide`,
      inputs: [{ shape: [2, 3, 1, 2], range: [-5, 5] }],
      run: one(run),
      reference,
    },
    {
      name: `${option}, far ends and kinks`,
      inputs: [{ shape: [edges.length], values: edges }],
      run: one(run),
      reference,
      differentiable: [],
    },
  ];
  return { op: opNamed(`core/${name}`), cases };
});
