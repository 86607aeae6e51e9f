/** Training a forest: tree by tree, with the out-of-bag score after each, from the beginning or from what is there. */
import type { CheckpointParts, TrainEvent, TrainTask } from '@dendrite/model';
import { type Capabilities, DendriteError, type SavedArray } from '@dendrite/spec';
import type { Means, Settings } from '../options/forest-options.ts';
import { type KeptVotes, type OutOfBag, outOfBag } from '../out-of-bag/out-of-bag.ts';
import { type Forest, leafFinder, leafNumber } from '../predict/forest.ts';
import { float64, int32 } from '../saved/forest-arrays.ts';
import type { Tree } from '../tree/tree.ts';
import { columnsOf } from './column-info.ts';
import { type CoreParts, coreArrays, coreJson, type ForestCore, forestCore } from './core.ts';
import { makeTrainer, type Trainer } from './trainer.ts';

type Columns = Capabilities & { readonly data: 'columns' };
/** One event a tree, as the model interface wants it. */
export interface ForestEvent extends Omit<TrainEvent, 'snapshot'> {
  readonly unit: 'tree';
  snapshot(): ForestCore;
  checkpoint(): CheckpointParts;
}

export async function* trainForest(
  task: Pick<TrainTask<Columns>, 'data' | 'validation' | 'labels' | 'classWeight' | 'key' | 'from' | 'stopping'>,
  settings: Settings,
  means: Means,
): AsyncGenerator<ForestEvent, ForestCore, void> {
  const { data, validation, labels, classWeight, key, from } = task;
  const classes = settings.task === 'classification' ? labels.length : 0;
  // What most fits do not need is loaded when one does.
  const before =
    from && (await import('./restore-forest.ts')).readParts(from.arrays, from.header.extra, classes, settings);
  const { engine, outOfBag: judges } = means;
  const trainer =
    typeof engine === 'string'
      ? await makeTrainer(data, classes, classWeight, settings, key, { ...means, engine }, before?.forest.bins)
      : await (await import('../foreign/foreign-trainer.ts')).foreignTrainer(
          engine,
          data,
          classes,
          classWeight,
          settings,
          key,
        );
  const trees: Tree[] = before ? [...before.forest.trees] : [];
  const importance = before ? before.importance.slice() : new Float64Array(trainer.bins.length);
  const firstTree = trees.length;
  const bagged = settings.bootstrap && judges ? await votesOf(from, classes, settings, trainer) : undefined;
  const columns = columnsOf(data.table);
  const exact = settings.splitter === 'exact';
  const judged = validation && (await heldOut(validation, { trees, bins: trainer.bins, classes, exact }, settings));
  for (const tree of trees) await judged?.add(tree);

  const parts = (): CoreParts => {
    const score = bagged?.score();
    return {
      forest: {
        trees: trees.slice(),
        bins: trainer.bins,
        classes,
        exact: settings.splitter === 'exact',
      },
      settings,
      columns,
      importance: importance.slice(),
      engine: trainer.engine,
      grownBy: trainer.grownBy,
      training: { trainer, key, firstTree: bagged && from && !('cursor' in from) ? firstTree : 0 },
      ...(bagged && score !== undefined && { outOfBag: { score, predictions: bagged.predictions() } }),
    };
  };
  if (trees.length > settings.trees)
    throw new DendriteError(
      'OPTION',
      `fit(): trees must be at least what the model to go on from has, ${trees.length}, got ${settings.trees}. Ask for more trees.`,
    );
  const crew = trainer.grow(firstTree, settings.trees);
  try {
    for (let i = firstTree; i < settings.trees && !(task.stopping() && trees.length > 0); i++) {
      const { tree, rows, leaves, importance: own } = await crew.take(i);
      trees.push(tree);
      own.forEach((value, f) => {
        importance[f] = (importance[f] as number) + value;
      });
      await bagged?.add(tree, rows, leaves);
      await judged?.add(tree);
      // While few rows are judged the score is a lottery, and whoever waits for the best would be taken in: those that are not
      // judged yet count for nothing won.
      const score = bagged ? (bagged.score() * bagged.judged()) / data.table.rows : Number.NaN;
      yield {
        unit: 'tree',
        done: i + 1,
        of: settings.trees,
        examples: (i + 1) * data.table.rows,
        metrics: {
          ...(Number.isFinite(score) && { outOfBag: score }),
          ...(judged && { 'validation.score': judged.score() }),
        },
        snapshot: () => forestCore(parts()),
        checkpoint: () => ({
          arrays: {
            ...coreArrays(parts()),
            ...(bagged && savedVotes(bagged.kept())),
          },
          extra: coreJson(parts()),
          cursor: { epoch: 0, batch: 0, step: i + 1 },
        }),
      };
    }
  } finally {
    crew.close();
  }
  return forestCore(parts());
}

const savedVotes = ({ judges, counts, sums }: KeptVotes): Record<string, SavedArray> => ({
  'outOfBag.judges': int32(judges),
  'outOfBag.counts': int32(counts),
  'outOfBag.sums': float64(sums),
});

/** Votes go on from a checkpoint; with a model alone they begin with the new trees. */
function votesOf(
  from: TrainTask<Columns>['from'],
  classes: number,
  { combine, trees }: Settings,
  { targets, kernels }: Trainer,
): Promise<OutOfBag> {
  const [judges, counts, sums] = ['judges', 'counts', 'sums'].map((name) => from?.arrays[`outOfBag.${name}`]?.data);
  const width = targets.length * Math.max(1, classes);
  const before =
    judges instanceof Int32Array &&
    counts instanceof Int32Array &&
    sums instanceof Float64Array &&
    judges.length === targets.length &&
    counts.length === (classes > 0 ? width : 0) &&
    (sums.length === width || (classes > 0 && sums.length === 0))
      ? { judges, counts, sums }
      : undefined;
  return outOfBag(targets, { classes, trees, combine: combine === 'mode' ? 'mode' : 'mean' }, { before, kernels });
}

/** The score on data of their own, tree by tree: every row is judged by every tree. */
async function heldOut(
  { table, targets }: TrainTask<Columns>['data'],
  forest: Forest,
  { combine, trees }: Settings,
): Promise<{ add(tree: Tree): Promise<void>; score(): number }> {
  const settings = { classes: forest.classes, trees, combine: combine === 'mode' ? 'mode' : 'mean' } as const;
  const votes = await outOfBag(targets, settings, {});
  const leaf = leafFinder(forest, table, 'fit() validation');
  const all = Int32Array.from({ length: table.rows }, (_, row) => row);
  return {
    add: (tree) =>
      votes.add(
        tree,
        all,
        all.map((row) => leafNumber(tree, leaf(tree, row))),
      ),
    score: votes.score,
  };
}
