/** Training a forest: tree by tree, with the out-of-bag score after each, from the beginning or from what is there. */
import type { CheckpointParts, TrainEvent, TrainTask } from '@dendrite/model';
import type { Capabilities } from '@dendrite/spec';
import type { Means, Settings } from '../options/forest-options.ts';
import { outOfBag } from '../out-of-bag/out-of-bag.ts';
import type { Tree } from '../tree/tree.ts';
import { columnsOf } from './column-info.ts';
import { type CoreParts, type ForestCore, forestCore } from './core.ts';
import { makeTrainer } from './trainer.ts';

/** Loaded when it is needed. Said as functions: those cost a page least. */
const foreign = () => import('../foreign/foreign-trainer.ts');
const fitErrors = () => import('./fit-errors.ts');
const holdingOut = () => import('./held-out.ts');
const saving = () => import('../saved/saved-parts.ts');

type Columns = Capabilities & { readonly data: 'columns' };
/** One event a tree, as the model interface wants it. */
export interface ForestEvent extends Omit<TrainEvent, 'snapshot'> {
  readonly unit: 'tree';
  snapshot(): ForestCore;
  checkpoint(): Promise<CheckpointParts>;
}

export async function* trainForest(
  task: Pick<TrainTask<Columns>, 'data' | 'validation' | 'labels' | 'classWeight' | 'key' | 'from' | 'stopping'>,
  settings: Settings,
  means: Means,
): AsyncGenerator<ForestEvent, ForestCore, void> {
  const { data, validation, labels, classWeight, key, from } = task;
  const classes = settings.task === 'classification' ? labels.length : 0;
  const alike = classes === 0 && (await fitErrors()).checkTargets(data.targets);
  // What most fits do not need is loaded when one does.
  const goOn = from && (await import('./restore-forest.ts'));
  const before = from && goOn?.readParts(from.arrays, from.header.extra, classes, settings);
  const { engine, outOfBag: judges } = means;
  const trainer =
    typeof engine === 'string'
      ? await makeTrainer(data, classes, classWeight, settings, key, { ...means, engine }, before?.forest)
      : await (await foreign()).foreignTrainer(engine, data, classes, classWeight, settings, key);
  const trees: Tree[] = before ? [...before.forest.trees] : [];
  const importance = before ? before.importance.slice() : new Float64Array(trainer.bins.length);
  const firstTree = trees.length;
  const votes = { classes, trees: settings.trees, combine: settings.combine };
  const { targets, kernels } = trainer;
  const bagged =
    settings.bootstrap && judges
      ? await outOfBag(targets, votes, {
          before: from && goOn?.readVotes(from.arrays, targets.length, classes, settings.combine),
          kernels: alike ? undefined : kernels,
        })
      : undefined;
  const columns = columnsOf(data.table);
  const exact = settings.splitter === 'exact';
  const judged =
    validation &&
    (await (await holdingOut()).heldOut(validation, { trees, bins: trainer.bins, classes, exact }, votes));
  for (const tree of trees) await judged?.add(tree);

  const parts = (): CoreParts => {
    const own = bagged && { score: bagged.score(), predictions: bagged.predictions() };
    // Without a new tree the model that was gone on from has been judged, or nobody has.
    const judgedBags = bagged?.judged() === 0 ? (before?.outOfBag ?? own) : own;
    return {
      forest: {
        trees: trees.slice(),
        bins: trainer.bins,
        classes,
        exact,
      },
      settings,
      columns,
      importance: importance.slice(),
      engine: trainer.engine,
      grownBy: trainer.grownBy,
      training: { trainer, key, firstTree: from && !('cursor' in from) ? firstTree : 0 },
      ...(judgedBags && { outOfBag: judgedBags }),
    };
  };
  if (trees.length > settings.trees) throw (await fitErrors()).fewTrees(trees.length, settings.trees);
  const crew = trainer.grow(firstTree, settings.trees);
  const letGo = trainer.hold?.();
  try {
    for (let i = firstTree; i < settings.trees && !(task.stopping() && trees.length > 0); i++) {
      const { tree, rows, leaves, importance: own } = await crew.take(i);
      trees.push(tree);
      own.forEach((value, f) => {
        importance[f] = (importance[f] as number) + value;
      });
      await bagged?.add(tree, rows, leaves);
      await judged?.add(tree);
      const score = bagged ? cautious(bagged.score(), bagged.judged() / data.table.rows) : Number.NaN;
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
        checkpoint: async () => {
          const [now, votes] = [parts(), bagged?.kept()];
          return (await saving()).checkpointOf(now, votes, i + 1);
        },
      };
    }
    return forestCore(parts());
  } finally {
    crew.close();
    letGo?.();
  }
}

/**
 * While few rows are judged the score is a lottery, and whoever waits for the best would be taken in: rows that are not judged yet
 * count for nothing won, and make a score below 0, as R² may have, worse.
 */
const cautious = (score: number, judged: number): number => (score > 0 ? score * judged : score / judged);
