/** Uses of arithmetic: every form of broadcasting, numbers on either side, whole numbers, ties and poles. */
import type { CaseInput, OpCase, OpCases, Shape } from '@dendrite/spec';
import { elementwise, one, two } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { add, atan2, div, maximum, minimum, mod, mul, pow, sub } from './arithmetic.ts';
import type { BinaryFunction } from './expression-op.ts';

type Formula = (a: number, b: number) => number;
/** Remainder with the divisor's sign; NaN by 0; a finite dividend under an infinite divisor stays, or becomes the divisor. */
const floorMod: Formula = (a, b) => {
  const r = a % b;
  return r !== 0 && r < 0 !== b < 0 ? r + b : r;
};

const broadcasting: readonly (readonly [name: string, a: Shape, b: Shape])[] = [
  ['scalars', [], []],
  ['nothing', [0], [0]],
  ['nothing with a row', [0, 3], [3]],
  ['nothing with a scalar', [2, 0], []],
  ['1', [1], [1]],
  ['3', [3], [3]],
  ['5', [5], [5]],
  ['33', [33], [33]],
  ['a scalar behind', [2, 3], []],
  ['a scalar in front', [], [3, 2]],
  ['trailing axes', [2, 3, 4], [3, 4]],
  ['the leading axis', [4, 3], [4, 1]],
  ['a middle axis', [2, 3, 4], [2, 1, 4]],
  ['both stretched', [3, 1], [1, 4]],
  ['more than a block, stretched inside', [3, 1, 300], [1, 2, 300]],
  ['ranks 4 and 2', [2, 1, 3, 1], [3, 4]],
  ['two axes apart', [2, 3, 1, 4], [1, 3, 5, 1]],
];

interface Row {
  readonly name: string;
  readonly run: BinaryFunction;
  readonly formula: Formula;
  readonly a?: Omit<CaseInput, 'shape'>;
  readonly b?: Omit<CaseInput, 'shape'>;
  /** Pairs where the derivative has a kink or a pole. */
  readonly edges: readonly (readonly [a: number, b: number])[];
  readonly integer?: boolean;
}
const rows: readonly Row[] = [
  { name: 'add', run: add, formula: (a, b) => a + b, edges: [[1e30, -1e30]], integer: true },
  { name: 'sub', run: sub, formula: (a, b) => a - b, edges: [[1e30, 1e30]], integer: true },
  { name: 'mul', run: mul, formula: (a, b) => a * b, edges: [[0, -3]], integer: true },
  {
    name: 'div',
    run: div,
    formula: (a, b) => a / b,
    b: { range: [0.5, 2] },
    edges: [
      [1, 0],
      [-1, 0],
      [0, 0],
      [3, -2],
    ],
  },
  {
    name: 'pow',
    run: pow,
    formula: (a, b) => a ** b,
    a: { range: [0.3, 3] },
    edges: [
      [0, 0],
      [0, 2],
      [-2, 3],
      [-2, 0.5],
      [2, -1],
      [-8, 0],
    ],
  },
  {
    name: 'mod',
    run: mod,
    formula: floorMod,
    a: { range: [3.2, 3.8] },
    b: { range: [0.9, 1.05] },
    edges: [
      [5, 3],
      [-5, 3],
      [5, -3],
      [-5, -3],
      [6, 3],
      [1, 0],
    ],
    integer: true,
  },
  {
    name: 'atan2',
    run: atan2,
    formula: Math.atan2,
    a: { range: [0.2, 2] },
    edges: [
      [0, 1],
      [0, -1],
      [1, 0],
      [-1, 0],
      [-1, -1],
      [0, 0],
    ],
  },
  {
    name: 'minimum',
    run: minimum,
    formula: Math.min,
    edges: [
      [2, 2],
      [-1, 1],
    ],
    integer: true,
  },
  {
    name: 'maximum',
    run: maximum,
    formula: Math.max,
    edges: [
      [2, 2],
      [-1, 1],
    ],
    integer: true,
  },
];

export const arithmeticCases: readonly OpCases[] = rows.flatMap(
  ({ name, run, formula, a = {}, b = {}, edges, integer }): OpCases[] => {
    const reference = elementwise(formula);
    const forms = name === 'add' || name === 'div' ? broadcasting : broadcasting.slice(-3);
    const cases: OpCase[] = forms.map(([form, left, right]) => ({
      name: form,
      inputs: [
        { shape: left, ...a },
        { shape: right, ...b },
      ],
      run: two(run),
      reference,
    }));
    cases.push({
      name: 'at edges',
      inputs: [
        { shape: [edges.length], values: edges.map(([left]) => left) },
        { shape: [edges.length], values: edges.map(([, right]) => right) },
      ],
      run: two(run),
      reference,
      differentiable: [],
    });
    if (integer)
      cases.push({
        name: 'int32',
        inputs: [
          { shape: [2, 3], dtype: 'int32', values: [-7, 7, 0, 5, -5, 9] },
          { shape: [3], dtype: 'int32', values: [2, -3, 4] },
        ],
        run: two(run),
        reference,
      });
    return [
      { op: opNamed(`core/${name}`), cases },
      {
        op: opNamed(`core/${name}.number`),
        cases: [
          {
            name: 'a number behind',
            inputs: [{ shape: [5], ...a }],
            run: one((x) => run(x, 1.5)),
            reference: elementwise((x) => formula(x, 1.5)),
          },
        ],
      },
      {
        op: opNamed(`core/${name}.number-first`),
        cases: [
          {
            name: 'a number in front',
            inputs: [{ shape: [2, 3], ...b }],
            run: one((x) => run(3.25, x)),
            reference: elementwise((x) => formula(3.25, x)),
          },
        ],
      },
    ];
  },
);

export const integerProductCases: OpCases = {
  op: opNamed('core/mul'),
  cases: [
    {
      name: 'all 32 bits of whole numbers',
      inputs: [
        { shape: [2], dtype: 'int32', values: [123456789, -2147483648] },
        { shape: [2], dtype: 'int32', values: [987654321, 3] },
      ],
      run: two(mul),
      reference: elementwise((a, b) => Number(BigInt.asIntN(32, BigInt(a) * BigInt(b)))),
    },
  ],
};
