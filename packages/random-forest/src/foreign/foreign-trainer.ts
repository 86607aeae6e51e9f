/** A trainer that has its trees grown by another library. */
import type { ColumnData } from '@dendrite/model';
import { choice } from '@dendrite/random';
import { DendriteError, type HostKey } from '@dendrite/spec';
import type { Trainer } from '../forest/trainer.ts';
import { drawBag } from '../grow/bag.ts';
import type { GrownTree, TreeSeeds } from '../grow/plan.ts';
import { featureCount, type Settings, sampleCount } from '../options/forest-options.ts';
import { leafNumber } from '../predict/leaf-finder.ts';
import { leafOfValues } from '../predict/walk.ts';
import { seedOf } from '../stream/seed-of.ts';
import { seededStream } from '../stream/stream.ts';
import type { Tree } from '../tree/tree.ts';
import type { ForeignEngine } from './foreign-engine.ts';
import { noBins } from './no-bins.ts';
import { treeImportance } from './tree-importance.ts';

export async function foreignTrainer(
  engine: ForeignEngine,
  { table, targets, sampleWeight }: ColumnData,
  classes: number,
  classWeight: Float32Array | undefined,
  settings: Settings,
  key: HostKey,
): Promise<Trainer> {
  const grower = await engine.open();
  grower.check(settings);
  const { rows, columns } = table;
  const category = columns.find(({ kind }) => kind === 'category');
  if (category)
    throw new DendriteError(
      'DATA',
      `fit(): ${engine.name} must get numbers, got categories in column '${category.name}'. Use another engine.`,
    );
  if (sampleWeight?.some((weight) => weight !== 1) || classWeight?.some((weight) => weight !== 1))
    throw new DendriteError(
      'OPTION',
      `fit(): ${engine.name} must get rows of one weight, got weights. Use another engine.`,
    );
  const width = columns.length;
  const values = new Float64Array(rows * width);
  columns.forEach((column, f) => {
    for (let row = 0; row < rows; row++) values[row * width + f] = column.values[row] as number;
  });
  const bins = columns.map(() => noBins);
  const drawn = new Uint16Array(rows).fill(1);
  const trees = key.fork('tree');
  const draws = settings.bootstrap ? sampleCount(settings.maxSamples, rows) : 0;
  const seeds = (i: number): TreeSeeds => ({ bag: seedOf(trees.fork(i).fork('bag')), tree: seedOf(trees.fork(i)) });
  const bag = (i: number): void => {
    if (draws > 0) drawBag(drawn, draws, seededStream(seeds(i).bag));
  };
  const judged = new Int32Array(rows);
  const leaves = new Int32Array(rows);
  const judge = (tree: Tree): number => {
    let count = 0;
    for (let row = 0; row < rows; row++) {
      if (drawn[row] !== 0) continue;
      judged[count] = row;
      leaves[count++] = leafNumber(tree, leafOfValues(tree, values, row * width, bins));
    }
    return count;
  };
  return {
    bins,
    targets,
    engine: engine.name,
    grownBy: engine.name,
    draws,
    seeds,
    values,
    grow: () => ({ take: async (i) => growOne(i), close: () => {} }),
  };

  function growOne(i: number): GrownTree {
    bag(i);
    const features = [...choice(trees.fork(i).fork('features'), width, featureCount(settings.maxFeatures, width))];
    const x: number[][] = [];
    const y: number[] = [];
    for (let row = 0; row < rows; row++)
      for (let time = 0; time < (drawn[row] as number); time++) {
        x.push(features.map((f) => values[row * width + f] as number));
        y.push(targets[row] as number);
      }
    const tree = grower.grow({ x, y, features, classes, settings, seed: trees.fork(i).words[0] >>> 1 });
    const importance = treeImportance(tree, { values, features: width, targets, classes, drawn });
    const count = judge(tree);
    return { tree, importance, rows: judged.subarray(0, count), leaves: leaves.subarray(0, count) };
  }
}
