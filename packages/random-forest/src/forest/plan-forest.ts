/** What growing a forest takes: the workspace, which is known beforehand, and the trees, of which the first is grown to be measured. */
import { inBytes, type PlannedWork, type TrainTask } from '@dendrite/model';
import type { Capabilities } from '@dendrite/spec';
import type { Means, Settings } from '../options/forest-options.ts';
import type { Tree } from '../tree/tree.ts';
import { layoutOf, type Sizes } from '../workspace/workspace.ts';
import { trainForest } from './train.ts';
import { sizesOf } from './trainer.ts';

/** What a WebAssembly memory holds. */
const largestMemory = 2 ** 32;
const page = 65536;

export async function planForest(
  task: TrainTask<Capabilities & { readonly data: 'columns' }>,
  settings: Settings,
  means: Means,
): Promise<PlannedWork> {
  const { data, labels, from } = task;
  const { table } = data;
  const classes = settings.task === 'classification' ? labels.length : 0;
  const { trees } = settings;
  const foreign = typeof means.engine !== 'string';
  const sizes = sizesOf(table, classes, settings, means);
  const laid = foreign ? 0 : layoutOf(sizes).bytes;
  const forWasm = means.engine !== 'js' && !foreign && sizes.codeBytes === 1 && laid <= largestMemory;
  const workspace = forWasm ? Math.ceil(laid / page) * page : laid;
  // Where not even the workspace fits, or another library grows, nothing is grown to be measured.
  const { perTree, bins, grownBy } =
    foreign || laid > largestMemory
      ? { perTree: 0, bins: 0, grownBy: forWasm ? 'wasm' : 'js' }
      : await measureFirstTree(task, settings, means);
  const bagged = settings.bootstrap && means.outOfBag;
  const votes = bagged ? table.rows * (8 * Math.max(1, classes) + 4 + Number(classes > 0)) : 0;
  const fixed = bins + votes;
  const peak = workspace + trees * perTree + fixed;
  const grown = from ? Number((from.header.extra as { readonly trees?: number } | null)?.trees ?? 0) : 0;
  return {
    where: foreign
      ? 'another library'
      : `${grownBy}, ${sizes.growers === 1 ? 'one thread' : `${sizes.growers} threads`}`,
    unit: 'tree',
    units: Math.max(0, trees - grown),
    bytes: { peak, parts: { workspace, bins, trees: trees * perTree, ...(bagged && { 'out of bag': votes }) } },
    largest: workspace,
    limits: means.engine === 'wasm' ? { buffer: largestMemory } : {},
    trial: !foreign,
    smallTrial(limit) {
      const most = Math.floor((limit - workspace - fixed) / Math.max(1, perTree));
      return most >= 2 ? { most } : undefined;
    },
    advice: (limit) => advise(limit, peak, { sizes, workspace, fixed, perTree, trees }),
  };
}

/** Bytes of the first tree, for the others are drawn alike, and of the bins that all share; and what has grown it. */
async function measureFirstTree(
  task: TrainTask<Capabilities & { readonly data: 'columns' }>,
  settings: Settings,
  means: Means,
): Promise<{ readonly perTree: number; readonly bins: number; readonly grownBy: string }> {
  const { from: _, validation: __, ...rest } = task;
  const training = trainForest(
    { ...rest, stopping: () => false },
    { ...settings, trees: 1 },
    { ...means, workers: 1, outOfBag: false },
  );
  for (;;) {
    const { done, value } = await training.next();
    if (done !== true) continue;
    const { trees, bins } = value.parts.forest;
    value.dispose();
    return {
      grownBy: value.parts.grownBy,
      perTree: trees.reduce((sum, tree) => sum + bytesOf(tree), 0),
      bins: bins.reduce((sum, { edges, centers }) => sum + edges.byteLength + centers.byteLength, 0),
    };
  }
}
const bytesOf = ({ feature, cut, right, values, sets, thresholds }: Tree): number =>
  [feature, cut, right, values, sets, thresholds].reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);

interface Parts {
  readonly sizes: Sizes;
  readonly workspace: number;
  /** Bins and votes. */
  readonly fixed: number;
  readonly perTree: number;
  readonly trees: number;
}

function advise(limit: number, peak: number, { sizes, workspace, fixed, perTree, trees }: Parts): string {
  const taken = `Growing takes ${inBytes(peak)} where ${inBytes(limit)} may be had`;
  const alone = layoutOf({ ...sizes, growers: 1 }).bytes;
  if (alone + fixed + trees * perTree <= limit)
    return `${taken}: with workers: 1 it takes ${inBytes(peak - workspace + alone)}.`;
  if (alone + fixed + perTree <= limit) {
    const together = workspace + fixed + perTree <= limit;
    const few = (together ? workspace : alone) + fixed;
    const workers = together ? '' : ', with workers: 1,';
    return `${taken}: there is room for ${Math.floor((limit - few) / perTree)} trees${workers} of the ${trees} asked for; or let leaves hold more rows (minSamplesLeaf, maxDepth).`;
  }
  const share = (limit / (alone + fixed + perTree)) * sizes.rows;
  const fewer =
    share < 1
      ? 'not even one row can be had; allow more memory'
      : `take about ${Math.floor(share)} of the ${sizes.rows} rows`;
  return `${taken}, and one tree on one thread is too much: ${fewer}.`;
}
