/** Uses of comparisons and logic: bool results; NaN compares to nothing. */
import type { OpCase, OpCases } from '@dendrite/spec';
import { elementwise, one, two } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import * as comparisons from './comparisons.ts';
import type { BinaryFunction } from './expression-op.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const left = [1, 2, 2, nan, nan, inf, -inf, 0];
const right = [2, 2, 1, nan, 1, inf, inf, -0];

const rows: readonly (readonly [name: string, run: BinaryFunction, holds: (a: number, b: number) => boolean])[] = [
  ['less', comparisons.less, (a, b) => a < b],
  ['less-equal', comparisons.lessEqual, (a, b) => a <= b],
  ['greater', comparisons.greater, (a, b) => a > b],
  ['greater-equal', comparisons.greaterEqual, (a, b) => a >= b],
  ['equal', comparisons.equal, (a, b) => a === b],
  ['not-equal', comparisons.notEqual, (a, b) => a !== b],
];

export const comparisonCases: readonly OpCases[] = rows.map(([name, run, holds]) => {
  const reference = elementwise((a, b) => Number(holds(a, b)));
  const cases: OpCase[] = [
    {
      name: 'floats, ties, NaN and infinities',
      inputs: [
        { shape: [8], values: left },
        { shape: [8], values: right },
      ],
      run: two(run),
      reference,
    },
    {
      name: 'int32, stretched',
      inputs: [
        { shape: [3, 1], dtype: 'int32', values: [-1, 0, 1] },
        { shape: [3], dtype: 'int32', values: [1, 0, -1] },
      ],
      run: two(run),
      reference,
    },
    {
      name: 'uint8',
      inputs: [
        { shape: [3], dtype: 'uint8', values: [0, 200, 255] },
        { shape: [3], dtype: 'uint8', values: [1, 200, 254] },
      ],
      run: two(run),
      reference,
    },
    {
      name: 'nothing',
      inputs: [{ shape: [0, 2] }, { shape: [2] }],
      run: two(run),
      reference,
    },
    {
      name: 'with numbers',
      inputs: [{ shape: [3], values: [-1, 0.5, 2] }],
      run: one((x) => [run(x, 0.5), run(0.5, x)]),
      reference: ([x]) =>
        x ? [...elementwise((v) => Number(holds(v, 0.5)))([x]), ...elementwise((v) => Number(holds(0.5, v)))([x])] : [],
    },
  ];
  return { op: opNamed(`core/${name}`), cases };
});

const truths = [
  { shape: [2, 1], dtype: 'bool' as const, values: [0, 1] },
  { shape: [2], dtype: 'bool' as const, values: [0, 1] },
];
export const logicCases: readonly OpCases[] = [
  {
    op: opNamed('core/logical-and'),
    cases: [
      {
        name: 'truth table',
        inputs: truths,
        run: two(comparisons.logicalAnd),
        reference: elementwise((a, b) => a * b),
      },
    ],
  },
  {
    op: opNamed('core/logical-or'),
    cases: [
      {
        name: 'truth table',
        inputs: truths,
        run: two(comparisons.logicalOr),
        reference: elementwise((a, b) => Math.max(a, b)),
      },
    ],
  },
  {
    op: opNamed('core/logical-not'),
    cases: [
      {
        name: 'both values',
        inputs: [{ shape: [2], dtype: 'bool', values: [0, 1] }],
        run: one(comparisons.logicalNot),
        reference: elementwise((a) => 1 - a),
      },
    ],
  },
  {
    op: opNamed('core/is-nan'),
    cases: [
      {
        name: 'specials',
        inputs: [{ shape: [5], values: [nan, inf, -inf, 0, 1] }],
        run: one(comparisons.isNaN),
        reference: elementwise((a) => Number(Number.isNaN(a))),
      },
    ],
  },
  {
    op: opNamed('core/is-finite'),
    cases: [
      {
        name: 'specials',
        inputs: [{ shape: [5], values: [nan, inf, -inf, 0, 1] }],
        run: one(comparisons.isFinite),
        reference: elementwise((a) => Number(Number.isFinite(a))),
      },
    ],
  },
];
