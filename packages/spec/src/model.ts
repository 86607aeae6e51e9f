/** The one Model interface of nets and forests: configured → running → fitted. */
import type { CheckpointRule } from './checkpoint-store.ts';
import type { Data, Label, LabelOf } from './data.ts';
import type { Meta } from './device.ts';
import type { ClassWeights, Inputs, Judgeable, Learnable, RowOf, TargetOf, Validated } from './known-data.ts';
import type { Runtime } from './runtime.ts';
import type { Checkpoint, SavedModel } from './saved-model.ts';
import type { Json, Tree } from './tensor.ts';
import type { PlanOptions, TrainingPlan } from './training-plan.ts';

/** Literal types: what a model can do is known to the compiler. */
export interface Capabilities {
  readonly task: 'classification' | 'regression';
  /** What training reads: rows in batches, or whole columns. */
  readonly data: 'batches' | 'columns';
  readonly probabilities: boolean;
  readonly importance: boolean;
  readonly outOfBag: boolean;
  readonly parameters: boolean;
  readonly resume: 'step' | 'unit' | 'none';
}

/** What `predict` gives: the caller's own labels, or numbers. */
export type Prediction<C extends Capabilities, T extends Label> = C['task'] extends 'regression' ? number : T;
type When<Flag, Extra> = [Flag] extends [true] ? Extra : unknown;

/** Configured, immutable, holds no data. `O` = this model's own fit options. */
export interface Model<C extends Capabilities = Capabilities, O extends object = Readonly<Record<never, never>>> {
  readonly '~dendrite': 'model';
  readonly meta: Meta;
  readonly capabilities: C;
  readonly config: Json;
  /** Trains. A real Promise that has started; progress through `options.onProgress`. The same as `run(…).result`. */
  fit<const D extends Data, const V extends Data | number = number>(
    data: D & Learnable<C, D>,
    options?: O & FitOptions<LabelOf<D>> & Validated<D, V>,
  ): Promise<Fitted<C, LabelOf<D>, RowOf<D>, TargetOf<D>>>;
  /**
   * What `fit` with these options would take: memory, work and time, what will not fit and what to change. A later `fit` has the same
   * bits. OPTION where the model cannot tell.
   */
  plan<const D extends Data, const V extends Data | number = number>(
    data: D & Learnable<C, D>,
    options?: O & FitOptions<LabelOf<D>> & Validated<D, V> & PlanOptions,
  ): Promise<TrainingPlan>;
  /** Trains under the caller's eyes; see `FitRun`. */
  run<const D extends Data, const V extends Data | number = number>(
    data: D & Learnable<C, D>,
    options?: O & FitOptions<LabelOf<D>> & Validated<D, V>,
  ): FitRun<Fitted<C, LabelOf<D>, RowOf<D>, TargetOf<D>>>;
  /** Rebuilds a fitted model. `labels` are checked against the file's, and give `predict` its type back. */
  restore<const T extends Label = string>(
    saved: SavedModel,
    options?: RestoreOptions & { readonly labels?: readonly T[] },
  ): Promise<Fitted<C, T>>;
}

export interface RestoreOptions {
  readonly runtime?: Runtime;
  /** The most bytes that the model may need beside a few times its file, default 2^30: a small file can ask for any size. */
  readonly maxBytes?: number;
}

/**
 * Not thenable on purpose: a thenable is awaited away by every `async` function that returns it. Starts at the first
 * `next()` or the first reading of `result`; iterated, it waits while its consumer does. `break` means `stop('break')`: the
 * unit in hand is finished and `result` gives the model so far.
 */
export interface FitRun<F> extends AsyncIterable<ProgressEvent> {
  readonly result: Promise<F>;
  stop(reason?: string): void;
  /** A snapshot after the unit in hand; OPTION where the model's `resume` capability is 'none'. */
  checkpoint(): Promise<Checkpoint>;
}

/**
 * `T`: the labels. `R`: the rows that it predicts for, where those of training had columns that the compiler knows; `K`: the column
 * that it predicts.
 */
export type Fitted<
  C extends Capabilities = Capabilities,
  T extends Label = Label,
  R extends object = object,
  K extends string = string,
> = FittedBase<C, T, R, K> &
  When<
    C['probabilities'],
    { readonly labels: readonly T[]; predictProbabilities(x: Inputs<R>): Promise<Probabilities> }
  > &
  When<
    C['importance'],
    {
      importance(
        kind?: 'impurity' | 'permutation',
      ): Promise<readonly { readonly name: string; readonly value: number }[]>;
    }
  > &
  When<
    C['outOfBag'],
    { readonly outOfBag: { readonly score: number; readonly predictions: readonly Prediction<C, T>[] } }
  > &
  When<C['parameters'], { readonly params: Tree; readonly state: Tree }>;

/** Row-major `[rows, labels]`; each row adds up to 1. */
export interface Probabilities {
  readonly data: Float32Array;
  readonly shape: readonly [rows: number, labels: number];
}

export interface FittedBase<
  C extends Capabilities,
  T extends Label,
  R extends object = object,
  K extends string = string,
> {
  readonly '~dendrite': 'fitted';
  readonly meta: Meta;
  readonly capabilities: C;
  /** One entry an epoch or tree: what was reported while training, without notices. */
  readonly history: readonly ProgressEvent[];
  /** Why training ended before its time, where it did. */
  readonly stopped?: string;
  predict(x: Inputs<R>, options?: { readonly signal?: AbortSignal }): Promise<Prediction<C, T>[]>;
  evaluate<const D extends Data, const M extends Readonly<Record<string, Metric>>>(
    data: D & Judgeable<D, R, K>,
    metrics: M,
  ): Promise<{ readonly [K in keyof M]: number }>;
  save(): Promise<SavedModel>;
  /** Frees what it holds on its runtime; later use throws DISPOSED. */
  dispose(): void;
}

/** `T`: the labels of the data, where they are known. */
export interface FitOptions<T extends Label = Label> {
  /** Default 0. The same seed, data and versions give the same model on the same backend. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Where to compute. Default: the one `init()` made, else the CPU. Models without tensors ignore it. */
  readonly runtime?: Runtime;
  /** Data of its own, or the fraction of rows to hold out (stratified for classification, by the seed). */
  readonly validation?: Data | number;
  /** Default: every row counts alike. `'balanced'`: every class does. */
  readonly classWeight?: 'balanced' | ClassWeights<T>;
  /** Go on from here. */
  readonly from?: Checkpoint | SavedModel;
  /** Saves the run now and then; the same call again goes on from the last whole checkpoint by itself, to the same bits. */
  readonly checkpoint?: CheckpointRule;
  /** The run must be that of this model: data, versions, config, seed and options are compared before anything runs. */
  readonly sameAs?: SavedModel;
  readonly callbacks?: readonly Callback[];
  onProgress?(event: ProgressEvent): void;
}

export interface ProgressEvent {
  readonly unit: 'batch' | 'epoch' | 'tree';
  /** Units done so far in the whole run, and how many there will be. */
  readonly done: number;
  readonly of: number;
  /** Since training began. */
  readonly seconds: number;
  /** Examples trained on since training began. */
  readonly examples: number;
  /** `loss`, `accuracy`, `validation.loss`, … */
  readonly metrics: Readonly<Record<string, number>>;
  /** Something the user should know, said once: which backend was taken, and what would be faster. */
  readonly notice?: string;
}

/** What a callback may do to the run it is called by; the same object at every call of one run. */
export interface CallbackRun {
  /** The unit in hand is finished. A run that goes on from a checkpoint stays stopped. */
  stop(reason?: string): void;
  /**
   * A checkpoint of this moment. Callbacks further down the list have not seen the event in hand, and what they remember is from before
   * it: who takes checkpoints stands last.
   */
  checkpoint(): Promise<Checkpoint>;
  /** Remembers the model as it is now; the run ends with the one remembered last. */
  remember(): void;
}
/** A name, what it was made with, and hooks. One callback may serve many runs: what it knows of each goes by `run`. */
export interface Callback {
  readonly name: string;
  /** What it was made with. A run that goes on by itself must have callbacks of the same names and configs. */
  readonly config?: Json;
  on(event: ProgressEvent, run: CallbackRun): void | Promise<void>;
  /** true: it is told of epochs and trees only. Where nobody is told of batches, short steps are made many in one call. */
  readonly skipsBatches?: boolean;
  /** Its memory of this run, for a checkpoint. */
  save?(run: CallbackRun): Json;
  /** Called before the first event of a run that goes on. */
  restore?(state: Json, run: CallbackRun): void;
}

/** A streaming measure. `update` may change and return its state; `merge` joins two parts. Probabilities are given where the model has them. */
export interface Metric<A = unknown> {
  readonly '~dendrite': 'metric';
  readonly name: string;
  readonly task: 'classification' | 'regression' | 'any';
  init(): A;
  update(state: A, part: MetricPart): A;
  merge(a: A, b: A): A;
  value(state: A): number;
}
export interface MetricPart {
  readonly expected: ArrayLike<Label>;
  readonly predicted: ArrayLike<Label>;
  readonly probabilities?: Probabilities;
  readonly labels?: readonly Label[];
  readonly sampleWeight?: ArrayLike<number>;
}
