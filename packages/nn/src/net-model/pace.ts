/**
 * How many steps of a training one call makes: more than one where a step is so short that what a call costs besides is much of it, and
 * while nobody looks at single steps. The clock decides, so nothing that can be seen may depend on it.
 */
import type { Batch, StepNumbers } from '@dendrite/spec';
import type { Bundle, BundleRules } from './bundle.ts';

/** Milliseconds that one call may take: a run hears of a stop, and tells of itself, no later. */
const longest = 20;
/** Of a step. A longer one gains nothing that could be measured. */
const short = 1;
/** Of inputs that lie behind one another: more would leave the caches. */
const mostBytes = 1 << 20;
const mostSteps = 512;
/**
 * What a device's memory must be of what training has taken of it so far, at least `mostBytes`: many steps a call take more than steps by
 * themselves, and leave it in other pieces, so that without much room something that comes later (validation) might find too little.
 */
const room = 64;
/** Times as many steps as before: the first ones may not be like all others. */
const growth = 8;
/** Steps that must be left for what makes many at once to be loaded. */
const worthLoading = 200;

export class Pace {
  /** What gathers the next steps, where there shall be several. */
  bundle: Bundle | undefined;
  /** Steps that the next call should make. */
  private steps = 1;
  private began = performance.now();
  /** There is too little memory for several. */
  private isOver = false;
  private readonly rules: BundleRules;
  private loading: Promise<void> | undefined;
  private makeBundle: ((like: Batch, numbers: StepNumbers) => Bundle) | undefined;

  constructor(rules: BundleRules) {
    this.rules = rules;
  }

  /** A step, or what gathers steps, begins. */
  begin(): void {
    this.began = performance.now();
  }

  /** Steps that the next call makes, at most. */
  get most(): number {
    return this.steps;
  }

  /** Whether what was gathered is enough for one call. */
  get isDue(): boolean {
    return (this.bundle?.size ?? 0) >= this.steps || performance.now() - this.began > longest;
  }

  /** A step was made by itself; so many are left. What makes several comes beside the run. */
  single(batch: Batch, numbers: StepNumbers, left: number): void {
    this.took(1, 4 * batch.x.data.length);
    const { runtime, trainStep } = this.rules;
    if (this.steps === 1 || left < worthLoading || !runtime.device.hostVisible || trainStep.status.mode !== 'replay')
      return;
    this.bundle = this.makeBundle?.(batch, numbers);
    this.loading ??= import('./on-demand.ts').then(
      ({ Bundle }) => {
        this.makeBundle = (like, names) => new Bundle(this.rules, like, names);
      },
      () => {}, // It goes on step by step.
    );
  }

  /** So many steps were made since the beginning, with inputs of so many bytes each. */
  took(steps: number, bytes: number): void {
    const each = (performance.now() - this.began) / steps;
    const fitting = each > short ? 1 : Math.min(longest / each, mostBytes / bytes, mostSteps, growth * this.steps);
    this.isOver ||= this.bundle?.isTooLarge === true || !this.hasRoom();
    this.steps = this.isOver ? 1 : Math.max(1, Math.floor(fitting));
    if (this.steps === 1) this.bundle = undefined;
  }

  private hasRoom(): boolean {
    const { device } = this.rules.runtime;
    const { memoryBytes = Number.POSITIVE_INFINITY } = device.limits;
    return room * Math.max(mostBytes, device.memory().peak) <= memoryBytes;
  }
}
