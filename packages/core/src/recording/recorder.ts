/** Listens to a step that runs for the first time, and writes down what it did. */
import type { Buffer, HostArray } from '@dendrite/spec';
import type { Engine } from '../engine/engine.ts';
import type { Plan } from '../engine/plan.ts';
import type { Followed, Session } from '../engine/session.ts';
import type { TensorHandle } from '../engine/tensor-handle.ts';
import { leaves } from '../tree/tree.ts';
import { type Entry, type Operand, type Origin, type Recording, releaseCaptured, type Value } from './recording.ts';
import type { Answer } from './run-body.ts';
import { formOf } from './step-tree.ts';

/** Nobody has let go of it yet. */
const held: number = Number.POSITIVE_INFINITY;

export class Recorder implements Session {
  private readonly values: Value[] = [];
  private readonly entries: Entry[] = [];
  /** What a buffer holds at the moment: the pool gives one buffer to many tensors, one after another. */
  private readonly inBuffer = new Map<Buffer, Value>();
  private reads = false;

  /** @param given  distinct buffers of state, batch and scalars */
  constructor(given: readonly Buffer[]) {
    given.forEach((buffer, i) => {
      this.add(buffer, { given: i }, -1);
    });
  }

  follow(): Followed | null {
    return null;
  }
  followUpload(): TensorHandle | null {
    return null;
  }

  ran(
    plan: Plan,
    inputs: readonly TensorHandle[],
    outputs: readonly TensorHandle[] | null,
    args: readonly number[],
  ): void {
    if (outputs === null) {
      this.entries.push({ kind: 'decomposition', plan, args });
      return;
    }
    const operands = inputs.map((tensor) => this.operand(tensor));
    const made = outputs.map((tensor) => this.add(tensor.buffer, 'made', this.entries.length));
    this.entries.push({ kind: 'call', plan, inputs: operands, outputs: made, args });
  }

  uploaded(tensor: TensorHandle, data: HostArray): void {
    const output = this.add(tensor.buffer, { uploaded: data, spec: tensor.spec }, this.entries.length);
    this.entries.push({ kind: 'upload', output });
  }

  freed(buffer: Buffer): void {
    const value = this.inBuffer.get(buffer);
    if (value === undefined) return;
    value.until = this.entries.length;
    this.inBuffer.delete(buffer);
  }

  readBack(): void {
    this.reads = true;
  }

  /** Call it while the results are alive, after everything else that the step made was freed. */
  finish({ state, out }: Answer): Recording {
    const operands = leaves([state, out]).map(({ tensor }) => this.operand(tensor as TensorHandle));
    for (const { value } of operands) value.escapes = true;
    const keeps = [...this.inBuffer.values()].some(
      (value) => value.from >= 0 && value.until === held && !value.escapes,
    );
    const { values, entries, reads } = this;
    const [stateForm, outForm] = [formOf(state, 'state'), formOf(out, 'out')];
    return { values, entries, results: operands, states: leaves(state).length, stateForm, outForm, reads, keeps };
  }

  private operand({ buffer, offset, spec }: TensorHandle): Operand {
    let value = this.inBuffer.get(buffer);
    if (value === undefined) {
      value = this.add(buffer, { captured: buffer }, -1);
      buffer.references++; // until the recording is let go of
    }
    return { value, offset, spec };
  }

  /** Lets go of what was captured, where nothing comes of the recording. */
  discard(engine: Engine): void {
    releaseCaptured(this.values, engine);
  }

  private add(buffer: Buffer, origin: Origin, from: number): Value {
    const value: Value = { id: this.values.length, bytes: buffer.bytes, origin, from, until: held, escapes: false };
    this.values.push(value);
    this.inBuffer.set(buffer, value);
    return value;
  }
}
