/** Options, data of every kind, and what can be asked of a fitted forest. Long: its tables serve all cases. */
import { arraySource } from '@dendrite/model';
import { hostKey, normals, uniforms } from '@dendrite/random';
import { isDendriteError } from '@dendrite/spec';
import { expect, test } from 'vitest';
import type { TreeNodeData } from '../explain/tree-data.ts';
import {
  decisionTreeClassifier,
  decisionTreeRegressor,
  extraTreesRegressor,
  randomForestClassifier,
  randomForestRegressor,
} from './forests.ts';

interface Numeric {
  readonly x: { readonly data: Float64Array; readonly shape: readonly number[] };
  readonly y: number[];
}
function clouds(rows: number, classes: number, seed = 1, whole = false): Numeric {
  const noise = normals(hostKey(seed), rows * 3);
  const y = Array.from({ length: rows }, (_, i) => i % classes);
  const data = Float64Array.from(noise, (value, i) => {
    const moved = value + (y[Math.floor(i / 3)] as number) * (1 + (i % 3));
    return whole ? Math.round(8 * moved) : moved;
  });
  return { x: { data, shape: [rows, 3] }, y };
}
const codeOf = async (run: () => Promise<unknown>): Promise<readonly [string, string]> => {
  try {
    await run();
  } catch (error) {
    if (isDendriteError(error)) return [error.code, error.message];
    throw error;
  }
  return ['none', ''];
};

test.each([2, 5] as const)(
  'with fewer than 256 values histogram and exact splits are one forest, %i classes',
  async (classes) => {
    const data = clouds(120, classes, 2, true);
    const histogram = await randomForestClassifier({ trees: 5, bootstrap: false }).fit(data, { seed: 1 });
    const exact = await randomForestClassifier({ trees: 5, bootstrap: false, splitter: 'exact' }).fit(data, {
      seed: 1,
    });
    expect(exact.size).toEqual(histogram.size);
    expect((await exact.apply(data.x)).data).toEqual((await histogram.apply(data.x)).data);
    expect(await exact.importance()).toEqual(await histogram.importance());
  },
);

test('the same for numbers', async () => {
  const data = clouds(120, 40, 3, true);
  const histogram = await randomForestRegressor({ trees: 5, bootstrap: false }).fit(data, { seed: 1 });
  const exact = await randomForestRegressor({ trees: 5, bootstrap: false, splitter: 'exact' }).fit(data, { seed: 1 });
  expect((await exact.apply(data.x)).data).toEqual((await histogram.apply(data.x)).data);
});

test.each(['gini', 'entropy'] as const)(
  'the root takes the split that a search over all of them takes: %s',
  async (criterion) => {
    const data = clouds(60, 3, 7, true);
    const tree = await decisionTreeClassifier({ maxDepth: 1, criterion }).fit(data);
    const { feature, threshold } = await tree.tree(0);
    const impurity = (rows: readonly number[]): number => {
      const shares = [0, 1, 2].map((k) => rows.filter((i) => data.y[i] === k).length / rows.length);
      return criterion === 'gini'
        ? 1 - shares.reduce((sum, p) => sum + p * p, 0)
        : -shares.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);
    };
    const all = data.y.map((_, i) => i);
    let best = { loss: Number.POSITIVE_INFINITY, feature: '', low: 0, high: 0 };
    for (let f = 0; f < 3; f++) {
      const values = [...new Set(all.map((i) => data.x.data[3 * i + f] as number))].sort((a, b) => a - b);
      values.slice(1).forEach((high, v) => {
        const low = values[v] as number;
        const left = all.filter((i) => (data.x.data[3 * i + f] as number) <= low);
        const right = all.filter((i) => (data.x.data[3 * i + f] as number) > low);
        const loss = left.length * impurity(left) + right.length * impurity(right);
        if (loss < best.loss - 1e-9) best = { loss, feature: `x${f}`, low, high };
      });
    }
    expect(feature).toBe(best.feature);
    expect(threshold).toBe((best.low + best.high) / 2);
  },
);

test('impurity importance adds up to 1, and permutation finds the one feature that matters', async () => {
  const rows = 300;
  const noise = uniforms(hostKey(5), rows * 3);
  const y = Array.from({ length: rows }, (_, i) => (noise[3 * i + 1] as number) > 0.5);
  const forest = await randomForestClassifier({ trees: 20 }).fit({
    x: { data: Float32Array.from(noise), shape: [rows, 3] },
    y,
  });
  const impurity = await forest.importance();
  expect(impurity.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(1, 12);
  const permutation = await forest.importance('permutation');
  expect(permutation.map(({ name }) => name)).toEqual(['x0', 'x1', 'x2']);
  expect(permutation[1]?.value).toBeGreaterThan(0.3);
  expect(Math.abs(permutation[0]?.value ?? 1)).toBeLessThan(0.05);
});

const pets = Array.from({ length: 120 }, (_, i) => ({
  colour: ['red', 'green', 'blue', 'white', 'black'][i % 5] as string,
  age: i % 7 === 0 ? null : (i * 13) % 40,
  tame: i % 3 === 0,
  born: new Date(2000, 0, 1 + i),
  kind: (i % 5 === 0 || i % 5 === 2 ? 'cat' : 'dog') as 'cat' | 'dog',
}));

test('categories are grouped in one split; labels come back typed; unknown ones are refused by row and column', async () => {
  const tree = await decisionTreeClassifier().fit({ rows: pets, target: 'kind' });
  const root = await tree.tree(0);
  expect([...(root.categories ?? [])].sort()).toEqual(['blue', 'red']);
  expect(tree.size).toEqual({ trees: 1, nodes: 3, depth: 1 });
  const predicted: ('cat' | 'dog')[] = await tree.predict(pets.slice(0, 3));
  expect(predicted).toEqual(['cat', 'dog', 'cat']);
  const pink = pets.slice(0, 2).map((pet) => ({ ...pet, colour: 'pink' }));
  expect(await codeOf(() => tree.predict(pink))).toEqual(['DATA', expect.stringContaining("'pink' in row 0")]);
});

test('rows may be of a class: its getters are columns, also of rows to predict for and as the target', async () => {
  class House {
    readonly rooms: number;
    constructor(rooms: number) {
      this.rooms = rooms;
    }
    get size(): 'small' | 'large' {
      return this.rooms > 4 ? 'large' : 'small';
    }
    get price(): number {
      return this.rooms > 4 ? 900 : 300;
    }
    paint(): void {}
  }
  const houses = Array.from({ length: 40 }, (_, i) => new House(i % 9));
  const priced = await decisionTreeRegressor().fit({ rows: houses, target: 'price' });
  expect((await priced.importance()).map(({ name }) => name)).toEqual(['rooms', 'size']);
  expect(await priced.predict([new House(8), { rooms: 1, size: 'small' }, { rooms: null, size: 'large' }])).toEqual([
    900, 300, 900,
  ]);
  const sized = await decisionTreeClassifier().fit({ rows: houses, target: 'size' });
  const same: ('small' | 'large')[] = await sized.predict([new House(2), new House(7)]);
  expect(same).toEqual(['small', 'large']);
  await expect(sized.predict([{ rooms: 3 }] as never)).rejects.toThrow("must have a column 'price'");
});

test('dates and objects are nothing to learn: refused by row, with what to do', async () => {
  const [days, places]: object[][] = [[{ x: 1, day: new Date(0) }], [{ x: 1, place: {} }]];
  await expect(randomForestClassifier().fit({ rows: days ?? [], target: 'day' })).rejects.toThrow(
    "fit(): the target 'day' must be a string, number or boolean, got [object Date] in row 0. Convert it: of a date, Number(date)",
  );
  await expect(randomForestRegressor().fit({ rows: places ?? [], target: 'place' })).rejects.toThrow(
    'got [object Object] in row 0. Convert it',
  );
  const y: never[] = JSON.parse('[{}, {}]');
  await expect(randomForestClassifier().fit({ x: [[1], [2]], y })).rejects.toThrow(
    'got [object Object] in row 0. Convert it',
  );
  await expect(randomForestRegressor().fit({ x: [[1], [2]], y })).rejects.toThrow('got [object Object] in row 0');
});

test('where missing values go is learned', async () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({ a: i % 4 === 0 ? null : i, sick: i % 4 === 0 || i > 150 }));
  const tree = await decisionTreeClassifier().fit({ rows, target: 'sick' });
  expect(tree.size.nodes).toBe(3);
  expect(await tree.predict([{ a: null }, { a: 10 }, { a: 180 }])).toEqual([true, false, true]);
  const [path] = await tree.explain([{ a: null }]);
  expect(path?.steps).toMatchObject([{ feature: 'a', value: null, missing: 'right', yes: false }]);
  const turned = rows.map(({ a, sick }) => ({ a: a === null ? null : -a, sick }));
  const mirrored = await decisionTreeClassifier().fit({ rows: turned, target: 'sick' });
  expect((await mirrored.tree(0)).missing).toBe('left');
  expect(await mirrored.predict([{ a: null }, { a: -10 }])).toEqual([true, false]);
});

test('NaN and infinities in plain arrays are refused by row and column; missing: error refuses gaps in tables', async () => {
  const { x, y } = clouds(60, 2);
  for (const value of [Number.NaN, Number.NEGATIVE_INFINITY]) {
    const data = x.data.slice();
    data[4] = value;
    const refused = await codeOf(() => randomForestClassifier().fit({ x: { data, shape: x.shape }, y }));
    expect(refused).toEqual(['DATA', expect.stringMatching(new RegExp(`${value} in row 1, column 1`))]);
  }
  const strict = randomForestClassifier({ trees: 5, missing: 'error' });
  expect(await codeOf(() => strict.fit({ rows: pets, target: 'kind' }))).toEqual([
    'DATA',
    expect.stringMatching(/row 0, column 'age'/),
  ]);
});

test('odd data give a right result: constant features, more classes than rows of each, one feature, one row a side', async () => {
  const constant = await randomForestClassifier({ trees: 5 }).fit({
    x: [
      [1, 5],
      [1, 5],
      [1, 5],
      [1, 5],
    ],
    y: ['a', 'b', 'b', 'b'],
  });
  expect(await constant.predict([[1, 5]])).toEqual(['b']);
  const many = await randomForestClassifier({ trees: 30, bootstrap: false }).fit({
    x: [[1], [2], [3], [4]],
    y: ['a', 'b', 'c', 'd'],
  });
  expect(await many.predict([[1], [2], [3], [4]])).toEqual(['a', 'b', 'c', 'd']);
  expect(await codeOf(() => randomForestClassifier().fit({ x: [[1], [2]], y: ['a', 'a'] }))).toEqual([
    'DATA',
    expect.stringContaining('two classes'),
  ]);
  const flat = await randomForestRegressor({ trees: 3 }).fit({ x: [[1], [2], [3]], y: [0.1, 0.1, 0.1] });
  expect(await flat.predict([[9]])).toEqual([expect.closeTo(0.1, 15)]);
  expect(flat.size.nodes).toBe(3);
});

test('limits are kept: depth, leaves, rows of a leaf, impurity', async () => {
  const data = clouds(200, 3, 4);
  const leaves = (model: { readonly size: { readonly nodes: number } }): number => (model.size.nodes + 1) / 2;
  expect((await decisionTreeClassifier({ maxDepth: 0 }).fit(data)).size.nodes).toBe(1);
  expect((await decisionTreeClassifier({ maxDepth: 3 }).fit(data)).size.depth).toBe(3);
  expect(leaves(await decisionTreeClassifier({ maxLeafNodes: 7 }).fit(data))).toBe(7);
  const wide = await decisionTreeRegressor({ minSamplesLeaf: 20 }).fit(data);
  const { data: leafOf } = await wide.apply(data.x);
  const sizes = new Map<number, number>();
  for (const leaf of leafOf) sizes.set(leaf, (sizes.get(leaf) ?? 0) + 1);
  expect(Math.min(...sizes.values())).toBeGreaterThanOrEqual(20);
  const whole = await decisionTreeClassifier().fit(data);
  const pruned = await decisionTreeClassifier({ minImpurityDecrease: 0.05 }).fit(data);
  expect(leaves(pruned)).toBeLessThan(leaves(whole) / 2);
  expect(leaves(pruned)).toBeGreaterThan(1);
});

test('best first with room for all leaves is as large as depth first, and as right', async () => {
  const data = clouds(100, 3, 6);
  const depthFirst = await decisionTreeClassifier().fit(data);
  const bestFirst = await decisionTreeClassifier({ maxLeafNodes: 1000 }).fit(data);
  expect(Math.abs(bestFirst.size.nodes - depthFirst.size.nodes)).toBeLessThan(8);
  expect(await bestFirst.predict(data.x)).toEqual(data.y);
  // So many leaves that the arrays of a growing tree become longer more than once.
  const stripes = { x: Array.from({ length: 250 }, (_, i) => [i]), y: Array.from({ length: 250 }, (_, i) => i % 2) };
  const large = await decisionTreeClassifier({ maxLeafNodes: 1000 }).fit(stripes);
  expect(large.size.nodes).toBe(499);
  expect(await large.predict(stripes.x)).toEqual(stripes.y);
});

test.each(['histogram', 'exact'] as const)(
  'best first without a bound that binds learns by heart what depth first does, also from few values: %s',
  async (splitter) => {
    const x = Array.from({ length: 400 }, (_, i) =>
      Array.from({ length: 8 }, (_, j) => (((i * 7919 + j * 104729) * 2654435761) >>> 9) & 3),
    );
    const y = x.map((row, i) => ((row[0] ?? 0) + (row[3] ?? 0) + (i % 3)) % 2);
    const options = { splitter, minSamplesLeaf: 1 };
    const depthFirst = await decisionTreeClassifier(options).fit({ x, y }, { seed: 3 });
    const bestFirst = await decisionTreeClassifier({ ...options, maxLeafNodes: 1e6 }).fit({ x, y }, { seed: 3 });
    const wrong = (found: readonly number[]): number => found.filter((value, i) => value !== y[i]).length;
    expect(wrong(await bestFirst.predict(x))).toBe(wrong(await depthFirst.predict(x)));
  },
);

test('mode counts votes, median is the middle of the trees', async () => {
  const data = clouds(80, 2, 8);
  const votes = await randomForestClassifier({ trees: 5, combine: 'mode', maxDepth: 2 }).fit(data);
  const { data: shares } = await votes.predictProbabilities(data.x);
  for (const share of shares) expect(Math.abs(share * 5 - Math.round(share * 5))).toBeLessThan(1e-5);
  const y = data.y.map((k, i) => k * 10 + (i % 3));
  const median = await randomForestRegressor({ trees: 5, combine: 'median' }).fit({ ...data, y });
  const { data: nodes } = await median.apply({ data: data.x.data.slice(0, 3), shape: [1, 3] });
  expect(nodes).toHaveLength(5);
  expect(
    Number.isInteger(2 * ((await median.predict({ data: data.x.data.slice(0, 3), shape: [1, 3] }))[0] as number) * 60),
  ).toBe(true);
});

test('a weight of 0 leaves a row out, a weight of 2 is the row twice', async () => {
  const data = clouds(40, 2, 9);
  const first = { data: data.x.data.slice(0, 60), shape: [20, 3] };
  const weighted = await decisionTreeClassifier().fit({
    ...data,
    sampleWeight: data.y.map((_, i) => (i < 20 ? 1 : 0)),
  });
  const short = await decisionTreeClassifier().fit({ x: first, y: data.y.slice(0, 20) });
  expect(await weighted.predict(data.x)).toEqual(await short.predict(data.x));
  const y = [0, 1, 2, 5];
  const x = [[0], [0], [1], [1]];
  const twice = await decisionTreeRegressor().fit({ x, y, sampleWeight: [2, 1, 1, 3] });
  expect(await twice.predict([[0], [1]])).toEqual([expect.closeTo(1 / 3, 12), expect.closeTo(17 / 4, 12)]);
});

test.each(['gini', 'entropy'] as const)(
  '%s: how much all weights add up to changes no cut, and no pure node is split under any weights',
  async (criterion) => {
    const [rows, random] = [400, hostKey(5)];
    const data = Float64Array.from(uniforms(random, rows * 4));
    const at = (row: number, feature: number): number => data[4 * row + feature] as number;
    const labels = Array.from({ length: rows }, (_, i) => (at(i, 2) > 0.5 ? 'a' : at(i, 3) > 0.5 ? 'b' : 'c'));
    const x = { data, shape: [rows, 4] };
    // Powers of two scale without rounding: the least makes all rows together weigh 4e-4.
    const grown = [1, 2 ** -9, 2 ** -20].map(async (weight) => {
      const sampleWeight = new Float64Array(rows).fill(weight);
      return (await decisionTreeClassifier({ criterion }).fit({ x, y: labels, sampleWeight })).text(0);
    });
    const [plain, ...scaled] = await Promise.all(grown);
    expect(plain?.split('\n').length).toBeLessThan(12);
    for (const text of scaled) expect(text).toBe(plain);
    for (const spread of [1, 30]) {
      const sampleWeight = Array.from(uniforms(hostKey(spread), rows), (u) => 10 ** (-spread * u));
      const tree = await decisionTreeClassifier({ criterion, splitter: 'exact' }).fit(
        { x, y: labels, sampleWeight },
        { classWeight: { a: 0.1, b: 1 / 3, c: 0.7 } },
      );
      // Leaves are grown until they are pure, so a split whose leaves all say the same divided a pure node.
      const saidBelow = (node: TreeNodeData): Set<unknown> => {
        if (node.children === undefined) return new Set([node.label]);
        const said = new Set(node.children.flatMap((child) => [...saidBelow(child.node)]));
        expect(said.size).toBeGreaterThan(1);
        return said;
      };
      saidBelow(await tree.tree(0));
      expect(await tree.predict(x)).toEqual(labels);
    }
  },
);

test('extra trees draw their cuts, and differ by seed', async () => {
  const data = clouds(150, 30, 11);
  const trees = await extraTreesRegressor({ trees: 20 }).fit(data, { seed: 1 });
  const others = await extraTreesRegressor({ trees: 20 }).fit(data, { seed: 2 });
  expect(await trees.tree(0)).not.toEqual(await others.tree(0));
  const predicted = await trees.predict(data.x);
  // Every tree saw every row.
  predicted.forEach((value, i) => {
    expect(value).toBeCloseTo(data.y[i] as number, 9);
  });
});

test('bytes are their own codes, and 256 of them leave no room for a missing one', async () => {
  const data = Uint8Array.from({ length: 512 }, (_, i) => i & 255);
  const y = Array.from({ length: 512 }, (_, i) => (i & 255) > 127);
  const forest = await randomForestClassifier({ trees: 8 }).fit({ x: { data, shape: [512, 1] }, y });
  expect(await forest.predict({ data: Uint8Array.of(0, 120, 140, 255), shape: [4, 1] })).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test('warm start adds trees and keeps the old ones; more trees must be asked for', async () => {
  const data = clouds(60, 2, 12);
  const few = await randomForestClassifier({ trees: 4 }).fit(data, { seed: 1 });
  const more = await randomForestClassifier({ trees: 7 }).fit(data, { seed: 1, from: await few.save() });
  const atOnce = await randomForestClassifier({ trees: 7 }).fit(data, { seed: 1 });
  expect(more.size.trees).toBe(7);
  for (const i of [0, 3, 4, 6]) expect(await more.tree(i)).toEqual(await atOnce.tree(i));
  expect(await codeOf(async () => randomForestClassifier({ trees: 2 }).fit(data, { from: await few.save() }))).toEqual([
    'OPTION',
    expect.stringContaining('at least what the model to go on from has, 4, got 2'),
  ]);
});

test('a run that is stopped gives a forest of the trees so far', async () => {
  const run = randomForestClassifier({ trees: 50 }).run(clouds(60, 2));
  for await (const { done, metrics } of run) {
    if (done === 6) {
      expect(metrics.outOfBag).toBeGreaterThan(0.5);
      run.stop('enough');
    }
  }
  const forest = await run.result;
  expect(forest.size.trees).toBe(6);
  expect(forest.stopped).toBe('enough');
});

test('wrong options are told by name', async () => {
  // @ts-expect-error the compiler refuses it too
  expect(() => randomForestClassifier({ tres: 3 })).toThrow("got 'tres'");
  expect(() => randomForestClassifier({ trees: 0 })).toThrow('trees must be a whole number of at least 1, got 0');
  expect(() => randomForestClassifier({ maxFeatures: 1.5 })).toThrow('maxFeatures must be a share');
  // @ts-expect-error said in words
  expect(() => randomForestClassifier({ maxFeatures: 'a count' })).toThrow("or all, got 'a count'");
  expect(() => randomForestClassifier({ maxSamples: 0.5, bootstrap: false })).toThrow(
    'maxSamples must be 1 where bootstrap is false',
  );
  // @ts-expect-error the squared error is not for classes
  expect(() => randomForestClassifier({ criterion: 'squared error' })).toThrow(
    'criterion must be one of gini, entropy',
  );
  const forest = await randomForestClassifier({ trees: 2, bootstrap: false }).fit(clouds(20, 2));
  expect(() => forest.outOfBag).toThrow('got bootstrap: false');
  await expect(forest.importance('permutation')).rejects.toThrow('rows out of bag');
  // @ts-expect-error
  await expect(forest.importance('gain')).rejects.toThrow("'impurity' or 'permutation', got 'gain'");
  // @ts-expect-error
  expect(() => randomForestClassifier(null)).toThrow('the options must be an object, got null');
  await expect(forest.tree(2)).rejects.toThrow('the tree must be from 0 to 1, got 2');
});

test('a source of pictures is learned, judged and predicted as its arrays are', async () => {
  const y = Array.from({ length: 60 }, (_, i) => i % 2);
  const data = Uint8Array.from(uniforms(hostKey(6), 60 * 4), (value, i) => 99 * value + 50 * (y[i >> 2] as number));
  const arrays = { data, shape: [60, 2, 2, 1] };
  const source = arraySource({ x: arrays, targets: y, labels: ['dark', 'light'] });
  const fromSource = await randomForestClassifier({ trees: 9 }).fit(source, { seed: 3 });
  const fromArrays = await randomForestClassifier({ trees: 9 }).fit({ x: arrays, y }, { seed: 3 });
  expect((await fromSource.text(8)).replaceAll('light', '1').replaceAll('dark', '0')).toBe(await fromArrays.text(8));
  expect(await fromSource.predict(source)).toEqual(await fromSource.predict(arrays));
});

test('weights that count nothing are told before anything is grown', async () => {
  const { x, y } = clouds(20, 2);
  await expect(randomForestClassifier().fit({ x, y, sampleWeight: new Float32Array(20) })).rejects.toThrow(
    'sampleWeight must be positive somewhere, got zeros only',
  );
  const heavy = y.map((_, i) => (i === 3 ? 1e39 : 1));
  await expect(randomForestClassifier().fit({ x, y, sampleWeight: heavy })).rejects.toThrow('got 1e+39 in row 3');
  const light = y.map(() => 1e-50);
  await expect(randomForestClassifier().fit({ x, y, sampleWeight: light })).rejects.toThrow('0 as float32: multiply');
});

test.each(['js', 'wasm'] as const)('%s: leaves of equal numbers say that number, to the last bit', async (engine) => {
  const y = [0.1, 0.2, 0.3, 1000.7, 0.1, 7, 0, -3];
  const x = y.map((_, i) => [i % 4 === 0 ? 0 : i]);
  const forest = await randomForestRegressor({ trees: 1, bootstrap: false, engine }).fit({ x, y });
  expect(await forest.predict(x)).toEqual(y);
  expect(await (await decisionTreeRegressor({ splitter: 'exact' }).fit({ x, y })).predict(x)).toEqual(y);
  // Whole numbers, of which a leaf has several: their mean is exact where it is whole.
  const whole = await randomForestRegressor({ trees: 1, bootstrap: false, engine, maxDepth: 1 }).fit({
    x: [[0], [0], [0], [1], [1]],
    y: [1, 2, 3, 40, 60],
  });
  expect(await whole.predict([[0], [1]])).toEqual([2, 50]);
});

test('targets whose squares are no numbers are refused by row', async () => {
  const x = [[1], [2], [3]];
  for (const size of [1e308, 1e160, 1e-200])
    expect(await codeOf(() => randomForestRegressor().fit({ x, y: [0, size, -size] }))).toEqual([
      'DATA',
      expect.stringContaining(`from 1e-100 to 1e+100 in size, got ${size} in row 1`),
    ]);
  for (const size of [1e100, 1e-100]) {
    const fitted = await decisionTreeRegressor().fit({ x, y: [0, size, -size] });
    expect(await fitted.predict(x)).toEqual([0, size, -size]);
  }
});

test('trees draw from rows of positive weight, whatever the seed; rows without one are out of every bag', async () => {
  const x = Array.from({ length: 12 }, (_, i) => [i]);
  const y = x.map(([i = 0]) => (i < 6 ? 'low' : 'high'));
  const sampleWeight = x.map(([i = 0]) => Number(i === 2 || i === 9));
  for (let seed = 0; seed < 5; seed++) {
    const forest = await randomForestClassifier({ trees: 40 }).fit({ x, y, sampleWeight }, { seed });
    expect(await forest.predict(x)).toEqual(y);
    // Two rows are drawn a tree: where those are one, it is no tree but a leaf, and so is half of them.
    expect(forest.size.nodes).toBeLessThan(100);
    expect(await forest.importance('permutation')).toHaveLength(1);
  }
  // A class without weight is not learned.
  const one = await randomForestClassifier({ trees: 9 }).fit({ x, y }, { classWeight: { low: 0 } });
  expect(new Set(await one.predict(x))).toEqual(new Set(['high']));
  const none = () =>
    randomForestClassifier().fit(
      { x, y, sampleWeight: x.map(([i = 0]) => Number(i < 6)) },
      { classWeight: { low: 0 } },
    );
  expect(await codeOf(none)).toEqual(['DATA', expect.stringContaining('positive for a row')]);
});

test('a boolean may be missing when the forest is asked, though it never was before', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({ a: i % 7, tame: i % 2 === 0, y: i % 2 ? 'odd' : 'even' }));
  for (const splitter of ['histogram', 'exact'] as const) {
    const forest = await randomForestClassifier({ trees: 9, splitter }).fit({ rows, target: 'y' });
    expect(await forest.predict([{ a: 3, tame: null }])).toHaveLength(1);
    expect(await forest.predict([{ a: 3, tame: true }])).toEqual(['even']);
  }
});

test('after a warm start the new trees tell what shuffling costs; without any the score stays', async () => {
  const data = clouds(60, 2, 12);
  const few = await randomForestClassifier({ trees: 4 }).fit(data, { seed: 1 });
  const more = await randomForestClassifier({ trees: 24 }).fit(data, { seed: 2, from: await few.save() });
  const shuffled = await more.importance('permutation');
  expect(shuffled[2]?.value).toBeGreaterThan(0.05);
  const same = await randomForestClassifier({ trees: 4 }).fit(data, { seed: 2, from: await few.save() });
  expect(same.outOfBag.score).toBe(few.outOfBag.score);
  expect(same.outOfBag.predictions).toEqual(few.outOfBag.predictions);
  await expect(same.importance('permutation')).rejects.toThrow('without a new tree');
});

test('options that a kind decides are left out, whatever the compiler let through', async () => {
  const given = (options: object): object => options;
  expect(() => decisionTreeClassifier(given({ trees: 3 }))).toThrow('trees must be left out, got 3');
  expect(() => decisionTreeRegressor(given({ engine: 'js' }))).toThrow("engine must be left out, got 'js'");
  expect(() => extraTreesRegressor(given({ bootstrap: true }))).toThrow('bootstrap must be left out, got true');
  expect(() => decisionTreeClassifier(given({ tre: 3 }))).toThrow('missing, criterion, got');
  expect(() => randomForestClassifier(given([]))).toThrow('must be an object, got a list');
  expect(() => randomForestClassifier({ trees: Number.POSITIVE_INFINITY })).toThrow('got Infinity');
  expect(() => randomForestClassifier(given({ trees: '5' }))).toThrow("of at least 1, got '5'");
  expect(() => randomForestClassifier(given({ maxFeatures: '0.5' }))).toThrow("got '0.5'");
  expect(() => randomForestClassifier(given({ classWeight: 'balanced' }))).toThrow(
    "got 'classWeight'. Pass it to fit()",
  );
});

test('no rows are no rows, and a disposed forest tells nothing', async () => {
  const forest = await randomForestClassifier({ trees: 2, outOfBag: false }).fit({ rows: pets, target: 'kind' });
  expect(await forest.predict([])).toEqual([]);
  expect(await forest.apply([])).toEqual({ data: new Int32Array(0), shape: [0, 2] });
  expect(await forest.explain([])).toEqual([]);
  await expect(forest.explain([], { tre: 2 } as object)).rejects.toThrow("must be 'tree', got 'tre'");
  expect(JSON.parse(JSON.stringify(forest))).toMatchObject({ capabilities: { outOfBag: false }, size: { trees: 2 } });
  expect(() => forest.outOfBag).toThrow('got outOfBag: false');
  forest.dispose();
  await expect(forest.tree(0)).rejects.toThrow('must not have been disposed');
  await expect(forest.text(0)).rejects.toThrow('must not have been disposed');
});

test('class weights of numbers are refused, by the compiler too', async () => {
  const { x, y } = clouds(20, 2);
  // @ts-expect-error numbers have no classes
  const refused = () => randomForestRegressor().fit({ x, y }, { classWeight: 'balanced' });
  expect(await codeOf(refused)).toEqual(['OPTION', expect.stringContaining('classWeight is for classifiers')]);
});
