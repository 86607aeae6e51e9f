/** Training set up once for a forest: columns as codes in a workspace, and a function that grows tree number i. */
import type { ColumnData } from '@dendrite/model';
import { DendriteError, type HostKey } from '@dendrite/spec';
import type { Binning } from '../binning/binning.ts';
import { type Bins, exactBins, quantileBins } from '../binning/bins.ts';
import { encodeColumn } from '../binning/encode-column.ts';
import { type ChosenEngine, growsInWasm, makeGrower, plotOf } from '../engine/engine.ts';
import { binningFor, openEngine } from '../engine/open-engine.ts';
import { drawBag } from '../grow/bag.ts';
import type { GrowPlan, TreeSeeds } from '../grow/plan.ts';
import { type Engine, featureCount, type Means, type Settings, sampleCount } from '../options/forest-options.ts';
import { seededStream, seedOf } from '../stream/stream.ts';
import type { VoteKernels } from '../wasm/wasm-votes.ts';
import { type Crew, makeCrew } from '../workers/crew.ts';
import { mayShare, workersFor } from '../workers/how-many.ts';
import type { Request } from '../workers/messages.ts';
import { fieldOf, type Sizes, type Workspace } from '../workspace/workspace.ts';

export interface Trainer {
  readonly bins: readonly Bins[];
  /** There while permutation importance can be asked. */
  readonly workspace?: Workspace;
  readonly targets: ColumnData['targets'];
  /** What was chosen. */
  readonly engine: string;
  /** What counts votes, where WebAssembly grows the trees. */
  readonly kernels?: VoteKernels;
  /** What grows the trees: of those that the kernels do not know JavaScript, whatever was chosen. */
  readonly grownBy: string;
  /** Grows trees `first` to `end − 1`, with workers where there are enough to grow; the same bits whoever grows them. */
  grow(first: number, end: number): Crew;
  /** How often each row was drawn for tree number `i`; valid until the next call. */
  bag(i: number): Uint16Array;
}

const where = 'fit()';

export async function makeTrainer(
  { table, targets, sampleWeight }: ColumnData,
  classes: number,
  classWeight: Float32Array | undefined,
  settings: Settings,
  key: HostKey,
  { engine, workers, outOfBag }: Means & { readonly engine: Engine },
  /** Those of a forest to go on from. */
  known?: readonly Bins[],
): Promise<Trainer> {
  const { rows, columns } = table;
  const exact = settings.splitter === 'exact';
  if (classes > 0xffff)
    throw new DendriteError(
      'DATA',
      `${where}: a forest must have at most 65535 classes, got ${classes}. Is the target a number?`,
    );
  const maxFeatures = featureCount(settings.maxFeatures, columns.length);
  const growers = growersOf(table, settings, workers);
  const sizes = sizesOf(table, classes, settings, workers);
  const shared = sizes.growers > 1;
  const chosen = await openEngine(engine, sizes, shared);
  const workspace = plotOf(chosen.ground, sizes, 0);
  const binning = await binningFor(chosen, workspace, shared);
  const bins = known ?? columns.map((column) => (exact ? exactBins(column) : quantileBins(column, binning)));
  const rowWeights = weightsOf(targets, sampleWeight, classes > 0 ? classWeight : undefined);
  const offset = classes > 0 ? 0 : meanOf(targets, rowWeights);
  if (classes > 0) workspace.labels.set(targets);
  else for (let i = 0; i < rows; i++) workspace.targets[i] = (targets[i] as number) - offset;
  const anyGeneral =
    exact ||
    settings.random ||
    settings.criterion === 'entropy' ||
    settings.minSamplesLeaf > 1 ||
    rowWeights !== undefined;
  const slow = encodeAll(table, bins, workspace, binning).map((odd) => Number(odd === 1 || anyGeneral));
  const plan: GrowPlan = {
    sizes,
    settings: { ...settings, maxFeatures },
    bins,
    slow,
    random: settings.random,
    draws: settings.bootstrap ? sampleCount(settings.maxSamples, rows) : 0,
    judges: settings.bootstrap && outOfBag,
    plain: bins.every(({ kind }) => kind !== 'category') && !columns.some(({ missing }) => missing),
    offset,
    ...(rowWeights && { rowWeights }),
  };
  const grower = await makeGrower(chosen, workspace, plan, async () => {
    const { jsGrower } = await import('../grow/js-grower.ts');
    return jsGrower(workspace, plan);
  });
  // Who grows alone need not load what starts workers.
  const pool = growers > 1 ? (await import('../workers/worker-pool.ts')).workerPool : undefined;
  const trees = key.fork('tree');
  const seeds = (i: number): TreeSeeds => ({ bag: seedOf(trees.fork(i).fork('bag')), tree: seedOf(trees.fork(i)) });
  return {
    bins,
    workspace,
    targets,
    engine: chosen.name,
    ...(chosen.module && { kernels: { module: chosen.module, shared } }),
    grownBy: growsInWasm(chosen, plan) ? 'wasm' : 'js',
    grow: (first, end) =>
      makeCrew({
        own: grower,
        seeds,
        first,
        end,
        pool,
        helpers: Math.min(growers, end - first) - 1,
        open: (k) => openRequest(k, chosen, workspace, plan),
      }),
    bag(i) {
      const { drawn } = workspace;
      if (plan.draws > 0) drawBag(drawn, plan.draws, seededStream(seeds(i).bag));
      else drawn.fill(1);
      return drawn;
    },
  };
}

function growersOf({ rows, columns }: ColumnData['table'], settings: Settings, workers: Means['workers']): number {
  const maxFeatures = featureCount(settings.maxFeatures, columns.length);
  return workersFor(workers, { rows, maxFeatures, trees: settings.trees });
}

/** Of the workspace. Without shared memory every worker has a copy. */
export function sizesOf(
  table: ColumnData['table'],
  classes: number,
  settings: Settings,
  workers: Means['workers'],
): Sizes {
  return {
    rows: table.rows,
    features: table.columns.length,
    classes,
    codeBytes: settings.splitter === 'exact' ? 4 : 1,
    growers: mayShare() ? growersOf(table, settings, workers) : 1,
  };
}

/** What worker number `k` is told first. */
function openRequest(
  k: number,
  { ground, module }: ChosenEngine,
  workspace: Workspace,
  plan: GrowPlan,
): readonly [request: Request, transfer: ArrayBuffer[]] {
  const kernels = module && { module };
  if (plan.sizes.growers > 1 && !(ground instanceof ArrayBuffer))
    return [{ open: { plan, ground: { shared: ground }, grower: k, ...kernels } }, []];
  const field = new Uint8Array(fieldOf(workspace));
  return [{ open: { plan, ground: { field }, grower: 0, ...kernels } }, [field.buffer]];
}

/** Writes the codes of all columns; gives which the fast kernels cannot scan: those with gaps or categories. */
function encodeAll(
  { rows, columns }: ColumnData['table'],
  bins: readonly Bins[],
  workspace: Workspace,
  binning: Binning,
): Uint8Array {
  const { codes, rowCodes } = workspace;
  const slow = new Uint8Array(columns.length);
  columns.forEach((column, f) => {
    const own = bins[f] as Bins;
    const missing = encodeColumn(column, own, codes, f * rows, 1, where, binning);
    slow[f] = Number(missing || own.kind === 'category');
  });
  if (rowCodes.length > 0 && codes instanceof Uint8Array) binning.transpose(codes, rowCodes, rows);
  return slow;
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
