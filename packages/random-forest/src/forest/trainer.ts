/** Training set up once for a forest: columns as codes in a workspace, and a function that grows tree number i. */
import type { ColumnData } from '@dendrite/model';
import { DendriteError, type HostKey } from '@dendrite/spec';
import { type Bins, exactBins, quantileBins } from '../binning/bins.ts';
import { encodeColumn } from '../binning/encode-column.ts';
import { drawBag, enterRows } from '../grow/bag.ts';
import { featureDraw } from '../grow/features.ts';
import { type Grower, growTree } from '../grow/grow-tree.ts';
import type { EngineChoice } from '../kernels/engine.ts';
import { generalScan } from '../kernels/scan-general.ts';
import { featureCount, type Settings, sampleCount } from '../options/forest-options.ts';
import { leafOf } from '../predict/walk.ts';
import { stream } from '../stream/stream.ts';
import type { Tree } from '../tree/tree.ts';
import type { Sizes, Workspace } from '../workspace/workspace.ts';

export interface Trainer {
  readonly bins: readonly Bins[];
  /** There while permutation importance can be asked. */
  readonly workspace?: Workspace;
  readonly targets: ColumnData['targets'];
  readonly engine: string;
  /** Grows tree number `i`; the same bits whichever were grown before. Adds to `importance`. */
  grow(i: number, importance: Float64Array): Tree;
  /** How often each row was drawn for tree number `i`; valid until the next call of `grow` or `bag`. */
  bag(i: number): Uint16Array;
  /** The node that is a training row's leaf. */
  leaf(tree: Tree, row: number): number;
}

const where = 'fit()';

export function makeTrainer(
  { table, targets, sampleWeight }: ColumnData,
  classes: number,
  classWeight: Float32Array | undefined,
  settings: Settings,
  key: HostKey,
  choose: (sizes: Sizes) => EngineChoice,
  /** Those of a forest to go on from. */
  known?: readonly Bins[],
): Trainer {
  const { rows, columns } = table;
  const exact = settings.splitter === 'exact';
  if (classes > 0xffff)
    throw new DendriteError(
      'DATA',
      `${where}: a forest must have at most 65535 classes, got ${classes}. Is the target a number?`,
    );
  const bins = known ?? columns.map((column) => (exact ? exactBins(column) : quantileBins(column)));
  const mostCodes = bins.reduce((most, { count, missing }) => Math.max(most, count, missing + 1), 1);
  const { workspace, kernels, name } = choose({
    rows,
    features: columns.length,
    classes,
    codeBytes: exact ? 4 : 1,
    bins: mostCodes,
  });
  const rowWeights = weightsOf(targets, sampleWeight, classes > 0 ? classWeight : undefined);
  const anyGeneral =
    exact ||
    settings.random ||
    settings.criterion === 'entropy' ||
    settings.minSamplesLeaf > 1 ||
    rowWeights !== undefined;
  const slow = new Uint8Array(columns.length);
  columns.forEach((column, f) => {
    const own = bins[f] as Bins;
    const missing = encodeColumn(column, own, workspace.codes, f * rows, 1, where);
    slow[f] = anyGeneral || missing || own.kind === 'category' ? 1 : 0;
  });
  const codes = classes > 0 ? Int32Array.from(targets) : undefined;
  const offset = classes > 0 ? 0 : meanOf(targets, rowWeights);
  if (classes === 0) for (let i = 0; i < rows; i++) workspace.targets[i] = (targets[i] as number) - offset;

  const { criterion, minSamplesLeaf, random, bootstrap } = settings;
  const general = generalScan(workspace, {
    bins,
    criterion,
    minSamplesLeaf,
    random,
    ...(rowWeights && { rowWeights }),
  });
  const grower: Grower = {
    workspace,
    settings: { ...settings, maxFeatures: featureCount(settings.maxFeatures, columns.length) },
    bins,
    kernels,
    general,
    slow,
    draw: featureDraw(columns.length),
    offset,
  };
  const drawn = new Uint16Array(rows).fill(1);
  const count = sampleCount(settings.maxSamples, rows);
  const trees = key.fork('tree');
  const totals = new Float64Array(workspace.totals.length);
  const coded = {
    codes: workspace.codes,
    stride: rows,
    plain: !slow.some((_, f) => (bins[f] as Bins).kind === 'category') && !columns.some(({ missing }) => missing),
  };
  const bag = (i: number): Uint16Array => {
    if (bootstrap) drawBag(drawn, count, stream(trees.fork(i).fork('bag')));
    return drawn;
  };
  return {
    bins,
    workspace,
    targets,
    engine: name,
    grow(i, importance) {
      bag(i);
      const entered = enterRows(drawn, codes, workspace.targets, rowWeights, workspace.entries, totals);
      if (entered === 0)
        throw new DendriteError(
          'DATA',
          `${where}: tree ${i} must have rows to learn from, got weights of 0 for all that it drew.`,
        );
      return growTree(grower, entered, totals, stream(trees.fork(i)), importance);
    },
    bag,
    leaf: (tree, row) => leafOf(tree, coded, row, bins),
  };
}

/** Undefined where every row counts alike. */
function weightsOf(
  targets: ArrayLike<number>,
  sampleWeight: Float32Array | undefined,
  classWeight: Float32Array | undefined,
): Float64Array | undefined {
  if (!sampleWeight && !classWeight) return undefined;
  const weights = Float64Array.from(targets, (code, i) => (sampleWeight?.[i] ?? 1) * (classWeight?.[code] ?? 1));
  return weights.every((weight) => weight === 1) ? undefined : weights;
}
function meanOf(targets: ArrayLike<number>, weights: Float64Array | undefined): number {
  let [sum, weight] = [0, 0];
  for (let i = 0; i < targets.length; i++) {
    sum += (weights?.[i] ?? 1) * (targets[i] as number);
    weight += weights?.[i] ?? 1;
  }
  return weight > 0 ? sum / weight : 0;
}
