/** What the author of a model says of training before it begins. Types only; `plan()` of the model makes a `TrainingPlan` of it. */
import type { PlannedBytes } from '@dendrite/spec';

/** How to try training in little memory. */
export interface SmallTrial {
  /** Fit options in place of the caller's. */
  readonly options?: object;
  /** How many of its units do the work of one as it was asked for. Default 1. */
  readonly perUnit?: number;
  /** Units after which it would take too much. */
  readonly most?: number;
}

export interface PlannedWork {
  /** Device or engine, for people. */
  readonly where: string;
  readonly unit: 'step' | 'tree';
  /** In the whole run. */
  readonly units: number;
  readonly parameters?: number;
  readonly bytes: PlannedBytes;
  /** Of a unit. */
  readonly flops?: number;
  readonly dispatches?: number;
  /** Bytes of all memory that may be had, and of one buffer. */
  readonly limits?: { readonly memory?: number; readonly buffer?: number };
  /** Bytes of the largest buffer. */
  readonly largest?: number;
  /** After every so many units the model is validated, which takes about as long as so many units. */
  readonly validation?: { readonly every: number; readonly units: number };
  /** false: training does not stop soon after it was asked to, so it cannot be tried. Default true. */
  readonly trial?: boolean;
  /** How training can be tried in no more bytes than these, where the whole does not fit. Default: not at all. */
  smallTrial?(bytes: number): SmallTrial | undefined | Promise<SmallTrial | undefined>;
  /** What to change so that no more bytes than these are needed: a sentence. */
  advice(bytes: number): string | Promise<string>;
}
