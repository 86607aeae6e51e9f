/** Where checkpoints are kept, and when they are made: a store is four functions, a rule is data. */

/**
 * Named bytes. A name is letters, digits, `.` and `-`. What `write` was given is there whole or not at all, also when the
 * process dies meanwhile; what `read` gives is checked by its reader. One run a store.
 */
export interface CheckpointStore {
  readonly '~dendrite': 'checkpoint-store';
  /** For messages: `directory('runs/a')`. */
  readonly name: string;
  /** In any order. */
  list(): Promise<readonly string[]>;
  /** Undefined where there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** `bytes` are valid until it resolves, which is when they would survive the machine's loss of power, as far as the platform can say. */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** No error where there is none. */
  remove(name: string): Promise<void>;
}

/** When something is due, as data: at every so many of each unit that is named. A bare number counts steps and trees. */
export type Trigger =
  | number
  | {
      readonly steps?: number;
      readonly epochs?: number;
      readonly trees?: number;
      /** At the first event so many seconds after the last time. */
      readonly seconds?: number;
    };

/** `{ every: 200, store: directory('runs/a') }` */
export interface CheckpointRule {
  readonly store: CheckpointStore;
  /** Default: each epoch, each tenth tree. The last event of a run is always saved. */
  readonly every?: Trigger;
  readonly keep?: {
    /** The newest so many, default 2: should the last be damaged, the one before it is taken. */
    readonly last?: number;
    /** Name of a metric: a checkpoint is made whenever it is better than ever, and the best stays. */
    readonly best?: string;
  };
}
