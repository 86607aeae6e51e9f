/** A grower in plain JavaScript: every kind of feature, every option. */
import { DendriteError } from '@dendrite/spec';
import { jsKernels } from '../kernels/js-kernels.ts';
import { makeSums } from '../kernels/kernels.ts';
import { generalScan } from '../kernels/scan-general.ts';
import { leafOf } from '../predict/walk.ts';
import { seededStream } from '../stream/stream.ts';
import type { Tree } from '../tree/tree.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { drawBag, enterRows } from './bag.ts';
import { featureDraw } from './features.ts';
import { type Grower, growTree } from './grow-tree.ts';
import type { GrowPlan, TreeGrower } from './plan.ts';

export function jsGrower(workspace: Workspace, plan: GrowPlan): TreeGrower {
  const { settings, bins, slow, random, draws, judges, plain, offset, rowWeights } = plan;
  const { drawn, rows, features, codes } = workspace;
  const sums = makeSums(workspace.classes);
  const weights = rowWeights && { rowWeights };
  const grower: Grower = {
    workspace,
    settings,
    bins,
    slow,
    offset,
    sums,
    kernels: jsKernels(workspace, sums),
    general: generalScan(workspace, sums, {
      bins,
      criterion: settings.criterion,
      minSamplesLeaf: settings.minSamplesLeaf,
      random,
      ...weights,
    }),
    draw: featureDraw(features),
    ...weights,
  };
  const totals = new Float64Array(sums.totals.length);
  const coded = { codes, stride: rows, plain };
  const judged = new Int32Array(judges ? rows : 0);
  const leaves = new Int32Array(judges ? rows : 0);
  const judge = (tree: Tree): number => {
    let count = 0;
    if (!judges) return count;
    for (let row = 0; row < rows; row++) {
      if (drawn[row] !== 0) continue;
      judged[count] = row;
      leaves[count++] = ~(tree.feature[leafOf(tree, coded, row, bins)] as number);
    }
    return count;
  };
  return {
    grow({ bag, tree: seed }) {
      if (draws > 0) drawBag(drawn, draws, seededStream(bag));
      else drawn.fill(1);
      const entered = enterRows(workspace, rowWeights, totals);
      if (entered === 0) throw emptyBag();
      const importance = new Float64Array(features);
      const tree = growTree(grower, entered, totals, seededStream(seed), importance);
      const count = judge(tree);
      return { tree, importance, rows: judged.subarray(0, count), leaves: leaves.subarray(0, count) };
    },
  };
}

function emptyBag(): DendriteError {
  return new DendriteError(
    'DATA',
    'fit(): a bag must hold rows of positive weight, got none. Draw more rows for a tree.',
  );
}
