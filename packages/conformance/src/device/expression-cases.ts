/** Every node of the expression language over a battery of values, then formulas, broadcasting, arguments, casts. */
import type { Binary, Call, Device, DType, Expression, HostArray, Shape, TensorSpec, Unary } from '@dendrite/spec';
import { checkClose } from '../compare/compare.ts';
import { check } from '../kit/kit-case.ts';
import type { DeviceCase } from './backend-conformance.ts';
import { Bench } from './device-kit.ts';
import { binaryFunctions, givesBool, isLogic, unaryFunctions } from './scalar-functions.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const battery: readonly number[] = [
  0, -0, 0.5, -0.5, 1, -1, 1.5, -1.5, 2.5, -2.5, 3, -3.25, 0.1, -0.9, 7.75, -10, 20, 1e-4, -1e-4, 100.5,
];
const special: readonly number[] = [nan, inf, -inf];
/** Trigonometry of an infinity is NaN; arguments stay small, for no device reduces large ones well. */
const tame = battery.filter((x) => Math.abs(x) <= 20);
const few: readonly number[] = [0, 0.5, -0.5, 1, -1, 2, -3, 2.5, 7];
const pairs = few.flatMap((x) => few.map((y) => [x, y] as const));
const specialPairs = [...special, 1, -2, 0].flatMap((x) => [...special, 1, -2, 0].map((y) => [x, y] as const));

interface Input {
  readonly values: readonly number[];
  readonly shape?: Shape;
  readonly dtype?: DType;
}

/** Lowers and runs expressions; the values of each output. */
async function evaluate(
  device: Device,
  expressions: readonly Expression[],
  inputs: readonly Input[],
  output: { readonly shape: Shape; readonly dtypes: readonly DType[] },
  args: readonly number[] = [],
): Promise<readonly HostArray[]> {
  const bench = new Bench(device);
  const slots = inputs.map(({ values, shape, dtype }) => bench.filled(values, shape, dtype));
  const outputs: readonly TensorSpec[] = output.dtypes.map((dtype) => ({ shape: output.shape, dtype }));
  const call: Call = { inputs: slots.map(({ spec }) => spec), outputs, attributes: {} };
  const executable = device.prepareExpressions(expressions, call);
  if (executable === undefined && device.languages.includes('js')) {
    // A JavaScript loop stands in for what the device does not lower.
    bench.free();
    return [];
  }
  check(executable !== undefined, () => `must lower ${JSON.stringify(expressions)}`);
  const made = outputs.map(({ shape, dtype }) => bench.slot(shape, dtype));
  device.dispatch(executable, made, slots, args);
  const values: HostArray[] = [];
  for (const slot of made) values.push(await device.download(slot));
  bench.free();
  return values;
}

/** Each value by its own measure: `|a − b| ≤ tolerance · max(1, |b|)`. */
function checkEach(
  what: string,
  actual: HostArray,
  expected: readonly number[],
  tolerance: number,
  of: (i: number) => string,
): void {
  for (const [i, wanted] of expected.entries()) {
    const rounded = Math.fround(wanted);
    checkClose(
      `${what}(${of(i)})`,
      { shape: [], data: [actual[i] ?? nan] },
      { shape: [], data: [rounded] },
      tolerance,
      1,
    );
  }
}

const unaryCase = (name: Unary): DeviceCase => ({
  name: `expression: ${name}`,
  async run(device) {
    const logic = isLogic(name);
    const wild = ['sin', 'cos', 'tan'].includes(name);
    const values = logic ? [0, 1] : [...(wild ? tame : battery), ...special];
    const dtype: DType = logic ? 'bool' : 'float32';
    const [actual] = await evaluate(device, [{ unary: name, x: { input: 0 } }], [{ values, dtype }], {
      shape: [values.length],
      dtypes: [givesBool(name) ? 'bool' : dtype],
    });
    const expected = values.map((x) => unaryFunctions[name](logic ? x : Math.fround(x)));
    if (actual) checkEach(name, actual, expected, wild ? 5e-4 : 1e-4, (i) => String(values[i]));
  },
});

const binaryCase = (name: Binary): DeviceCase => ({
  name: `expression: ${name}`,
  async run(device) {
    const logic = isLogic(name);
    // What mod and atan2 make of infinities and of 0 is left to each device.
    const open = name === 'mod' || name === 'atan2' || name === 'pow';
    const bits = [0, 1].flatMap((x) => [0, 1].map((y) => [x, y] as const));
    const all = logic ? bits : open ? pairs.filter(([, y]) => y !== 0) : [...pairs, ...specialPairs];
    const withNaN = logic || name === 'pow' ? all : [...all, [nan, 1] as const, [1, nan] as const];
    const dtype: DType = logic ? 'bool' : 'float32';
    const [actual] = await evaluate(
      device,
      [{ binary: name, x: { input: 0 }, y: { input: 1 } }],
      [
        { values: withNaN.map(([x]) => x), dtype },
        { values: withNaN.map(([, y]) => y), dtype },
      ],
      { shape: [withNaN.length], dtypes: [givesBool(name) ? 'bool' : dtype] },
    );
    const expected = withNaN.map(([x, y]) => binaryFunctions[name](x, y));
    if (actual) checkEach(name, actual, expected, 2e-5, (i) => String(withNaN[i]));
  },
});

const input = (i: number): Expression => ({ input: i });
const casts: readonly {
  readonly from: DType;
  readonly to: DType;
  readonly values: readonly number[];
  readonly expected: readonly number[];
}[] = [
  { from: 'float32', to: 'int32', values: [0, 1.9, -1.9, 100.5, -0.5], expected: [0, 1, -1, 100, 0] },
  { from: 'float32', to: 'bool', values: [0, -0, 0.25, -3, nan], expected: [0, 0, 1, 1, 1] },
  { from: 'float32', to: 'uint8', values: [0, 1.9, 255], expected: [0, 1, 255] },
  { from: 'int32', to: 'float32', values: [0, -7, 16777216], expected: [0, -7, 16777216] },
  { from: 'int32', to: 'bool', values: [0, -7, 5], expected: [0, 1, 1] },
  { from: 'bool', to: 'float32', values: [0, 1], expected: [0, 1] },
  { from: 'bool', to: 'int32', values: [0, 1], expected: [0, 1] },
  { from: 'uint8', to: 'float32', values: [0, 7, 255], expected: [0, 7, 255] },
  { from: 'uint8', to: 'int32', values: [0, 7, 255], expected: [0, 7, 255] },
];

export const expressionCases: readonly DeviceCase[] = [
  ...(Object.keys(unaryFunctions) as Unary[]).map(unaryCase),
  ...(Object.keys(binaryFunctions) as Binary[]).map(binaryCase),
  ...casts.map(
    ({ from, to, values, expected }): DeviceCase => ({
      name: `expression: cast ${from} to ${to}`,
      async run(device) {
        if (!device.dtypes.has(from) || !device.dtypes.has(to)) return;
        const [actual] = await evaluate(device, [{ cast: to, x: input(0) }], [{ values, dtype: from }], {
          shape: [values.length],
          dtypes: [to],
        });
        if (actual) checkEach(`cast ${from} to ${to}`, actual, expected, 0, (i) => String(values[i]));
      },
    }),
  ),
  {
    name: 'expression: where takes the branch that is asked for, whatever is in the other',
    async run(device) {
      const [actual] = await evaluate(
        device,
        [{ where: input(0), x: input(1), y: input(2) }],
        [
          { values: [1, 0, 1, 0, 1, 0], dtype: 'bool' },
          { values: [1, nan, nan, inf, 5, 6] },
          { values: [nan, 2, 3, 4, inf, -inf] },
        ],
        { shape: [6], dtypes: ['float32'] },
      );
      if (actual) checkEach('where', actual, [1, 2, nan, 4, 5, -inf], 0, String);
    },
  },
  {
    name: 'expression: integers stay integers',
    async run(device) {
      const [sum, less] = await evaluate(
        device,
        [
          { binary: 'add', x: input(0), y: input(1) },
          { binary: 'lt', x: input(0), y: input(1) },
        ],
        [
          { values: [1, -5, 16777217], dtype: 'int32' },
          { values: [2, 3, 1], dtype: 'int32' },
        ],
        { shape: [3], dtypes: ['int32', 'bool'] },
      );
      if (sum)
        for (const [i, wanted] of [3, -2, 16777218].entries())
          check(sum[i] === wanted, `${i}: must be ${wanted}, got ${sum[i]}`);
      if (less) checkEach('lt', less, [1, 1, 0], 0, String);
    },
  },
  {
    name: 'expression: inputs are broadcast as NumPy does',
    async run(device) {
      const [actual] = await evaluate(
        device,
        [
          {
            binary: 'add',
            x: { binary: 'mul', x: input(0), y: { constant: 10 } },
            y: { binary: 'add', x: input(1), y: input(2) },
          },
        ],
        [
          { values: [1, 2, 3], shape: [3, 1] },
          { values: [0.1, 0.2, 0.3, 0.4], shape: [4] },
          { values: [100], shape: [] },
        ],
        { shape: [3, 4], dtypes: ['float32'] },
      );
      const expected = [1, 2, 3].flatMap((x) => [0.1, 0.2, 0.3, 0.4].map((y) => x * 10 + y + 100));
      if (actual) checkEach('broadcast', actual, expected, 1e-6, String);
    },
  },
  {
    name: 'expression: arguments are numbers of the dispatch',
    async run(device) {
      const bench = new Bench(device);
      const x = bench.filled([1, 2, 3]);
      const y = bench.slot([3]);
      const call: Call = { inputs: [x.spec], outputs: [y.spec], attributes: {} };
      const executable = device.prepareExpressions([{ binary: 'mul', x: input(0), y: { argument: 1 } }], call);
      check(executable !== undefined, 'must lower an argument');
      for (const factor of [2, -0.5]) {
        device.dispatch(executable, [y], [x], [99, factor]);
        checkEach(`times ${factor}`, await device.download(y), [factor, 2 * factor, 3 * factor], 1e-6, String);
      }
      bench.free();
    },
  },
  {
    name: 'expression: a formula without inputs fills its output',
    async run(device) {
      const [actual] = await evaluate(device, [{ argument: 0 }], [], { shape: [2, 5], dtypes: ['float32'] }, [0.25]);
      if (actual) checkEach('fill', actual, new Array(10).fill(0.25), 0, String);
    },
  },
];
