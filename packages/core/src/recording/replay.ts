/**
 * A recording as a list of calls: the step's own code runs no more. What it captured and uploaded is constant; state is
 * updated where it lies, if nobody else holds it and the device can.
 */
import type { Buffer } from '@dendrite/spec';
import type { Engine } from '../engine/engine.ts';
import type { TensorHandle } from '../engine/tensor-handle.ts';
import { type Custody, Handout } from './custody.ts';
import { fold } from './fold.ts';
import { fuse } from './fuse.ts';
import type { Span } from './placement.ts';
import type { Operand, Recording, Value } from './recording.ts';
import type { GivenState, Made } from './series.ts';
import { Stage, type StagedCall, stagedCall } from './stage.ts';

const atTheBeginning = (): number => 0;

export class Replay {
  readonly engine: Engine;
  readonly recording: Recording;
  readonly stage: Stage;
  private readonly custody: Custody;
  private readonly handout: Handout;
  /** Calls before this one were run once. */
  readonly first: number;
  readonly count: number;
  /** New state, and what else is made anew. */
  readonly made: readonly Made[];
  readonly outs: readonly Made[];
  readonly read: readonly Value[];
  readonly given: readonly GivenState[];
  /** Those of a step. */
  readonly calls: readonly StagedCall[];

  /**
   * @param given   where state, batch and scalars lie in the coming call
   * @param states   what is given for each leaf of the state
   */
  constructor(
    engine: Engine,
    recording: Recording,
    given: readonly Buffer[],
    states: readonly GivenState[],
    custody: Custody,
  ) {
    this.custody = custody;
    this.handout = new Handout(engine);
    this.engine = engine;
    this.recording = recording;
    this.given = states;
    this.read = recording.values.filter(({ origin }) => typeof origin === 'object' && 'given' in origin);
    const results = new Set(recording.results.map(({ value }) => value));
    const { once, always, constants } = fold(
      recording.values,
      recording.entries.flatMap((entry) => stagedCall(entry) ?? []),
    );
    const fused = fuse(engine.device, always, results);
    const calls = [...once, ...fused];
    this.first = once.length;
    this.count = calls.length;
    const made = [...results]
      .filter((value) => value.origin === 'made' && !constants.has(value))
      .map((value): Made => ({ value, takes: takenOver(value, fused, recording, states) }));
    const isState = ({ value }: Made): boolean =>
      recording.results.findIndex((each) => each.value === value) < recording.states;
    this.made = made.filter(isState);
    this.outs = made.filter((each) => !isState(each));
    this.calls = fused;
    const spans = lives(calls, (value) => results.has(value) || constants.has(value));
    this.stage = new Stage(engine, recording.values, calls, spans, given);
    for (const value of recording.values) {
      const { origin } = value;
      if (typeof origin !== 'object' || !('uploaded' in origin)) continue;
      const buffer = this.stage.at[value.id];
      if (buffer !== undefined) engine.device.upload({ buffer, offset: 0, spec: origin.spec }, origin.uploaded);
    }
    this.stage.run(0, this.first);
  }

  get bytes(): number {
    return this.stage.bytes;
  }
  /** Calls on the device a step. */
  get dispatches(): number {
    return this.count - this.first;
  }

  /** One step. Gives the results; the old state is the caller's to end. */
  run(given: readonly Buffer[]): TensorHandle[] {
    const { stage } = this;
    this.place(given, atTheBeginning);
    for (const { value } of this.outs) stage.move(value, stage.rotate(value));
    stage.run(this.first, this.count);
    const { results } = this.recording;
    const handles = new Array<TensorHandle>(results.length);
    for (let i = 0; i < results.length; i++) handles[i] = this.handle(results[i] as Operand);
    return this.handedOut(handles);
  }

  /** Says where what is given lies, and where the state goes. */
  place(given: readonly Buffer[], skip: (at: number) => number): void {
    const { stage } = this;
    for (const value of this.read) {
      const at = (value.origin as { readonly given: number }).given;
      stage.move(value, given[at] as Buffer, skip(at));
    }
    const fresh: Buffer[] = [];
    try {
      for (const { value, takes } of this.made) {
        const old = takes === undefined ? undefined : given[takes];
        if (old === undefined) stage.move(value, stage.rotate(value));
        else if (old.references === 1) stage.move(value, old);
        else {
          const buffer = stage.fresh(value);
          fresh.push(buffer);
          stage.move(value, buffer);
        }
      }
    } catch (error) {
      // There was memory for some of them only.
      for (const buffer of fresh) this.engine.device.free(buffer);
      throw error;
    }
  }

  handle({ value, offset, spec }: Operand): TensorHandle {
    return this.engine.looseHandle(this.stage.at[value.id] as Buffer, offset, spec);
  }

  /** Results, watched as those of a step are. */
  handedOut(handles: TensorHandle[]): TensorHandle[] {
    const { states } = this.recording;
    this.custody.take(handles, states);
    this.handout.take(handles, states);
    for (let i = 0; i < handles.length; i++) this.engine.adopt(handles[i] as TensorHandle);
    return handles;
  }

  dispose(): void {
    this.stage.free();
  }
}

/** From the call that writes a value to the last that reads it; for all but those that lie apart. */
function lives(calls: readonly StagedCall[], apart: (value: Value) => boolean): Map<Value, Span> {
  const spans = new Map<Value, { bytes: number; from: number; until: number }>();
  calls.forEach(({ inputs, outputs }, c) => {
    for (const value of outputs) if (!apart(value)) spans.set(value, { bytes: value.bytes, from: c, until: c + 1 });
    for (const { value } of inputs) {
      const span = spans.get(value);
      if (span !== undefined) span.until = c + 1;
    }
  });
  return spans;
}

/** The old state's buffer that a new state may be written into: its call is the last to read it, element by element. */
function takenOver(
  value: Value,
  calls: readonly StagedCall[],
  { results, values }: Recording,
  states: readonly GivenState[],
): number | undefined {
  const leaf = results.findIndex((each) => each.value === value);
  const given = states[leaf]?.own;
  if (given === undefined || given < 0 || results[leaf]?.offset !== 0) return undefined;
  const old = values.find(({ origin }) => typeof origin === 'object' && 'given' in origin && origin.given === given);
  const c = calls.findIndex(({ outputs }) => outputs.includes(value));
  const call = calls[c];
  if (old === undefined || call === undefined || call.executable.inPlace !== true) return undefined;
  if (results.some((each) => each.value === old)) return undefined;
  if (calls.some(({ inputs }, i) => i > c && inputs.some((operand) => operand.value === old))) return undefined;
  const spec = call.outputSpecs[call.outputs.indexOf(value)];
  const read = call.inputs.filter((operand) => operand.value === old);
  // Not read at all would do too, but such a state is not worth a rule.
  return read.length > 0 && read.every((operand) => operand.offset === 0 && operand.spec === spec) ? given : undefined;
}
