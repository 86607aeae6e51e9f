/** The written model in onnxruntime, value by value against the forest: labels equal, probabilities and numbers to a float32 step. */
import { DendriteError, type Label, type SavedModel } from '@dendrite/spec';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import {
  decisionTreeClassifier,
  extraTreesClassifier,
  extraTreesRegressor,
  randomForestClassifier,
  randomForestRegressor,
} from '../forest/forests.ts';
import { toOnnx } from './to-onnx.ts';

const rows = Array.from({ length: 160 }, (_, i) => ({
  size: i % 11 === 0 ? null : Math.sin(i) * 10,
  features: Math.fround(Math.cos(i * i)),
  colour: i % 13 === 0 ? null : (['red', 'grün', '', 'blue'][(i * i) % 4] ?? 'red'),
  output_label: i % 4 === 0,
  day: i % 17 === 0 ? null : new Date(2020, 0, i),
  kind: i % 7 < 3 ? 'low' : i % 5 === 0 ? 'middle' : 'high',
  weight: Math.cos(i) + i / 30,
}));
const inputs = rows.map(({ kind: _, weight: __, ...row }) => row);
const classes = rows.map(({ weight: _, ...row }) => row);
const numbers = rows.map(({ kind: _, ...row }) => row);

/** A column as an input: text, or numbers with NaN for gaps. */
function feeds(given: readonly Readonly<Record<string, unknown>>[]): Record<string, Tensor> {
  return Object.fromEntries(
    Object.keys(given[0] ?? {}).map((name) => {
      const cells = given.map((row) => row[name]);
      const text = cells.some((cell) => typeof cell === 'string');
      const shape = [given.length, 1];
      return [
        name,
        text
          ? new Tensor(
              'string',
              cells.map((cell) => String(cell ?? 'none of them')),
              shape,
            )
          : new Tensor(
              'float64',
              Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell))),
              shape,
            ),
      ];
    }),
  );
}

async function run(saved: SavedModel, given: Record<string, Tensor>) {
  const session = await InferenceSession.create(toOnnx(saved));
  const outputs = await session.run(given);
  await session.release();
  const find = (word: string): Tensor | undefined =>
    Object.entries(outputs).find(([name]) => name.startsWith(word))?.[1];
  return { label: find('output_label'), probabilities: find('output_probabilities'), value: find('output_value') };
}
/** The largest difference, in steps of float32. */
function steps(got: ArrayLike<unknown> | undefined, expected: ArrayLike<number>): number {
  if (got?.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Math.max(
    ...Array.from(
      expected,
      (value, i) => Math.abs(Number(got[i]) - value) / (2 ** -23 * Math.max(2 ** -20, Math.abs(value))),
    ),
  );
}
const plain = (labels: Tensor | undefined, read: (value: unknown) => Label): Label[] =>
  Array.from(labels?.data ?? [], (value: unknown) => read(value));

test.each([
  ['the mean of fractions', randomForestClassifier({ trees: 20, minSamplesLeaf: 4 })],
  ['votes', randomForestClassifier({ trees: 20, minSamplesLeaf: 4, combine: 'mode' })],
  ['exact cuts', randomForestClassifier({ trees: 10, splitter: 'exact', maxDepth: 4 })],
  ['extra trees', extraTreesClassifier({ trees: 10 })],
  ['one tree', decisionTreeClassifier({ maxLeafNodes: 6 })],
  ['a single leaf', decisionTreeClassifier({ maxDepth: 0 })],
] as const)('classes from a table: %s', async (_, model) => {
  const fitted = await model.fit({ rows: classes, target: 'kind' }, { seed: 5 });
  const { label, probabilities } = await run(await fitted.save(), feeds(inputs));
  expect(plain(label, String)).toEqual(await fitted.predict(inputs));
  expect(probabilities?.dims).toEqual([160, 3]);
  expect(steps(probabilities?.data, (await fitted.predictProbabilities(inputs)).data)).toBeLessThanOrEqual(1);
});

test.each([
  ['the mean', randomForestRegressor({ trees: 15 })],
  ['the median of an even number', randomForestRegressor({ trees: 14, combine: 'median' })],
  ['the median of an odd number', randomForestRegressor({ trees: 9, combine: 'median', splitter: 'exact' })],
  ['extra trees', extraTreesRegressor({ trees: 8 })],
] as const)('numbers from a table: %s', async (_, model) => {
  const fitted = await model.fit({ rows: numbers, target: 'weight' }, { seed: 5 });
  const { value } = await run(await fitted.save(), feeds(inputs));
  expect(value?.dims).toEqual([160, 1]);
  expect(steps(value?.data, await fitted.predict(inputs))).toBeLessThanOrEqual(2);
});

test.each([
  ['float32', Float32Array.from({ length: 400 }, (_, i) => Math.sin(i * i))],
  ['uint8', Uint8Array.from({ length: 400 }, (_, i) => (i * i * 7) % 256)],
  ['int32', Int32Array.from({ length: 400 }, (_, i) => 2 ** 25 + ((i * i * 7) % 1000))],
] as const)('plain numbers of %s, with labels of every type', async (dtype, data) => {
  const x = { data, shape: [100, 2, 2] };
  const first = Array.from({ length: 100 }, (_, i) => (data[4 * i] as number) - (data[4 * i + 3] as number));
  const tensor = new Tensor(dtype, data as never, x.shape);
  for (const [read, labelOf] of [
    [Boolean, (value: number) => value > 0],
    [Number, (value: number) => (value > 0 ? 7 : -3)],
    [Number, (value: number) => (value > 0 ? 0.5 : -1)],
  ] as const) {
    const fitted = await randomForestClassifier({ trees: 9 }).fit({ x, y: first.map<Label>(labelOf) }, { seed: 1 });
    const { label } = await run(await fitted.save(), { x: tensor });
    expect(plain(label, read)).toEqual(await fitted.predict(x));
  }
});

test('values on a threshold, and next to it', async () => {
  const x = Float32Array.from({ length: 60 }, (_, i) => Math.fround(i / 7));
  const y = Array.from(x, (value) => value * value);
  const fitted = await decisionTreeClassifier().fit({
    x: { data: x, shape: [60, 1] },
    y: y.map((value) => value > 30),
  });
  const saved = await fitted.save();
  const tree = await fitted.tree(0);
  const at = Math.fround(tree.threshold ?? 0);
  const near = Float32Array.of(at, at * (1 + 2 ** -23), at * (1 - 2 ** -23), 0, -1e30);
  const { label } = await run(saved, { x: new Tensor('float32', near, [5, 1]) });
  expect(plain(label, Boolean)).toEqual(await fitted.predict({ data: near, shape: [5, 1] }));
});

test('more categories than codes', async () => {
  const many = Array.from({ length: 700 }, (_, i) => ({ town: `town ${i % 300}`, y: (i % 300) / 10 }));
  const fitted = await randomForestRegressor({ trees: 5 }).fit({ rows: many, target: 'y' });
  const asked = many.map(({ town }) => ({ town }));
  const { value } = await run(await fitted.save(), feeds(asked));
  expect(steps(value?.data, await fitted.predict(asked))).toBeLessThanOrEqual(2);
});

test('what is no forest, or cannot be a name of ONNX, is told', async () => {
  const fitted = await randomForestClassifier({ trees: 2 }).fit({
    rows: [0, 1, 2, 3].map((size) => ({ '': size, kind: size < 2 })),
    target: 'kind',
  });
  const saved = await fitted.save();
  expect(() => toOnnx(saved)).toThrow(DendriteError);
  expect(() => toOnnx(saved)).toThrow('an input must have a name of its own, got none');
  const { header } = saved;
  expect(() => toOnnx({ ...saved, header: { ...header, model: { ...header.model, name: 'nn/classifier' } } })).toThrow(
    "toOnnx(): the file must hold a forest, got 'nn/classifier'",
  );
});
