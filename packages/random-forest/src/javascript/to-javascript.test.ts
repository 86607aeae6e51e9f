/** The written module, imported as any program would, against the forest it was written from: equal to the bit. */
import { toBytes } from '@dendrite/safetensors';
import type { SavedModel } from '@dendrite/spec';
import { expect, test } from 'vitest';
import {
  decisionTreeClassifier,
  decisionTreeRegressor,
  extraTreesClassifier,
  extraTreesRegressor,
  randomForestClassifier,
  randomForestRegressor,
} from '../forest/forests.ts';
import { toJavaScript } from './to-javascript.ts';

interface Written {
  readonly labels: readonly unknown[];
  predict(rows: readonly unknown[]): unknown[];
  predictProbabilities(rows: readonly unknown[]): number[][];
}
const imported = async (file: SavedModel | Uint8Array): Promise<Written> =>
  import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(toJavaScript(file))}`);

const rows = Array.from({ length: 150 }, (_, i) => ({
  size: i % 11 === 0 ? null : Math.sin(i) * 10,
  'a "quoted" name': Math.fround(Math.cos(i * i)),
  colour: i % 13 === 0 ? null : (['red', 'green', '</script>', '\u2028', '`$'][(i * i) % 5] ?? 'red'),
  round: i % 4 === 0,
  day: i % 17 === 0 ? new Date(Number.NaN) : new Date(2020, 0, i),
  kind: i % 7 < 3 ? "it's\nlow" : i % 5 === 0 ? '__proto__' : 'high',
  weight: Math.cos(i) + i / 30,
}));
const inputs = rows.map(({ kind: _, weight: __, ...row }) => row);
const classes = rows.map(({ weight: _, ...row }) => row);
const numbers = rows.map(({ kind: _, ...row }) => row);

test.each([
  ['the mean of fractions', randomForestClassifier({ trees: 20, minSamplesLeaf: 4 })],
  ['votes', randomForestClassifier({ trees: 20, minSamplesLeaf: 4, combine: 'mode' })],
  ['exact cuts', randomForestClassifier({ trees: 10, splitter: 'exact', maxDepth: 4 })],
  ['extra trees', extraTreesClassifier({ trees: 10, maxDepth: 5 })],
  ['one tree', decisionTreeClassifier({ maxLeafNodes: 6 })],
] as const)('classes from a table: %s', async (_, model) => {
  const fitted = await model.fit({ rows: classes, target: 'kind' }, { seed: 5 });
  const written = await imported(toBytes(await fitted.save()));
  expect(written.labels).toEqual(fitted.labels);
  expect(written.predict(inputs)).toEqual(await fitted.predict(inputs));
  expect(written.predictProbabilities(inputs).flat()).toEqual([...(await fitted.predictProbabilities(inputs)).data]);
});

test('rows of a class: its getters are read, what every object has is not', async () => {
  class Stone {
    readonly width: number;
    constructor(width: number) {
      this.width = width;
    }
    get sort(): string {
      return 'x';
    }
    get weight(): number {
      return 3 * this.width;
    }
  }
  const stones = [1, 2, 3, 4, 5, 6].map((width) => new Stone(width));
  const fitted = await decisionTreeRegressor().fit({ rows: stones, target: 'width' });
  const written = await imported(await fitted.save());
  expect(written.predict(stones)).toEqual(await fitted.predict(stones));
  expect(() => written.predict([{ sort: 'x', width: 1 }])).toThrow("rows must have 'weight'");
});

test.each([
  ['the mean', randomForestRegressor({ trees: 15 })],
  ['the median of an even number', randomForestRegressor({ trees: 14, combine: 'median' })],
  ['the median of an odd number', randomForestRegressor({ trees: 9, combine: 'median', splitter: 'exact' })],
  ['extra trees', extraTreesRegressor({ trees: 8 })],
] as const)('numbers from a table: %s', async (_, model) => {
  const fitted = await model.fit({ rows: numbers, target: 'weight' }, { seed: 5 });
  const written = await imported(await fitted.save());
  expect(written.predict(inputs)).toEqual(await fitted.predict(inputs));
});

test.each([
  ['float32', Float32Array.from({ length: 400 }, (_, i) => Math.sin(i * i))],
  ['uint8', Uint8Array.from({ length: 400 }, (_, i) => (i * i * 7) % 256)],
  ['int32', Int32Array.from({ length: 400 }, (_, i) => ((i * i * 7) % 1000) - 500)],
] as const)('plain numbers of %s, with labels that are numbers or booleans', async (_, data) => {
  const nested = Array.from({ length: 100 }, (_, i) => Array.from(data.subarray(4 * i, 4 * i + 4)));
  const x = { data, shape: [100, 2, 2] };
  for (const y of [nested.map(([a = 0]) => a > 0), nested.map(([a = 0, b = 0]) => (a > b ? 1 : -3))]) {
    const fitted = await randomForestClassifier({ trees: 9 }).fit({ x, y }, { seed: 1 });
    const written = await imported(await fitted.save());
    expect(written.predict(nested)).toEqual(await fitted.predict(x));
    expect(
      written.predict([
        data.subarray(0, 4),
        [
          [data[4], data[5]],
          [data[6], data[7]],
        ],
      ]),
    ).toEqual((await fitted.predict(x)).slice(0, 2));
  }
});

test('more categories than codes, and a column of all bytes', async () => {
  const many = Array.from({ length: 700 }, (_, i) => ({ town: `town ${i % 300}`, noise: i % 7, y: (i % 300) / 10 }));
  const fitted = await randomForestRegressor({ trees: 5 }).fit({ rows: many, target: 'y' });
  const asked = many.map(({ town, noise }) => ({ town, noise }));
  expect((await imported(await fitted.save())).predict(asked)).toEqual(await fitted.predict(asked));
});

test('wrong rows are named', async () => {
  const fitted = await randomForestClassifier({ trees: 3, missing: 'error' }).fit({
    rows: [0, 1, 2, 3].map((size) => ({ size, colour: size < 2 ? 'red' : 'blue', kind: size < 2 })),
    target: 'kind',
  });
  const { predict } = await imported(await fitted.save());
  const good = { size: 1, colour: 'red' };
  expect(predict([])).toEqual([]);
  expect(() => predict([good, { colour: 'red', size: null }])).toThrow("row 1: 'size' must be there");
  expect(() => predict([good, { size: '1', colour: 'red' }])).toThrow("row 1: 'size' must be a number");
  expect(() => predict([{ size: Number.POSITIVE_INFINITY, colour: 'red' }])).toThrow("row 0: 'size' must be finite");
  expect(() => predict([{ size: 1, colour: 'mauve' }])).toThrow("row 0: 'colour' must be finite and seen in training");
  expect(() => predict([{ size: 1 }])).toThrow("rows must have 'colour'");
  expect(() => predict([good, 3])).toThrow('row 1 must be an object');
  const plain = await randomForestClassifier({ trees: 3 }).fit({
    x: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    y: [true, false, true],
  });
  const { predict: ofLists } = await imported(await plain.save());
  expect(() => ofLists([[1, 2], [1]])).toThrow('row 1 must have 2 numbers');
  expect(() => ofLists([[1, Number.NaN]])).toThrow('row 0 must hold numbers');
});

test('a strange file is refused before any text is made, and strange names stay texts', async () => {
  const fitted = await randomForestClassifier({ trees: 3 }).fit({ rows: classes, target: 'kind' });
  const saved = await fitted.save();
  const { header } = saved;
  expect(() =>
    toJavaScript({ ...saved, header: { ...header, model: { ...header.model, name: 'nn/classifier' } } }),
  ).toThrow(/FORMAT|must hold a forest/);
  expect(() => toJavaScript({ ...saved, header: { ...header, labels: [] } })).toThrow('labels must be there');
  const preprocessing = header.preprocessing as { readonly columns: readonly { readonly name: string }[] };
  const [, ...fewer] = preprocessing.columns;
  expect(() =>
    toJavaScript({ ...saved, header: { ...header, preprocessing: { kind: 'table', columns: fewer } as never } }),
  ).toThrow('columns must be as many as the forest has');
  const text = toJavaScript(saved);
  expect(text).not.toMatch(/<\/script>|\u2028/);
  const hostile = '"];globalThis.pwned=1;//';
  const named = {
    kind: 'table',
    columns: preprocessing.columns.map((column, f) => (f === 1 ? { ...column, name: hostile } : column)),
  };
  await imported({ ...saved, header: { ...header, preprocessing: named as never, labels: [hostile, '`$`', '\\'] } });
  expect('pwned' in globalThis).toBe(false);
});
