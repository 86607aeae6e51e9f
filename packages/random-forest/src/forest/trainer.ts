/** Training set up once for a forest: columns as codes in a workspace, and a function that grows tree number i. */
import { type ColumnData, rowsOf } from '@dendrite/model';
import type { HostKey } from '@dendrite/spec';
import type { Binning } from '../binning/binning.ts';
import { type Bins, quantileBins } from '../binning/bins.ts';
import { encodeColumn } from '../binning/encode-column.ts';
import { growsInWasm, makeGrower, mostPages, pagesOf, plotOf } from '../engine/engine.ts';
import { binningFor, openEngine } from '../engine/open-engine.ts';
import type { GrowPlan, TreeSeeds } from '../grow/plan.ts';
import { type Engine, featureCount, type Means, type Settings, sampleCount } from '../options/forest-options.ts';
import type { Forest } from '../predict/forest.ts';
import { seedOf } from '../stream/seed-of.ts';
import { type VoteKernels, voteBytes } from '../wasm/wasm-votes.ts';
import type { Crew } from '../workers/crew.ts';
import { mayShare, workersFor } from '../workers/how-many.ts';
import { groupFor, mostClasses, type Sizes, type Workspace } from '../workspace/workspace.ts';

/** Loaded when it is needed. Said as functions: those cost a page least. */
const fitErrors = () => import('./fit-errors.ts');
const scripted = () => import('../grow/scripted.ts');
const counting = () => import('../grow/leaf-value.ts');

export interface Trainer {
  readonly bins: readonly Bins[];
  /** What the trees ask of the rows: their codes, or the values themselves, `[rows, features]`, where another library grows them. */
  readonly workspace?: Workspace;
  readonly values?: Float64Array;
  readonly targets: ColumnData['targets'];
  /** What was chosen. */
  readonly engine: string;
  /** What counts votes, where WebAssembly grows the trees. */
  readonly kernels?: VoteKernels;
  /** What grows the trees: of those that the kernels do not know JavaScript, whatever was chosen. */
  readonly grownBy: string;
  /** Grows trees `first` to `end − 1`, with workers where there are enough to grow; the same bits whoever grows them. */
  grow(first: number, end: number): Crew;
  /** Who may read the workspace says so, and calls what this gives once done; then other trees may grow there. */
  hold?(): () => void;
  /** Rows drawn for a tree, and where its streams start: so is its bag drawn again. */
  readonly draws: number;
  readonly among?: Uint32Array;
  seeds(i: number): TreeSeeds;
}

const where = 'fit()';

export async function makeTrainer(
  { table, targets, sampleWeight }: ColumnData,
  classes: number,
  classWeight: Float32Array | undefined,
  settings: Settings,
  key: HostKey,
  means: Means & { readonly engine: Engine },
  /** A forest to go on from. */
  before?: Pick<Forest, 'bins' | 'trees'>,
): Promise<Trainer> {
  const { rows, columns } = table;
  const { engine, workers, outOfBag } = means;
  const exact = settings.splitter === 'exact';
  if (classes > mostClasses) throw (await fitErrors()).manyClasses(mostClasses, classes);
  const maxFeatures = featureCount(settings.maxFeatures, columns.length);
  const growers = growersOf(table, settings, workers);
  // Who grows alone need not load what starts workers. Those start while the rows are binned.
  const helpers = Math.min(growers, settings.trees - (before?.trees.length ?? 0)) - 1;
  const helping = growers > 1 ? import('../workers/help.ts') : undefined;
  helping?.then(
    ({ summonHelp }) => summonHelp(helpers),
    () => {},
  );
  const wanted = sizesOf(table, classes, settings, means);
  const shared = wanted.growers > 1;
  const chosen = await openEngine(engine, wanted, shared);
  const { ground, module, sizes } = chosen;
  const workspace = plotOf(ground, sizes, 0);
  const binning = await binningFor(chosen, workspace, shared);
  const { bins, odd } = await encodeTable(table, before?.bins, exact, workspace, binning);
  const weighed =
    sampleWeight || (classes > 0 && classWeight)
      ? (await scripted()).rowWeightsOf(targets, sampleWeight, classes > 0 ? classWeight : undefined)
      : undefined;
  const offset = classes > 0 ? 0 : meanOf(targets, weighed?.rowWeights);
  if (classes > 0) workspace.labels.set(targets);
  else workspace.targets.set(targets);
  const anyGeneral =
    exact ||
    settings.random ||
    settings.criterion === 'entropy' ||
    settings.minSamplesLeaf > 1 ||
    weighed !== undefined;
  const slow = odd.map((general) => Number(general === 1 || anyGeneral));
  const plan: GrowPlan = {
    sizes,
    settings: { ...settings, maxFeatures },
    bins,
    slow,
    random: settings.random,
    draws: settings.bootstrap ? sampleCount(settings.maxSamples, weighed?.among?.length ?? rows) : 0,
    judges: settings.bootstrap && outOfBag,
    offset,
    ...weighed,
  };
  const grower = await makeGrower(chosen, workspace, plan, {
    grower: async () => (await scripted()).jsGrower(workspace, plan),
    leaves: async () => (await counting()).leafValues(workspace, undefined),
  });
  const help = await helping;
  const trees = key.fork('tree');
  const seeds = (i: number): TreeSeeds => ({ bag: seedOf(trees.fork(i).fork('bag')), tree: seedOf(trees.fork(i)) });
  return {
    bins,
    workspace,
    ...(chosen.hold && { hold: chosen.hold }),
    targets,
    engine: chosen.name,
    ...(module && sizes.votes > 0 && 'buffer' in ground && { kernels: { module, memory: ground, workspace } }),
    grownBy: growsInWasm(chosen, plan) ? 'wasm' : 'js',
    draws: plan.draws,
    ...(plan.among && { among: plan.among }),
    seeds,
    grow: (first, end) =>
      help?.helpedCrew({ own: grower, seeds, first, end }, growers, { chosen, workspace, plan }) ?? {
        take: async (i) => grower.grow(seeds(i)),
        close: () => {},
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
  { engine, workers, outOfBag }: Means,
): Sizes {
  const { rows } = table;
  const features = table.columns.length;
  const codeBytes = settings.splitter === 'exact' ? 4 : 1;
  const sizes: Sizes = {
    rows,
    features,
    classes,
    codeBytes,
    group: engine !== 'js' && rowsOf(table) ? groupFor({ rows, features, codeBytes }, settings.trees) : 1,
    growers: mayShare() ? growersOf(table, settings, workers) : 1,
    votes: 0,
  };
  const counted = settings.bootstrap && outOfBag && engine !== 'js' && codeBytes === 1;
  const voting = { ...sizes, votes: voteBytes(rows, classes, settings.trees) };
  // Where there is no room for votes beside the rest, JavaScript counts them.
  return counted && pagesOf(voting) <= mostPages ? voting : sizes;
}

interface Encoded {
  readonly bins: readonly Bins[];
  /** Which columns the fast kernels cannot scan: those with gaps or categories. */
  readonly odd: Uint8Array;
}
/** Writes the codes of all columns. */
async function encodeTable(
  table: ColumnData['table'],
  known: readonly Bins[] | undefined,
  exact: boolean,
  workspace: Workspace,
  binning: Binning,
): Promise<Encoded> {
  const { rows, columns } = table;
  const odd = new Uint8Array(columns.length);
  const data = exact ? undefined : rowsOf(table);
  if (data) {
    const own = binning.encodeRows?.(data, known, where);
    return {
      bins: own ?? (await import('../binning/encode-rows.ts')).encodeRows(data, known, workspace, binning, where),
      odd,
    };
  }
  const anyOdd = exact || columns.some(({ kind }) => kind === 'category');
  const odds = anyOdd && !known ? await scripted() : undefined;
  const bins = known ?? columns.map((column) => odds?.oddBins(column, exact) ?? quantileBins(column, binning));
  const { codes, rowCodes } = workspace;
  columns.forEach((column, f) => {
    const own = bins[f] as Bins;
    const missing = encodeColumn(column, own, codes, f * rows, 1, where, binning);
    odd[f] = Number(missing || own.kind === 'category');
  });
  if (rowCodes.length > 0 && codes instanceof Uint8Array) binning.transpose(codes, rowCodes, rows);
  return { bins, odd };
}

function meanOf(targets: ArrayLike<number>, weights: Float64Array | undefined): number {
  let [sum, weight] = [0, 0];
  for (let i = 0; i < targets.length; i++) {
    sum += (weights?.[i] ?? 1) * (targets[i] as number);
    weight += weights?.[i] ?? 1;
  }
  return weight > 0 ? sum / weight : 0;
}
