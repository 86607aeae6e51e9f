/**
 * What the author of a model writes: how it trains, what a trained one can do, how it is rebuilt. Types only;
 * `defineModel` makes a `Model` of it and supplies everything else.
 */
import type {
  Batch,
  Capabilities,
  Checkpoint,
  DataSource,
  FitOptions,
  HostKey,
  Inputs,
  Json,
  Label,
  Meta,
  Numbers,
  ProgressEvent,
  Runtime,
  SavedArray,
  SavedModel,
  Table,
  TensorSpec,
  Tree,
} from '@dendrite/spec';
import type { PlannedWork } from '../plan/planned-work.ts';

/** Whole columns with what belongs to each row: what a model with `data: 'columns'` trains on. Categories are codes. */
export interface ColumnData {
  /** Features only. */
  readonly table: Table;
  /** Codes into the task's `labels` (classification, Int32Array), or plain targets (regression, Float64Array). */
  readonly targets: Numbers;
  readonly sampleWeight?: Float32Array;
}
/** `'batches'`: a source of encoded rows (`source.feature` is one example). `'columns'`: whole columns. */
export type TrainingData<D extends Capabilities['data']> = D extends 'columns' ? ColumnData : DataSource;
/** What a trained model is asked to predict for, encoded as in training. */
export type PredictInput<D extends Capabilities['data']> = D extends 'columns' ? Table : Batch;

/** All that training may know. Same task, same versions: same model. */
export interface TrainTask<C extends Capabilities = Capabilities, O extends object = object> {
  readonly data: TrainingData<C['data']>;
  readonly validation?: TrainingData<C['data']>;
  /** Classification: every label, in the order of the codes. Regression: empty. */
  readonly labels: readonly Label[];
  /** Classification with `classWeight`: the weight of each code. Multiply it with a row's `sampleWeight`. */
  readonly classWeight?: Float32Array;
  readonly seed: number;
  /** `hostKey(seed)`. Fork it by what it is for: `key.fork('shuffle')`. */
  readonly key: HostKey;
  /** The caller's options, checked by the definition's `options` rules; absent ones are absent. */
  readonly options: O & FitOptions;
  readonly runtime?: Runtime;
  /** Aborted: `return()` is called at the next `yield`. Look at it in long units of work, or pass it on. */
  readonly signal?: AbortSignal;
  /** Go on from here; only where `capabilities.resume` is not 'none'. Model, labels and preprocessing have been compared. */
  readonly from?: Checkpoint | SavedModel;
  /** True once the run was asked to end: finish the unit in hand, then return. Look at it after every `yield`. */
  stopping(): boolean;
  /** False while nobody looks at single units of work: an event for many of them, their last, will do. Epochs are always told of. */
  watched(): boolean;
}

/** What `train` yields: a progress event (its `seconds` are filled in) with, if it can, snapshots of the model at this point. */
export interface TrainEvent<C extends Capabilities = Capabilities> extends Omit<ProgressEvent, 'seconds'> {
  /**
   * The model as it is now, which later training does not change; for `remember()`. Called only before the generator goes on.
   * Without it, `earlyStopping({ restoreBest: true })` is an OPTION error.
   */
  snapshot?(): FittedCore<C>;
  /** What it takes to go on from here. Called only before the generator goes on. */
  checkpoint?(): CheckpointParts | Promise<CheckpointParts>;
}
export interface SavedParts {
  /** Names must not begin with `probe.` or `remembered.`. */
  readonly arrays: Readonly<Record<string, SavedArray>>;
  /** What `restore` needs besides config, labels and preprocessing. Default null. */
  readonly extra?: Json;
}
export interface CheckpointParts extends SavedParts {
  readonly cursor: Checkpoint['cursor'];
}

/** For each row, in order. */
export interface CoreOutput {
  /** Codes (classification) or numbers (regression). May be absent where there are probabilities: the largest wins, the first on ties. */
  readonly values?: ArrayLike<number>;
  /** Row-major `[rows, labels]`; required by the capability `probabilities`. */
  readonly probabilities?: Float32Array;
}
type When<Flag, Extra> = [Flag] extends [true] ? Extra : unknown;
type Importance = readonly { readonly name: string; readonly value: number }[];

/** A trained model without the trimmings: numbers in, numbers out. */
export type FittedCore<C extends Capabilities = Capabilities> = {
  /** Called with one batch at a time, of at most `rowsAtOnce` rows. */
  predict(input: PredictInput<C['data']>): CoreOutput | Promise<CoreOutput>;
  /**
   * For models that read columns: rows of plain numbers as they came, row-major and all of them finite, so that no column need
   * be made of few. Undefined, then and always for so many rows: columns are wanted.
   */
  predictNumbers?(numbers: Numbers, rows: number): Promise<CoreOutput | undefined>;
  save(): SavedParts | Promise<SavedParts>;
  /** Frees what it holds; called at most once. */
  dispose?(): void;
} & When<C['importance'], { importance(kind: 'impurity' | 'permutation'): Importance | Promise<Importance> }> &
  When<
    C['outOfBag'],
    {
      /** `predictions`: codes or numbers, one a training row. */ readonly outOfBag: {
        readonly score: number;
        readonly predictions: ArrayLike<number>;
      };
    }
  > &
  When<C['parameters'], { readonly params: Tree; readonly state: Tree }>;

/** What `restore` gets; file, model name, labels and preprocessing have been checked. */
export interface RestoreTask {
  readonly saved: SavedModel;
  readonly arrays: Readonly<Record<string, SavedArray>>;
  readonly extra: Json;
  readonly labels: readonly Label[];
  /** One encoded example, where the model reads batches. */
  readonly feature?: TensorSpec;
  readonly runtime?: Runtime;
  /** The most bytes that the model may need beside a few times its file; default the model's. */
  readonly maxBytes?: number;
}

/** What `extend` gets beside the core. */
export interface ExtendInfo<C extends Capabilities> {
  readonly labels: readonly Label[];
  /** Inputs as `core.predict` would get them, in the order of the rows; `where` names the caller in error texts. */
  encode(inputs: Inputs, where: string): AsyncIterable<PredictInput<C['data']>>;
  /** @throws DISPOSED  where the model has been */
  alive(where: string): void;
}

/** A backend, its version, and what else of it decides bits (`'relaxed SIMD'`). */
export type ComputesOn = { readonly name: string; readonly version: string; readonly arithmetic?: string };

/** One check an option: what the value must be (`'be a positive integer'`), or undefined when it is fine. */
export type OptionRule = (value: unknown) => string | undefined;
/** Every own fit option has a rule; an option without one is refused by name, so a misspelt one cannot be lost. */
export type OptionRules<O extends object> = { readonly [K in keyof O]-?: OptionRule };

/**
 * `C`: literal capabilities. `O`: the model's own fit options. `E`: what its fitted models can do beyond the contract
 * (`forest.tree(i)`).
 */
export interface ModelDefinition<
  C extends Capabilities,
  O extends object = Readonly<Record<never, never>>,
  E extends object = object,
> {
  readonly meta: Meta;
  readonly capabilities: C;
  readonly config: Json;
  readonly options?: OptionRules<O>;
  /** How tables become what the model reads. */
  readonly tables?: {
    /** Numbers and dates of tables to mean 0 and deviation 1, fitted on the training part. Default: true for batches; columns are never scaled. */
    readonly standardise?: boolean;
    /** 'mask': columns keep their `missing` masks. 'error' (default, and always so for batches): a DATA error names row and column. */
    readonly missing?: 'error' | 'mask';
  };
  /** Most rows `core.predict` gets at once. Default 256 for batches, 16,384 for columns. */
  readonly rowsAtOnce?: number;
  /** How far the probe's output may be off after loading, relative to max(1, |value|). Default 1e-4. */
  readonly probeTolerance?: number;
  /** Versions that decide the result; recorded in the file. */
  readonly packages?: Readonly<Record<string, string>>;
  /** What computes, where that decides bits; a run that goes on by itself must have the same. Default: nothing does. */
  computesOn?(runtime: Runtime | undefined): Promise<ComputesOn>;
  /** Compares a file's config with this model's: why it does not fit, or undefined. Default: both must be equal. */
  accepts?(config: Json): string | undefined | Promise<string | undefined>;
  /**
   * Trains: yields after every unit of work, returns the trained model. On a stop (`task.stopping()`) it returns the model so
   * far. When it is aborted or a callback throws, it ends at its `yield`: free in `finally` what was made.
   */
  train(task: TrainTask<C, O>): AsyncGenerator<TrainEvent<C>, FittedCore<C>, void>;
  /** What `train` of this task would take. Without it `plan()` of the model is an OPTION error. */
  plan?(task: TrainTask<C, O>): PlannedWork | Promise<PlannedWork>;
  restore(task: RestoreTask): FittedCore<C> | Promise<FittedCore<C>>;
  /** Further members of the fitted model. */
  extend?(core: FittedCore<C>, info: ExtendInfo<C>): E;
}
