/** A random forest on a table: trained on its first rows and judged on the rest, or judged by five folds. */
import { selectRows } from '@dendrite/model';
import { hostKey, permutation } from '@dendrite/random';
import { type Engine, randomForestClassifier, randomForestRegressor } from '@dendrite/random-forest';
import { type Column, DendriteError, type Label, type Table } from '@dendrite/spec';

export interface ScoreOptions {
  readonly target: string;
  /** Rows to train on, from the first; without it five folds. */
  readonly train?: number;
  readonly trees?: number;
  /** Default: the forest's own. */
  readonly maxFeatures?: 'all';
  readonly seed?: number;
  readonly engine?: Engine;
  readonly task?: 'classification' | 'regression';
}
/** Accuracy or R²; over folds their means, and nodes and seconds of all. */
export interface Score {
  readonly task: 'classification' | 'regression';
  readonly score: number;
  readonly outOfBag: number;
  readonly seconds: number;
  readonly nodes: number;
  /** Rows whose target is missing. */
  readonly leftOut: number;
}

/** Text and booleans are classes; so are whole numbers of which there are few and each comes often. */
export function taskOf({ kind, values, missing }: Column): 'classification' | 'regression' {
  if (kind === 'category' || kind === 'boolean') return 'classification';
  const different = new Set<number>();
  let known = 0;
  for (const [row, value] of values.entries()) {
    if (missing?.[row]) continue;
    if (!Number.isInteger(value)) return 'regression';
    different.add(value);
    known++;
  }
  return different.size <= 100 && different.size * 5 <= known ? 'classification' : 'regression';
}

export async function scoreForest(table: Table, options: ScoreOptions): Promise<Score> {
  const { target, train, trees = 100, seed = 0, engine = 'auto' } = options;
  const column = table.columns.find(({ name }) => name === target);
  if (column === undefined)
    throw new DendriteError(
      'OPTION',
      `score-forest: --target must be one of ${table.columns.map(({ name }) => `'${name}'`).join(', ')}, got '${target}'.`,
    );
  if (train !== undefined && !(Number.isInteger(train) && train > 0 && train < table.rows))
    throw new DendriteError(
      'OPTION',
      `score-forest: --train must be a whole number from 1 to ${table.rows - 1}, got ${train}.`,
    );
  checkCells(table, column);
  const task = options.task ?? taskOf(column);
  const known = (row: number): boolean => !column.missing?.[row];
  const parts = (train === undefined ? folds(column, task, seed) : [firstRows(table.rows, train)]).map(
    ({ learn, judge }) => ({ learn: learn.filter(known), judge: judge.filter(known) }),
  );
  if (parts.some(({ learn, judge }) => learn.length === 0 || judge.length === 0))
    throw new DendriteError(
      'DATA',
      `score-forest: there must be rows with a target to learn and to judge, got none of one of them. Give a file of more rows${train === undefined ? '' : ', or another --train'}.`,
    );
  const answers = truth(column);
  const found: Omit<Score, 'task' | 'leftOut'>[] = [];
  for (const { learn, judge } of parts) {
    const data = { table: selectRows(table, learn), target };
    const settings = { trees, engine, ...(options.maxFeatures && { maxFeatures: options.maxFeatures }) };
    const model = task === 'classification' ? randomForestClassifier(settings) : randomForestRegressor(settings);
    const began = performance.now();
    const forest = await model.fit(data, { seed });
    const seconds = (performance.now() - began) / 1000;
    const predicted: readonly Label[] = await forest.predict(selectRows(table, judge));
    const expected = Array.from(judge, (row) => answers[row] as Label);
    const score = task === 'classification' ? accuracyOf(expected, predicted) : rSquared(expected, predicted);
    found.push({ score, outOfBag: forest.outOfBag.score, seconds, nodes: forest.size.nodes });
    forest.dispose();
  }
  const sum = (name: 'score' | 'outOfBag' | 'seconds' | 'nodes'): number =>
    found.reduce((total, each) => total + each[name], 0);
  return {
    task,
    score: sum('score') / found.length,
    outOfBag: sum('outOfBag') / found.length,
    seconds: sum('seconds'),
    nodes: sum('nodes'),
    leftOut: column.missing?.reduce((count, gone) => count + gone, 0) ?? 0,
  };
}

/** Said here, of rows of the file: a forest sees those of its part. */
function checkCells(table: Table, target: Column): void {
  for (const { name, values, missing } of table.columns) {
    const row = values.findIndex((value, i) => !missing?.[i] && !Number.isFinite(value));
    if (row >= 0)
      throw new DendriteError(
        'DATA',
        `score-forest: numbers must be finite, got ${values[row]} in row ${row}, column '${name}'. Mend the cell, or empty it.`,
      );
  }
  const known = Array.from(target.values).filter((_, i) => !target.missing?.[i]);
  if (new Set(known).size < 2)
    throw new DendriteError(
      'DATA',
      `score-forest: the target '${target.name}' must have two different values, got ${known.length === 0 ? 'none' : 'one'}. Name another column.`,
    );
}

interface Part {
  readonly learn: Uint32Array;
  readonly judge: Uint32Array;
}
function firstRows(rows: number, train: number): Part {
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  return { learn: all.slice(0, train), judge: all.slice(train) };
}
/** Five parts; for classes each class is dealt evenly. */
function folds({ values }: Column, task: Score['task'], seed: number): Part[] {
  const order = Array.from(permutation(hostKey(seed).fork('folds'), values.length));
  if (task === 'classification') order.sort((a, b) => (values[a] as number) - (values[b] as number));
  return Array.from({ length: 5 }, (_, fold) => ({
    learn: Uint32Array.from(order.filter((_row, turn) => turn % 5 !== fold)).sort(),
    judge: Uint32Array.from(order.filter((_row, turn) => turn % 5 === fold)).sort(),
  }));
}
function truth({ kind, values, categories }: Column): Label[] {
  return Array.from(values, (value) =>
    kind === 'category' ? (categories?.[value] ?? '') : kind === 'boolean' ? value !== 0 : value,
  );
}
const accuracyOf = (expected: readonly Label[], predicted: readonly Label[]): number =>
  expected.filter((label, i) => label === predicted[i]).length / expected.length;
function rSquared(expected: readonly Label[], predicted: readonly Label[]): number {
  const numbers = expected.map(Number);
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const error = numbers.reduce((sum, value, i) => sum + (value - Number(predicted[i])) ** 2, 0);
  const spread = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  // Of equal numbers nothing can be explained: all is right, or nothing is.
  return spread > 0 ? 1 - error / spread : Number(error === 0);
}
