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
}

/** Text and booleans are classes; so are whole numbers of which there are few and each comes often. */
export function taskOf({ kind, values }: Column): 'classification' | 'regression' {
  if (kind === 'category' || kind === 'boolean') return 'classification';
  const different = new Set<number>();
  for (const value of values) {
    if (!Number.isInteger(value)) return 'regression';
    different.add(value);
  }
  return different.size <= 100 && different.size * 5 <= values.length ? 'classification' : 'regression';
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
  const task = options.task ?? taskOf(column);
  const parts = train === undefined ? folds(column, task, seed) : [firstRows(table.rows, train)];
  const answers = truth(column);
  const found: Omit<Score, 'task'>[] = [];
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
  };
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
  return 1 - error / numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
