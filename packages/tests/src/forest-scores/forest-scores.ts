/** Forests of 100 trees, one of 300 beside, with default settings on sets whose score with scikit-learn's is known. */
import { fashionMnist, type ImageSet, mnist } from '@dendrite/datasets';
import { accuracy } from '@dendrite/metrics';
import { hostKey } from '@dendrite/random';
import { randomForestClassifier, randomForestRegressor } from '@dendrite/random-forest';
import { scoreForest } from '../score-forest/score-forest.ts';
import { breimanSets, drawBreiman } from './breiman-sets.ts';
import { type Expected, type ScoreRow, scoreRow } from './score-row.ts';
import { readSmallTable, type SmallTable } from './small-tables.ts';

const trees = 100;
interface Run {
  readonly score: number;
  readonly outOfBag: number;
}
/** One row, not yet measured. */
export interface Contest {
  readonly name: string;
  /** How often it is run unless told otherwise. */
  readonly runs: number;
  measure(folder: string, runs: number): Promise<ScoreRow>;
}

const contest = (expected: Expected, runs: number, run: (folder: string, seed: number) => Promise<Run>): Contest => ({
  name: expected.name,
  runs,
  async measure(folder, count) {
    const found: Run[] = [];
    for (let seed = 1; seed <= count; seed++) found.push(await run(folder, seed));
    return scoreRow(expected, found);
  },
});

/**
 * Five shuffled folds, dealt evenly where there are classes; out of bag on the whole table. `noise` is the reference's standard
 * deviation over its five seeds: so much below it is no difference.
 */
function folds(
  file: SmallTable,
  [reference, noise, referenceOutOfBag]: readonly [number, number, number],
  numbers?: { readonly name: string; readonly maxFeatures?: 'all' },
): Contest {
  const { name = file, ...features } = numbers ?? {};
  const bar = { least: reference - noise };
  const measure = numbers ? 'R²' : 'accuracy';
  return contest({ name, measure, reference, referenceOutOfBag, bar }, 5, async (folder, seed) => {
    const table = await readSmallTable(file, folder);
    const target = 'target';
    const task = numbers ? 'regression' : 'classification';
    const { score } = await scoreForest(table, { target, task, trees, seed, ...features });
    const settings = { trees, ...features };
    const whole = numbers ? randomForestRegressor(settings) : randomForestClassifier(settings);
    const forest = await whole.fit({ table, target }, { seed });
    const outOfBag = forest.outOfBag.score;
    forest.dispose();
    return { score, outOfBag };
  });
}

/** 300 rows to train on and 3,000 others, drawn anew each time; the error in percent. */
const breiman = (name: (typeof breimanSets)[number]['name'], reference: number): Contest =>
  contest({ name, measure: 'error %', reference, bar: { within: 1 } }, 20, async (_folder, seed) => {
    const set = breimanSets.find((each) => each.name === name);
    if (set === undefined) throw new Error(`forest-scores: there must be a set of this name, got '${name}'.`);
    const table = drawBreiman(set, 3300, hostKey(seed).fork(name));
    const { score, outOfBag } = await scoreForest(table, {
      target: 'class',
      task: 'classification',
      train: 300,
      trees,
      seed,
    });
    return { score: 100 * (1 - score), outOfBag: 100 * (1 - outOfBag) };
  });

/** 60,000 pictures to train on, 10,000 others. */
const pictures = (
  name: string,
  read: () => Promise<ImageSet>,
  [reference, least]: readonly [reference: number, least: number],
  trees = 100,
): Contest =>
  contest({ name, measure: 'accuracy', reference, bar: { least } }, 3, async (_folder, seed) => {
    const { train, test } = await read();
    const forest = await randomForestClassifier({ trees }).fit(train, { seed });
    const { score } = await forest.evaluate(test, { score: accuracy });
    const outOfBag = forest.outOfBag.score;
    forest.dispose();
    return { score, outOfBag };
  });

/** The references are scikit-learn 1.2.1's, 100 trees, its defaults (five folds: mean, deviation over five seeds, out of bag). */
export const contests: readonly Contest[] = [
  folds('iris', [0.9453, 0.011, 0.948]),
  folds('wine', [0.9798, 0.005, 0.9809]),
  folds('breast_cancer', [0.9593, 0.005, 0.9634]),
  folds('digits', [0.9738, 0.001, 0.9746]),
  folds('diabetes', [0.4062, 0.021, 0.4195], { name: 'diabetes, all features', maxFeatures: 'all' }),
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: a score, and no logarithm.
  folds('diabetes', [0.4343, 0.012, 0.44], { name: 'diabetes, a third' }),
  breiman('twonorm', 4.9),
  breiman('threenorm', 17.9),
  breiman('ringnorm', 7.7),
  breiman('waveform', 16.6),
  pictures('MNIST', mnist, [0.9705, 0.97]),
  // Its mean of three seeds: 0.9713, 0.9702, 0.9709.
  pictures('MNIST, 300 trees', mnist, [0.9708, 0.97], 300),
  pictures('Fashion-MNIST', fashionMnist, [0.8774, 0.876]),
];
