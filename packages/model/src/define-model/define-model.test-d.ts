/** What must compile, and what must not; checked by tsc, never run. */
import type {
  Capabilities,
  Data,
  DataSource,
  FitRun,
  Fitted,
  Label,
  Metric,
  Model,
  SavedModel,
  Table,
} from '@dendrite/spec';
import type { TrainTask } from '../definition/definition.ts';
import { defineModel } from './define-model.ts';
import { leastSquares } from './least-squares.fixture.ts';
import { nearestCentroid } from './nearest-centroid.fixture.ts';

type Species = 'setosa' | 'versicolor' | 'virginica';
declare const rows: number[][];
declare const species: Species[];
declare const saved: SavedModel;
declare const accuracy: Metric;
declare const table: Table;
declare const digits: DataSource<0 | 1 | 2>;
declare const flowers: { size: number; species: Species }[];

export async function compiles(): Promise<void> {
  const fitted = await nearestCentroid().fit({ x: rows, y: species }, { seed: 7, epochs: 3 });
  const kinds: Species[] = await fitted.predict(rows);
  const pets: ('cat' | 'dog')[] = await (await nearestCentroid().fit({ x: rows, y: ['cat', 'dog'] })).predict(rows);
  const byRow: Species[] = await (await nearestCentroid().fit({ rows: flowers, target: 'species' })).predict([
    { size: 1 },
  ]);
  const codes: (0 | 1 | 2)[] = await (await nearestCentroid().fit(digits)).predict(digits);
  const bytes: number[] = await (await nearestCentroid().fit({ x: rows, y: new Uint8Array(1) })).predict({
    data: new Uint8Array(4),
    shape: [1, 4],
  });
  const flags: boolean[] = await (await nearestCentroid().fit({ x: rows, y: [true, false] })).predict(rows);
  const any: Label[] = await (await nearestCentroid().fit({ table, target: 'species' })).predict(table);
  const price: number[] = await (await leastSquares().fit({ x: rows, y: [1, 2, 3] })).predict(rows);
  const again: ('cat' | 'dog')[] = await (await nearestCentroid().restore(saved, { labels: ['cat', 'dog'] })).predict(
    rows,
  );
  const { top1 }: { top1: number } = await fitted.evaluate({ x: rows, y: species }, { top1: accuracy });
  const labels: readonly Species[] = fitted.labels;
  const own: readonly number[] = fitted.centroids();
  const regression = await leastSquares().fit({ x: rows, y: [1, 2] });
  const score: number = regression.outOfBag.score;
  await regression.importance('permutation');
  const zoo: Fitted[] = [fitted, regression];
  for (const one of zoo) await one.evaluate({ x: rows, y: species }, { accuracy });
  await crossValidate(nearestCentroid(), { x: rows, y: species });
  await crossValidate(leastSquares(), { x: rows, y: [1, 2] });
  void [kinds, pets, byRow, codes, bytes, flags, any, price, again, top1, labels, own, score];
}

/** Code for every model needs no type parameter. */
async function crossValidate(model: Model, data: Data): Promise<number> {
  const run = model.run(data, { seed: 1 });
  for await (const event of run) if ((event.metrics.loss ?? 0) > 1e3) run.stop('diverged');
  return (await (await run.result).evaluate(data, { accuracy })).accuracy;
}

export async function mustNotCompile(): Promise<void> {
  const net = await nearestCentroid().fit({ x: rows, y: species });
  const regression = await leastSquares().fit({ x: rows, y: [1, 2] });
  // @ts-expect-error an unfitted model cannot predict
  nearestCentroid().predict(rows);
  // @ts-expect-error 'rose' is not a species
  const wrong: readonly 'rose'[] = await net.predict(rows);
  // @ts-expect-error a flat array needs its shape
  net.predict(new Float32Array(4));
  // @ts-expect-error it has no out-of-bag score
  net.outOfBag;
  // @ts-expect-error it has no differentiable parameters
  net.params;
  // @ts-expect-error a regression has no probabilities
  regression.predictProbabilities;
  // @ts-expect-error nor labels
  regression.labels;
  // @ts-expect-error it sweeps, it has no epochs
  leastSquares().fit({ x: rows, y: [1] }, { epochs: 3 });
  // @ts-expect-error misspelt option
  nearestCentroid().fit({ x: rows, y: species }, { epoch: 3 });
  // @ts-expect-error undefined is not an epoch count (exactOptionalPropertyTypes)
  nearestCentroid().fit({ x: rows, y: species }, { epochs: undefined });
  // @ts-expect-error a run is not a promise: there is no `.then`, so no async function can swallow it
  nearestCentroid().run({ x: rows, y: species }).then;
  // @ts-expect-error evaluate gives the names it was asked for
  (await net.evaluate({ x: rows, y: species }, { accuracy })).loss;
  // @ts-expect-error a metric is needed, not a name
  await net.evaluate({ x: rows, y: species }, { accuracy: 'accuracy' });
  // @ts-expect-error targets are missing
  nearestCentroid().fit({ x: rows });
  // @ts-expect-error a number is no row
  nearestCentroid().fit({ rows: [1, 2], target: 'b' });
  // Rows may be typed by an interface, which has no index signature.
  interface Flower {
    readonly petal: number;
    readonly species: 'setosa' | 'virginica';
  }
  const flowers: readonly Flower[] = [{ petal: 1.4, species: 'setosa' }];
  const typed = await nearestCentroid().fit({ rows: flowers, target: 'species' });
  const kinds: readonly ('setosa' | 'virginica')[] = await typed.predict(flowers);
  void kinds;
  // @ts-expect-error a run is not a fitted model
  const fitted: Fitted = nearestCentroid().run({ x: rows, y: species });
  // @ts-expect-error the result of a run is a promise
  (nearestCentroid().run({ x: rows, y: species }) satisfies FitRun<unknown>).result.labels;
  void [wrong, fitted];
}

const meta = { name: 'acme/majority', version: '1.0.0', api: 1 } as const;
interface Plain extends Capabilities {
  readonly task: 'classification';
  readonly data: 'columns';
  readonly probabilities: false;
  readonly importance: false;
  readonly outOfBag: false;
  readonly parameters: false;
  readonly resume: 'none';
}
declare const plain: Plain;
const core = { predict: () => ({ values: [0] }), save: () => ({ arrays: {} }) };

/** The task's data follow the capabilities, without a word from the author. */
export const majority: Model<Plain> = defineModel({
  meta,
  config: null,
  capabilities: plain,
  async *train({ data, labels, stopping }) {
    const columns: Table = data.table;
    // @ts-expect-error columns have no batches
    data.batches;
    yield { unit: 'tree', done: 1, of: 1, examples: data.table.rows, metrics: {} };
    void [columns, labels, stopping()];
    return core;
  },
  restore: () => core,
});

defineModel({
  meta,
  config: null,
  capabilities: { ...plain, outOfBag: true as const },
  // @ts-expect-error the capability outOfBag asks for an out-of-bag score
  // biome-ignore lint/correctness/useYield: only its type counts
  async *train() {
    return core;
  },
  // @ts-expect-error here too
  restore: () => core,
});

export const ruleless: object = defineModel<Plain, { readonly depth?: number }>({
  meta,
  config: null,
  capabilities: plain,
  // @ts-expect-error an option without a rule would be refused at run time
  options: {},
  // biome-ignore lint/correctness/useYield: only its type counts
  async *train() {
    return core;
  },
  restore: () => core,
});

export function typed(task: TrainTask<Plain, { readonly depth?: number }>): void {
  const depth: number | undefined = task.options.depth;
  // @ts-expect-error only its own options
  task.options.width;
  void depth;
}
