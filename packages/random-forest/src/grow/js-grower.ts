/** A grower in plain JavaScript: every kind of feature, every option. */
import { jsKernels } from '../kernels/js-kernels.ts';
import type { NodeSums } from '../kernels/kernels.ts';
import { generalScan } from '../kernels/scan-general.ts';
import { seededStream } from '../stream/stream.ts';
import { inColumns } from '../workspace/groups.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { drawBag, enterRows, judge, leaveOut } from './bag.ts';
import { featureDraw } from './features.ts';
import { treeGrower } from './grow-tree.ts';
import type { GrowPlan, TreeGrower } from './plan.ts';

export function jsGrower(given: Workspace, plan: GrowPlan): TreeGrower {
  const workspace = inColumns(given);
  const { settings, bins, slow, random, draws, judges, offset, rowWeights, among } = plan;
  const { drawn, rows, features } = workspace;
  const sums = makeSums(workspace.classes);
  const weights = rowWeights && { rowWeights };
  const stream = seededStream(new Uint32Array(4));
  const judged = { rows: new Int32Array(judges ? rows : 0), leaves: new Int32Array(judges ? rows : 0) };
  const growTree = treeGrower({
    workspace,
    settings,
    bins,
    slow,
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
    stream,
    ...weights,
  });
  const totals = new Float64Array(sums.totals.length);
  return {
    grow({ bag, tree: seed }) {
      if (draws > 0) drawBag(drawn, draws, stream.start(bag), among);
      else drawn.fill(1);
      const entered = enterRows(workspace, rowWeights, totals, offset);
      const end = judges ? leaveOut(workspace, entered) : entered;
      const importance = new Float64Array(features);
      stream.start(seed);
      const tree = growTree(entered, end, totals, importance);
      const count = end - entered;
      if (judges) judge(workspace, judged.rows, judged.leaves);
      return { tree, importance, rows: judged.rows.subarray(0, count), leaves: judged.leaves.subarray(0, count) };
    },
  };
}

function makeSums(classes: number): NodeSums {
  const width = Math.max(2, classes);
  return { totals: new Float64Array(width), left: new Float64Array(width), result: new Float64Array(4) };
}
