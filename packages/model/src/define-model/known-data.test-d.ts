/** What the compiler asks of data that it knows, and what it leaves to be checked when it runs; checked by tsc, never run. */
import type { Cell, Data, DataSource, FitOptions, Inputs, Label, Model, Table } from '@dendrite/spec';
import { leastSquares } from './least-squares.fixture.ts';
import { nearestCentroid } from './nearest-centroid.fixture.ts';

interface Flower {
  readonly petal: number;
  readonly sepal: number | null;
  readonly colour: 'white' | 'violet';
  readonly fresh?: boolean;
  readonly species: 'setosa' | 'virginica';
}
declare const flowers: readonly Flower[];
declare const json: Record<string, unknown>[];
declare const cells: Record<string, Cell>[];
declare const objects: object[];
// biome-ignore lint/suspicious/noExplicitAny: what JSON.parse gives
declare const parsed: any[];
declare const table: Table;
declare const pets: DataSource<'cat' | 'dog'>;
declare const prices: DataSource;
declare const name: string;

const [classifier, regression] = [nearestCentroid(), leastSquares()];

export async function targets(): Promise<void> {
  await classifier.fit({ rows: flowers, target: 'species' });
  await regression.fit({ rows: flowers, target: 'petal' });
  await regression.fit({ rows: flowers, target: 'sepal' });
  // @ts-expect-error "specie" is none of the columns
  await classifier.fit({ rows: flowers, target: 'specie' });
  // @ts-expect-error also where rows are written on the spot
  await classifier.fit({ rows: [{ petal: 1, kind: 'a' }], target: 'kid' });
  // @ts-expect-error and of a run
  classifier.run({ rows: flowers, target: 'specie' });
  // @ts-expect-error and of a plan
  await classifier.plan({ rows: flowers, target: 'specie' });
  // @ts-expect-error a colour is no number
  await regression.fit({ rows: flowers, target: 'colour' });
  // @ts-expect-error nor is a text
  await regression.fit({ x: [[1], [2]], y: ['1', '2'] });
  // @ts-expect-error nor is a flag
  await regression.fit({ x: [[1], [2]], y: [true, false] });
  // @ts-expect-error nor is a pet
  await regression.fit(pets);
  await regression.fit({ x: [[1], [2]], y: Int32Array.of(1, 2) });
  await regression.fit(prices);
}

export async function rows(): Promise<void> {
  const fitted = await classifier.fit({ rows: flowers, target: 'species' });
  await fitted.predict(flowers);
  await fitted.predict([{ petal: null, sepal: 2, colour: 'white' }]);
  await fitted.predict([{ petal: 1, sepal: 2, colour: 'never seen', fresh: true, species: undefined }]);
  await fitted.predict([[1, 2, 3, 4]]);
  await fitted.predict(table);
  await fitted.predict(parsed);
  // @ts-expect-error petal is misspelt
  await fitted.predict([{ petl: 1, sepal: 2, colour: 'white' }]);
  // @ts-expect-error a column is missing
  await fitted.predictProbabilities([{ petal: 1, sepal: 2 }]);
  // @ts-expect-error a length is no text
  await fitted.predict([{ petal: '1', sepal: 2, colour: 'white' }]);
}

export async function weights(): Promise<void> {
  await classifier.fit({ rows: flowers, target: 'species' }, { classWeight: { setosa: 2 } });
  await classifier.fit({ x: [[1], [2]], y: [0, 1] }, { classWeight: { 0: 2, 1: 3 } });
  await classifier.fit({ x: [[1], [2]], y: [true, false] }, { classWeight: { true: 2 } });
  await classifier.fit({ x: [[1], [2]], y: Uint8Array.of(7, 9) }, { classWeight: { 7: 2 } });
  // @ts-expect-error no flower is a rose
  await classifier.fit({ rows: flowers, target: 'species' }, { classWeight: { rose: 2 } });
  // @ts-expect-error no label is 2
  await classifier.fit({ x: [[1], [2]], y: [0, 1] }, { classWeight: { 2: 2 } });
  // @ts-expect-error no pet is a bird
  await classifier.fit(pets, { classWeight: { bird: 2 } });
}

class Measured {
  readonly size: number = 1;
  readonly kind: 'small' | 'large' = 'small';
  describe(): string {
    return `${this.size}`;
  }
}
/** Rows may be of a class. */
export async function instances(measured: readonly Measured[]): Promise<void> {
  const fitted = await classifier.fit({ rows: measured, target: 'kind' });
  const kinds: ('small' | 'large')[] = await fitted.predict(measured);
  await fitted.predict([{ size: 3 }]);
  // @ts-expect-error its size is misspelt
  await fitted.predict([{ sice: 3 }]);
  void kinds;
}

/** Nothing is asked where the types say nothing. */
export async function loose(): Promise<void> {
  for (const given of [json, cells, objects, parsed]) {
    const fitted = await classifier.fit({ rows: given, target: 'species' }, { classWeight: { rose: 2 } });
    await fitted.predict([{ petl: 1 }]);
    await fitted.predict(given);
    await regression.fit({ rows: given, target: 'price' });
  }
  await (await classifier.fit({ rows: flowers, target: name })).predict([{ petl: 1 }]);
  await (await classifier.fit({ table, target: name })).predict([{ petl: 1 }]);
  // The columns besides the target come from elsewhere.
  const spread = json.map((features) => ({ ...features, kind: 'a' }));
  await (await classifier.fit({ rows: spread, target: 'kind' })).predict(json);
}

/** Code for every model and any data needs no type parameter. */
export async function whatever(model: Model, data: Data, options: FitOptions, x: Inputs): Promise<Label[]> {
  return (await model.fit(data, options)).predict(x);
}
export const models: readonly Model[] = [classifier, regression];

/** Functions over rows of any kind ask what `fit` asks. */
export async function anyRows<T extends object>(rows: readonly T[], target: keyof T & string): Promise<void> {
  const fitted = await classifier.fit({ rows, target });
  await fitted.predict(rows);
}
export async function anyColumn<T extends object, K extends keyof T & string>(
  rows: readonly T[],
  target: K,
): Promise<void> {
  await classifier.fit({ rows, target });
}
export async function rowsWithLabels<T extends { label: string }>(rows: readonly T[]): Promise<void> {
  await classifier.fit({ rows, target: 'label' });
}
export async function looseRows<T extends Record<string, unknown>>(
  rows: readonly T[],
  target: keyof T & string,
): Promise<void> {
  await classifier.fit({ rows, target });
}
