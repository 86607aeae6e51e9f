/** Every forward op's case table through ONNX: what onnxruntime makes of an op is what the CPU makes of it. */
import { type ExpectedFailures, makeInput, withExpectedFailures } from '@dendrite/conformance';
import {
  add,
  cast,
  concat,
  createRuntime,
  full,
  mean,
  mul,
  neg,
  range,
  reshape,
  reverse,
  slice,
  tanh,
  uniform,
  windowScatter,
} from '@dendrite/core';
import { functionToOnnx } from '@dendrite/core/onnx';
import type { OpCase, Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { collectCases } from '../kits/collect-cases.ts';
import { answered, close, given, numbersOf } from './onnxruntime.fixture.ts';

const runtime = await createRuntime();
const tables = await collectCases();

/** Numbers are drawn, and windows added up, by no operator of ONNX: typed errors, judged below. */
const unsaid = ['core/random-bits', 'core/window-scatter', 'core/arg-reduce categorical'];
const nan = 'onnxruntime takes another element than the first NaN';
const order = 'onnxruntime puts NaN anywhere';
const expectedFailures: ExpectedFailures = {
  'core/arg-reduce arg*: *NaN*': nan,
  'core/arg-reduce arg*: 37 columns': nan,
  'core/sort *: infinities': order,
  'core/sort *NaN*': order,
  'core/reduce sum: int32 wraps': 'onnxruntime stops at the largest number',
  'core/reduce any: nothing': 'onnxruntime joins nothing to another number',
  'core/reduce all: nothing': 'onnxruntime joins nothing to another number',
  'nn/normalise-rows rows of *': "ONNX gives a norm's 1/σ and not its variance: a typed error",
};

const list = (made: Tensor | readonly Tensor[]): readonly Tensor[] => ('shape' in made ? [made] : made);

async function check(name: string, each: OpCase): Promise<void> {
  const inputs = each.inputs.map((input, i) => makeInput(input, `${name} ${i}`));
  const names = inputs.map((_, i) => `x${i}`);
  const bytes = await functionToOnnx(
    (tensors: Readonly<Record<string, Tensor>>) => list(each.run(names.map((key) => tensors[key] as Tensor))),
    { inputs: Object.fromEntries(inputs.map(({ shape, dtype }, i) => [`x${i}`, { shape, dtype }])) },
  );
  const found = await answered(
    bytes,
    Object.fromEntries(inputs.map(({ data, shape, dtype }, i) => [`x${i}`, given(data, shape, dtype as 'float32')])),
  );
  const tensors = inputs.map(({ data, shape, dtype }) => runtime.tensor(data, shape, dtype));
  for (const [j, expected] of list(each.run(tensors)).entries()) {
    const answer = found[`${j}`];
    expect([answer?.type, answer?.dims]).toEqual([expected.dtype, expected.shape]);
    close(answer?.data, await numbersOf(expected));
  }
}

test('every case of every op', async () => {
  const uses = Object.values(tables)
    .flat()
    .filter(({ op }) => !op.name.includes('gradient'))
    .flatMap(({ op, cases }) => cases.map((each) => ({ each, name: `${op.name} ${each.name}` })))
    .filter(
      ({ each, name }) =>
        !each.benchmark &&
        !unsaid.some((start) => name.startsWith(start)) &&
        // onnxruntime ends the process where a recurrence has no steps.
        !name.includes('no steps') &&
        each.inputs.every(({ dtype }) => dtype !== 'float64'),
    );
  const cases = uses.map(({ each, name }) => ({ name, run: () => check(name, each) }));
  const failed: string[] = [];
  for (const { name, run } of withExpectedFailures('onnxruntime', cases, expectedFailures))
    await run().catch((error: unknown) => failed.push(`${name}: ${error}`));
  expect(failed).toEqual([]);
  expect(cases.length).toBeGreaterThan(900);
});

test('what no operator says is named, with what to do', async () => {
  const x = { shape: [1, 3, 4] };
  const exported = (f: (x: Tensor) => Tensor) => functionToOnnx(({ x }) => f(x), { inputs: { x } });
  await expect(exported((x) => add(x, uniform(x.runtime.key(1), x.shape)))).rejects.toThrow(
    /core\/random-bits must be one that ONNX can say, got one where numbers are drawn. Give them as an input/,
  );
  await expect(exported((x) => windowScatter(x, { size: 2, spatial: [4] }))).rejects.toThrow(/core\/window-scatter/);
  await expect(
    functionToOnnx(({ x }) => add(x, x.shape[0] === 11 ? 1 : mean(x)), { inputs: { x: { shape: ['rows', 2] } } }),
  ).rejects.toThrow(/free lengths \(rows\).*other ops are run/);
  await expect(
    functionToOnnx(({ x }) => add(x, Math.sqrt(x.shape[0] ?? 0)), { inputs: { x: { shape: ['rows', 2] } } }),
  ).rejects.toThrow(/free lengths \(rows\)/);
  await expect(
    functionToOnnx(({ x }) => [neg(x), tanh(x)][(x.shape[0] ?? 0) % 2] as Tensor, {
      inputs: { x: { shape: ['rows', 2] } },
    }),
  ).rejects.toThrow(/the output 'y' reads other values for other lengths/);
  // What no output needs is not written.
  await exported((x) => {
    uniform(x.runtime.key(1), [2]);
    return neg(x);
  });
  let read: Promise<number> | undefined;
  await functionToOnnx(
    ({ x }) => {
      read = mean(x).item();
      read.catch(() => undefined);
      return x;
    },
    { inputs: { x } },
  );
  await expect(read).rejects.toThrow(/must not read values back.*where\(condition, x, y\) in place of if/);
});

test('a function that is not synchronous, or gives nothing, is refused', async () => {
  const inputs = { x: { shape: ['rows', 2] } } as const;
  const reading = async ({ x }: { readonly x: Tensor }): Promise<Tensor> => {
    await x.data();
    return x;
  };
  await expect(functionToOnnx(reading as never, { inputs })).rejects.toThrow('must be synchronous, got a promise');
  await expect(functionToOnnx(() => ({}), { inputs })).rejects.toThrow('must give at least one tensor');
});

test('only what has to do with lengths is told with them', async () => {
  const inputs = { x: { shape: ['rows', 2] } } as const;
  const said = (f: (x: Tensor) => Tensor): Promise<string> =>
    functionToOnnx(({ x }) => f(x), { inputs }).then(
      () => 'exported',
      (error: unknown) => String(error),
    );
  const elsewhere = runtime.tensor([1, 2], [2]);
  for (const f of [(x: Tensor) => add(x, elsewhere), (x: Tensor) => add(x, cast(x, 'int32')), async (x: Tensor) => x])
    expect(await said(f as (x: Tensor) => Tensor)).not.toMatch(/^exported|free lengths/);
  expect(await said((x) => slice(x, { begin: [0, 0], size: [9, 2] }))).toMatch(/free lengths .* rows 6:/);
  elsewhere.dispose();
});

test('an output with the name of an input or a held array', async () => {
  const held = { w: { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } } as const;
  const inputs = { x: { shape: [2] } } as const;
  await expect(functionToOnnx(({ x }, { w }) => ({ x: add(x, w) }), { inputs, held })).rejects.toThrow(
    "got 'x', which is the name of an input. Outputs are named by their paths in what the function returns: return { xOut: … }",
  );
  await expect(functionToOnnx(({ x }, { w }) => ({ w: add(x, w) }), { inputs, held })).rejects.toThrow(
    "got 'w', which is the name of a held array.",
  );
});

test('numbers that depend on a length are computed from it', async () => {
  const bytes = await functionToOnnx(
    ({ x }) => {
      const [rows = 0, columns = 0] = x.shape;
      return {
        mean: mean(x, { axes: 1 }),
        scaled: mul(x, rows * columns + 2 * rows - 3),
        places: add(x, cast(range(columns, { runtime: x.runtime }), 'float32')),
        halves: reshape(concat([x, x], { axis: 1 }), [rows, 2, columns]),
        back: slice(reverse(x, { axes: 1 }), { begin: [0, 1] }),
        counted: full([rows, 1], columns, x),
      };
    },
    { inputs: { x: { shape: ['rows', 'columns'] } } },
  );
  for (const [rows, columns] of [
    [1, 2],
    [3, 5],
    [6, 1],
  ] as const) {
    const x = Float32Array.from({ length: rows * columns }, (_, i) => i / 2 - 1);
    const found = await answered(bytes, { x: given(x, [rows, columns]) });
    const at = (row: number, column: number): number => x[row * columns + column] ?? 0;
    const grid = (width: number, f: (row: number, column: number) => number) =>
      Array.from({ length: rows * width }, (_, i) => f(Math.floor(i / width), i % width));
    close(
      found.mean?.data,
      grid(1, (row) => grid(columns, (r, c) => (r === row ? at(r, c) / columns : 0)).reduce((a, b) => a + b)),
    );
    close(
      found.scaled?.data,
      grid(columns, (r, c) => at(r, c) * (rows * columns + 2 * rows - 3)),
    );
    close(
      found.places?.data,
      grid(columns, (r, c) => at(r, c) + c),
    );
    close(
      found.halves?.data,
      grid(2 * columns, (r, c) => at(r, c % columns)),
    );
    expect(found.halves?.dims).toEqual([rows, 2, columns]);
    close(
      found.back?.data,
      grid(columns - 1, (r, c) => at(r, columns - 2 - c)),
    );
    close(
      found.counted?.data,
      grid(1, () => columns),
    );
  }
});
