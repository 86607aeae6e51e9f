/**
 * One combination of shapes, and of leaves that are the same tensor, under which a step is called: what must be equal for a recording
 * to hold, and the recording.
 */
import type { Buffer, StepNumbers, Tensor, Tree } from '@dendrite/spec';
import type { Engine } from '../engine/engine.ts';
import type { InternedSpec } from '../engine/interned-spec.ts';
import type { TensorHandle } from '../engine/tensor-handle.ts';
import type { Checker } from './checker.ts';
import { Custody } from './custody.ts';
import type { PackedScalars } from './packed-scalars.ts';
import { type Recording, releaseCaptured } from './recording.ts';
import type { Replay } from './replay.ts';
import type { GivenState } from './series.ts';
import { collect, type StepForm } from './step-tree.ts';

/** A step that keeps leaving its recordings is not recorded any more. */
const mostDifferences = 3;

export class Signature {
  readonly engine: Engine;
  readonly stateForm: StepForm;
  readonly scalars: PackedScalars;
  /** For each leaf of the state. */
  readonly donated: readonly GivenState[];
  readonly custody: Custody;
  recording: Recording | undefined;
  checker: Checker | undefined;
  replay: Replay | undefined;
  /** The number of the step's call that was last of this signature. */
  lastCall = 0;
  /** Why it is not recorded. */
  eager: string | undefined;
  private differences = 0;
  readonly batchForm: StepForm;
  readonly specs: readonly InternedSpec[];
  readonly offsets: readonly number[];
  /** For each leaf, which of the distinct buffers it lies in. */
  readonly places: readonly number[];
  readonly states: number;

  constructor(
    engine: Engine,
    stateForm: StepForm,
    batchForm: StepForm,
    handles: readonly TensorHandle[],
    states: number,
    scalars: PackedScalars,
  ) {
    this.engine = engine;
    this.custody = new Custody(engine);
    this.stateForm = stateForm;
    this.batchForm = batchForm;
    this.scalars = scalars;
    this.specs = handles.map(({ spec }) => spec);
    this.offsets = handles.map(({ offset }) => offset);
    const places = placesOf(handles);
    this.places = places;
    this.states = states;
    this.donated = places.slice(0, states).map((place, i) => {
      const alone = this.offsets[i] === 0 && places.filter((other) => other === place).length === 1;
      return { spec: this.specs[i] as InternedSpec, own: alone ? place : -1 };
    });
  }

  /** The leaves of state and batch, where they are as this signature asks. */
  leaves(state: Tree, batch: Tree, numbers: StepNumbers): readonly TensorHandle[] | undefined {
    if (!this.scalars.has(numbers)) return undefined;
    const found: Tensor[] = [];
    if (!collect(state, this.stateForm, found) || !collect(batch, this.batchForm, found)) return undefined;
    for (let i = 0; i < found.length; i++) {
      const { runtime, spec, offset } = found[i] as TensorHandle;
      if (runtime !== this.engine || spec !== this.specs[i] || offset !== this.offsets[i]) return undefined;
    }
    return found as TensorHandle[];
  }

  /** The distinct buffers of these leaves; undefined where they share memory in another way. */
  buffers(handles: readonly TensorHandle[]): Buffer[] | undefined {
    const { places } = this;
    const buffers: Buffer[] = [];
    for (let i = 0; i < places.length; i++) {
      const { buffer } = handles[i] as TensorHandle;
      const place = places[i] as number;
      if (place < buffers.length) {
        if (buffers[place] !== buffer) return undefined;
      } else buffers.push(buffer);
    }
    return allDiffer(buffers) ? buffers : undefined;
  }

  get bytes(): number {
    return (this.checker?.bytes ?? 0) + (this.replay?.bytes ?? 0);
  }

  /** The recording did not hold: the next call makes another, or none if that goes on. */
  differs(why: string): void {
    this.forget();
    this.differences++;
    if (this.differences >= mostDifferences)
      this.eager = `its code did something else ${this.differences} times, the last time ${why}`;
  }

  /** It cannot be recorded. */
  never(why: string): void {
    this.forget();
    this.eager = why;
  }

  forget(): void {
    this.checker?.dispose();
    this.replay?.dispose();
    if (this.recording !== undefined) releaseCaptured(this.recording.values, this.engine);
    this.checker = undefined;
    this.replay = undefined;
    this.recording = undefined;
  }

  dispose(): void {
    this.forget();
    this.scalars.dispose();
  }
}

/** Comparing few with each other is quicker than a set. */
function allDiffer(buffers: readonly Buffer[]): boolean {
  if (buffers.length > 32) return new Set(buffers).size === buffers.length;
  for (let i = 1; i < buffers.length; i++) for (let j = 0; j < i; j++) if (buffers[i] === buffers[j]) return false;
  return true;
}

/** For each leaf, which of the distinct buffers it lies in, counted as they come. */
function placesOf(handles: readonly TensorHandle[]): readonly number[] {
  const seen = new Map<Buffer, number>();
  return handles.map(({ buffer }) => {
    const place = seen.get(buffer) ?? seen.size;
    seen.set(buffer, place);
    return place;
  });
}
