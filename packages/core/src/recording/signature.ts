/**
 * One combination of shapes, and of leaves that are the same tensor, under which a step is called: what must be equal for a recording
 * to hold, and the recording.
 */
import type { Buffer, StepNumbers, Tensor, Tree } from '@dendrite/spec';
import type { Engine } from '../engine/engine.ts';
import { type InternedSpec, internSpec } from '../engine/interned-spec.ts';
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
  private readonly batchForm: StepForm;
  private readonly specs: readonly InternedSpec[];
  private readonly offsets: readonly number[];
  /** For each leaf, which of the distinct buffers it lies in. */
  private readonly places: readonly number[];
  private readonly states: number;
  private readonly going: Strides | undefined;

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
    this.going = this.strides();
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

  /**
   * Leaves of the state, and of so many batches in one, behind the first `done` of them; with where the given buffers' parts lie.
   * undefined where they do not match, or a step shares memory in a way that many cannot.
   */
  stacked(
    state: Tree,
    batches: Tree,
    numbers: StepNumbers,
    { done, count, varying }: { readonly done: number; readonly count: number; readonly varying: boolean },
  ):
    | {
        readonly handles: readonly TensorHandle[];
        readonly skips: readonly number[];
        readonly strides: readonly number[];
      }
    | undefined {
    const { going, states, places } = this;
    if (going === undefined || !this.scalars.has(numbers)) return undefined;
    const found: Tensor[] = [];
    if (!collect(state, this.stateForm, found) || !collect(batches, this.batchForm, found)) return undefined;
    const skips: number[] = [];
    for (let i = 0; i < found.length; i++) {
      const { runtime, spec, offset } = found[i] as TensorHandle;
      const own = this.specs[i] as InternedSpec;
      if (runtime !== this.engine) return undefined;
      if (
        i < states ? spec !== own || offset !== this.offsets[i] : spec !== internSpec([count, ...own.shape], own.dtype)
      )
        return undefined;
      skips[places[i] as number] = i < states ? 0 : offset * own.width + done * own.bytes;
    }
    return { handles: found as TensorHandle[], skips, strides: varying ? going.varying : going.constant };
  }

  /** undefined where a batch's leaf is not all of a buffer that it has for itself. */
  private strides(): Strides | undefined {
    const { places, states, offsets, specs } = this;
    const strides: number[] = [];
    for (let i = 0; i < places.length; i++) {
      const place = places[i] as number;
      if (i >= states && (offsets[i] !== 0 || places.indexOf(place) !== places.lastIndexOf(place))) return undefined;
      strides[place] = i < states ? 0 : (specs[i] as InternedSpec).bytes;
    }
    return { constant: [...strides, 0], varying: [...strides, this.scalars.bytes] };
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

/** For each given buffer, bytes from one step's part to the next one's: with the same scalars for all steps, or with others for each. */
interface Strides {
  readonly constant: readonly number[];
  readonly varying: readonly number[];
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
