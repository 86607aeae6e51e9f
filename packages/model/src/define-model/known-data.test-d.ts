/** What the compiler asks of data that it knows, and what it leaves to be checked when it runs; checked by tsc, never run. */
import type {
  Capabilities,
  Cell,
  Data,
  DataSource,
  FitOptions,
  Fitted,
  Inputs,
  Label,
  LabelOf,
  Learnable,
  Metric,
  Model,
  RowData,
  Table,
} from '@dendrite/spec';
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

interface Visit {
  readonly when: Date;
  readonly place: { readonly x: number };
  readonly seconds: number;
  readonly note: null;
  readonly anything: unknown;
}
declare const visits: readonly Visit[];
/** Dates and objects are no labels, and gaps are nothing to learn from. */
export async function noLabels(): Promise<void> {
  await classifier.fit({ rows: visits, target: 'seconds' });
  await classifier.fit({ rows: visits, target: 'anything' });
  await regression.fit({ rows: visits, target: 'anything' });
  // @ts-expect-error a date is none
  await classifier.fit({ rows: visits, target: 'when' });
  // @ts-expect-error nor is an object
  await classifier.fit({ rows: visits, target: 'place' });
  // @ts-expect-error nor a gap
  await classifier.fit({ rows: visits, target: 'note' });
  // @ts-expect-error nor are they numbers
  await regression.fit({ rows: visits, target: 'when' });
  // @ts-expect-error also beside arrays
  await classifier.fit({ x: [[1], [2]], y: [new Date(0), new Date(1)] });
}
/** A column where the compiler has seen nothing but gaps may hold anything. */
export async function gaps(): Promise<void> {
  const fitted = await classifier.fit({ rows: visits, target: 'seconds' });
  await fitted.predict([{ when: new Date(0), place: { x: 1 }, note: 3, anything: 'x' }]);
  await fitted.predict([{ when: null, place: null, note: 'late', anything: null }]);
}

declare const accuracy: Metric;
declare const held: readonly Flower[];
declare const others: readonly { readonly petl: number; readonly species: 'setosa' }[];
/** Rows to judge by are those of training, by the same target. */
export async function judged(options: FitOptions, data: Data): Promise<void> {
  const [by, known] = [{ accuracy }, { rows: held, target: 'species' } as const];
  const { rows } = known;
  const fitted = await classifier.fit(known, { validation: known });
  await fitted.evaluate(known, by);
  await fitted.evaluate({ rows: [{ petal: null, sepal: 2, colour: 'red', species: 'setosa' }], target: 'species' }, by);
  await fitted.evaluate({ rows, target: name }, by);
  for (const given of [json, cells, objects, parsed]) await fitted.evaluate({ rows: given, target: 'species' }, by);
  await fitted.evaluate({ table, target: 'species' }, by);
  await fitted.evaluate({ x: [[1]], y: ['setosa'] }, by);
  await fitted.evaluate(data, by);
  await classifier.fit(known, { validation: 0.2 });
  await classifier.fit(known, { validation: data });
  await classifier.fit(known, options);
  await (await classifier.fit({ rows: json, target: 'kind' })).evaluate({ rows: flowers, target: 'species' }, by);
  // @ts-expect-error the target is misspelt
  await fitted.evaluate({ rows, target: 'specie' }, by);
  // @ts-expect-error petal is misspelt
  await fitted.evaluate({ rows: others, target: 'species' }, by);
  // @ts-expect-error the target is misspelt
  await classifier.fit(known, { validation: { rows, target: 'specie' } });
  // @ts-expect-error petal is misspelt
  await classifier.fit(known, { validation: { rows: others, target: 'species' } });
  // @ts-expect-error also in a run
  classifier.run(known, { validation: { rows: others, target: 'species' } });
  // @ts-expect-error and in a plan
  await classifier.plan(known, { validation: { rows: others, target: 'species' } });
}

/** Functions over rows of any kind compile; what they are given is checked when it is read. */
export async function anyRows<T extends object>(rows: readonly T[], target: keyof T & string): Promise<void> {
  const fitted = await classifier.fit({ rows, target }, { validation: { rows, target } });
  await fitted.predict(rows);
  await fitted.evaluate({ rows, target }, { accuracy });
  await regression.fit({ rows, target });
}
export async function anyColumn<T extends object, K extends keyof T & string>(
  rows: readonly T[],
  target: K,
): Promise<void> {
  await classifier.fit({ rows, target });
  await regression.fit({ rows, target });
}
export async function rowsWithLabels<T extends { label: string }>(rows: readonly T[]): Promise<void> {
  await classifier.fit({ rows, target: 'label' });
}
export async function rowsWithPrices<T extends { readonly price: number }>(
  rows: readonly T[],
  next: readonly T[],
): Promise<number[]> {
  const fitted = await regression.fit({ rows, target: 'price' }, { validation: { rows: next, target: 'price' } });
  await fitted.evaluate({ rows: next, target: 'price' }, { accuracy });
  return fitted.predict(next);
}
export async function looseRows<T extends Record<string, unknown>>(
  rows: readonly T[],
  target: keyof T & string,
): Promise<void> {
  await classifier.fit({ rows, target });
}
export async function rowsPassedOn<R extends object, K extends string>(
  data: RowData<R, K>,
  next: RowData<R, K>,
): Promise<LabelOf<RowData<R, K>>[]> {
  await regression.fit(data, { validation: next });
  const fitted = await classifier.fit(data);
  await fitted.evaluate(next, { accuracy });
  return fitted.predict(next.rows);
}
/** So do functions over data of any form, and over any model. */
export async function anyData<D extends Data>(data: D, validation: D, options: FitOptions): Promise<LabelOf<D>[]> {
  await regression.fit(data, { seed: 7 });
  await regression.fit(data, { ...options, validation });
  const fitted = await classifier.fit(data, options);
  await fitted.evaluate(validation, { accuracy });
  return fitted.predict([[1]]);
}
export async function anyModel<C extends Capabilities, D extends Data>(model: Model<C>, data: D): Promise<Fitted> {
  return model.fit(data);
}
export async function asked<C extends Capabilities, D extends Data>(
  model: Model<C>,
  data: D & Learnable<C, D>,
): Promise<void> {
  await model.fit(data);
}
