/** Forests as models: one definition for classifiers and regressors, with and without out-of-bag rows. */
import { type DefinedModel, defineModel, type ExtendInfo } from '@dendrite/model';
import type {
  Capabilities,
  Data,
  FitOptions,
  FitRun,
  Fitted,
  Inputs,
  LabelOf,
  Learnable,
  RowOf,
  TargetOf,
  Validated,
} from '@dendrite/spec';
import type { inspection } from '../explain/inspection.ts';
import type { Path } from '../explain/path.ts';
import type { TreeNodeData } from '../explain/tree-data.ts';
import { checkedOptions, type Defaults, type Given, settingsJson } from '../options/forest-options.ts';
import { depthOf } from '../tree/tree.ts';
import { version } from '../version.ts';
import { type CoreParts, type ForestCore, forestCore } from './core.ts';
import { trainForest } from './train.ts';

/** Loaded when it is needed. Said as functions: those cost a page least. */
const restoring = () => import('./restore-forest.ts');
const planning = () => import('./plan-forest.ts');
const inspecting = () => import('../explain/inspection.ts');

/** What a fitted forest can do beside the model interface. `R`: the rows that it predicts for, where they are known. */
export interface ForestMembers<R extends object = object> {
  /** How many trees it has, their nodes, and the depth of the deepest. */
  readonly size: { readonly trees: number; readonly nodes: number; readonly depth: number };
  /** What grew it: `'wasm'`, `'js'` (whatever `engine` was asked for, where the kernels do not know such trees), `'loaded'`, or another library's name. */
  readonly engine: string;
  /** Tree `i` as plain data, which report's `tree()` draws. */
  tree(i: number): Promise<TreeNodeData>;
  /** Tree `i` as text, one line a node. */
  text(i: number): Promise<string>;
  /** The leaf that each row ends in: `[rows, trees]`, numbers of nodes in preorder. */
  apply(x: Inputs<R>): Promise<{ readonly data: Int32Array; readonly shape: readonly [rows: number, trees: number] }>;
  /** Which questions tree `options.tree` (0) asked each row, and what it answered. */
  explain(x: Inputs<R>, options?: { readonly tree?: number }): Promise<readonly Path[]>;
}

interface CapabilityFlags {
  readonly data: 'columns';
  readonly importance: true;
  readonly parameters: false;
  readonly resume: 'unit';
}
export interface ClassifierCapabilities extends CapabilityFlags {
  readonly task: 'classification';
  readonly probabilities: true;
  readonly outOfBag: true;
}
export interface RegressorCapabilities extends CapabilityFlags {
  readonly task: 'regression';
  readonly probabilities: false;
  readonly outOfBag: true;
}
/** Trees that see every row. */
export type WithoutBag<C> = Omit<C, 'outOfBag'> & { readonly outOfBag: false };
/** One tree: it is there or not, so there is no half-way to go on from. */
export type Single<C> = Omit<WithoutBag<C>, 'resume'> & { readonly resume: 'none' };
type None = Readonly<Record<never, never>>;
type Columns = Capabilities & { readonly data: 'columns' };
/** Numbers have no classes to weigh. */
type Unweighed = { readonly classWeight?: undefined };
type Own<C extends Capabilities> = C['task'] extends 'regression' ? Unweighed : None;
type FittedForest<C extends Capabilities, D> = Fitted<C, LabelOf<D>, RowOf<D>, TargetOf<D>> & ForestMembers<RowOf<D>>;
/** A configured forest. */
export interface ForestModel<C extends Capabilities> extends DefinedModel<C, Own<C>, ForestMembers> {
  fit<const D extends Data, const V extends Data | number = number>(
    data: D & Learnable<C, D>,
    options?: Own<C> & FitOptions<LabelOf<D>> & Validated<D, V>,
  ): Promise<FittedForest<C, D>>;
  run<const D extends Data, const V extends Data | number = number>(
    data: D & Learnable<C, D>,
    options?: Own<C> & FitOptions<LabelOf<D>> & Validated<D, V>,
  ): FitRun<FittedForest<C, D>>;
}

const flags = { data: 'columns', importance: true, parameters: false, resume: 'unit', outOfBag: true } as const;
export const classifier: ClassifierCapabilities = { ...flags, task: 'classification', probabilities: true };
export const regressor: RegressorCapabilities = { ...flags, task: 'regression', probabilities: false };
export const withoutBag = <C extends Columns>(capabilities: C): WithoutBag<C> => ({ ...capabilities, outOfBag: false });
export const single = <C extends Columns>(capabilities: C): Single<C> => ({
  ...withoutBag(capabilities),
  resume: 'none',
});

/** A kind of forest: what it is called, what holds where nothing is said, and what it can do. */
export interface Kind<C> {
  readonly name: string;
  /** As users call it. */
  readonly where: string;
  readonly defaults: Defaults;
  /** Options that are decided by the kind. */
  readonly fixed?: readonly string[];
  readonly capabilities: C;
}

/** @throws OPTION  for an unknown option or a value out of its range */
export function defineForest<C extends Columns>(kind: Kind<C>, options: Given): ForestModel<C> {
  const { name, where, defaults, fixed = [], capabilities } = kind;
  const [settings, means] = checkedOptions(options, defaults, fixed, where);
  const judged = settings.bootstrap && means.outOfBag;
  const config = settingsJson(settings);
  const model: object = defineModel<Columns, None, ForestMembers>({
    meta: { name, version, api: 1 },
    config,
    capabilities: { ...capabilities, outOfBag: capabilities.outOfBag && judged },
    packages: { '@dendrite/random-forest': version },
    tables: { missing: settings.missing === 'learn' ? 'mask' : 'error' },
    probeTolerance: 1e-6,
    accepts: async (saved) => (await restoring()).misfit(config, saved),
    train: (task) => trainForest(task, settings, means),
    plan: async (task) => (await planning()).planForest(task, settings, means),
    restore: async (task) => forestCore((await restoring()).restoredParts(task, settings)),
    extend(core, info) {
      const own = members(core as ForestCore, info);
      // Who asks for a score that was switched off is told so.
      return capabilities.outOfBag && !judged
        ? Object.defineProperty(own, 'outOfBag', { get: () => (core as ForestCore).outOfBag })
        : own;
    },
  });
  // It is checked as a model of any capabilities: these are its own.
  return model as ForestModel<C>;
}

function members({ parts }: ForestCore, info: ExtendInfo<Columns>): ForestMembers {
  const inspect = async (where: string): Promise<ReturnType<typeof inspection>> => {
    info.alive(where);
    return (await inspecting()).inspection(parts, info);
  };
  let size: ForestMembers['size'] | undefined;
  return {
    get size() {
      return (size ??= sizeOf(parts));
    },
    engine: parts.grownBy,
    tree: async (i) => (await inspect('tree()')).tree(i),
    text: async (i) => (await inspect('text()')).text(i),
    apply: async (x) => (await inspect('apply()')).apply(x),
    explain: async (x, options) => (await inspect('explain()')).explain(x, options),
  };
}

function sizeOf({ forest: { trees } }: CoreParts): ForestMembers['size'] {
  return {
    trees: trees.length,
    nodes: trees.reduce((sum, { feature }) => sum + feature.length, 0),
    depth: trees.reduce((deepest, tree) => Math.max(deepest, depthOf(tree)), 0),
  };
}
