/** What training would take, told before it begins. Plain data. */

/** Beside the options of `fit`. */
export interface PlanOptions {
  /** What may be used at most; the device's own limits hold besides. */
  readonly limits?: { readonly bytes?: number; readonly seconds?: number };
  /** For so many seconds training is tried, to see how fast it is here; 0: not at all. Default 1. */
  readonly trial?: number;
}

export interface TrainingPlan {
  /** Name of the model. */
  readonly model: string;
  /** Where it would compute: the device with its variant, or the engine. */
  readonly where: string;
  /** Rows that are trained on. */
  readonly rows: number;
  /** What training is made of, and how many there are in the whole run. */
  readonly unit: 'step' | 'tree';
  readonly units: number;
  /** Numbers that training changes; absent where that is known only afterwards. */
  readonly parameters?: number;
  readonly bytes: PlannedBytes;
  /** Floating point operations of a unit. */
  readonly flops?: number;
  /** Calls on the device in a unit, once it is recorded. */
  readonly dispatches?: number;
  /** Of the whole `fit`, from a trial on this machine; absent without one. */
  readonly seconds?: number;
  /** The trial: how many units were run, and how long each took in the end. */
  readonly trial?: { readonly units: number; readonly secondsPerUnit: number };
  /** Nothing is in the way. */
  readonly fits: boolean;
  /** What is in the way, each with what to change. */
  readonly obstacles: readonly PlanObstacle[];
  /** The same as a table. */
  toString(): string;
}

/** Memory of the device, or of the trees' workspace. The data themselves are not in it. */
export interface PlannedBytes {
  /** At one time at most. Many steps of under a millisecond are made several in a call, which may take up to 2 MiB more. */
  readonly peak: number;
  /** What `peak` is made of, by name: parameters, optimizer, workspace, … */
  readonly parts: Readonly<Record<string, number>>;
}

export interface PlanObstacle {
  readonly what: 'memory' | 'buffer' | 'time';
  /** Bytes or seconds. */
  readonly needed: number;
  readonly limit: number;
  /** A sentence for people: what does not fit, and what to change. */
  readonly advice: string;
}
