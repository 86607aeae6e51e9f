/**
 * Follows a recording while the step's own code runs. Each call that is the recorded one runs in its planned memory, without
 * looking anything up; from the first difference on the engine goes on by itself, on the same values: so the bits are the same.
 */
import type { Attributes, Buffer, HostArray, Op, Tensor } from '@dendrite/spec';
import type { Engine } from '../engine/engine.ts';
import type { InternedSpec } from '../engine/interned-spec.ts';
import type { Followed, Session } from '../engine/session.ts';
import type { TensorHandle } from '../engine/tensor-handle.ts';
import type { Span } from './placement.ts';
import type { Entry, Operand, Recording, Value } from './recording.ts';
import type { Answer } from './run-body.ts';
import { sameAttributes, sameNumbers } from './same-call.ts';
import { Stage, type StagedCall, stagedCall } from './stage.ts';
import { collect } from './step-tree.ts';

export class Checker implements Session {
  private readonly engine: Engine;
  private readonly recording: Recording;
  private readonly stage: Stage;
  /** The number of an entry's call on the stage; −1 where it has none. */
  private readonly callOf: readonly number[];
  private cursor = 0;
  /** Why the recording was left; undefined while it holds. */
  private difference: string | undefined;
  /** Uploaded data that were others than the recorded ones. */
  private variable: string | undefined;

  /** @param given  where state, batch and scalars lie in the coming call */
  constructor(engine: Engine, recording: Recording, given: readonly Buffer[]) {
    this.engine = engine;
    this.recording = recording;
    const calls: StagedCall[] = [];
    this.callOf = recording.entries.map((entry) => {
      const call = stagedCall(entry);
      return call === undefined ? -1 : calls.push(call) - 1;
    });
    const spans = new Map<Value, Span>();
    for (const value of recording.values) if (value.from >= 0 && !value.escapes) spans.set(value, value);
    this.stage = new Stage(engine, recording.values, calls, spans, given);
  }

  get bytes(): number {
    return this.stage.bytes;
  }

  begin(given: readonly Buffer[]): void {
    this.cursor = 0;
    this.difference = undefined;
    for (const value of this.recording.values) {
      const { origin } = value;
      if (typeof origin === 'object' && 'given' in origin) this.stage.move(value, given[origin.given] as Buffer);
    }
  }

  follow(op: Op, inputs: readonly TensorHandle[], attributes: Attributes, args: readonly number[]): Followed | null {
    const at = this.cursor;
    const entry = this.recording.entries[at];
    if (entry === undefined) return this.leave(`${op.name} came after its last call`);
    if (entry.kind === 'upload') return this.leave(`${op.name} came where data were uploaded`);
    const { plan } = entry;
    if (plan.op !== op || plan.inputs.length !== inputs.length)
      return this.leave(`${op.name} came in place of ${plan.op.name}`);
    if (
      (plan.attributes !== attributes && !sameAttributes(plan.attributes, attributes)) ||
      !sameNumbers(entry.args, args)
    )
      return this.leave(`${op.name} came with other options or numbers`);
    if (entry.kind === 'decomposition') {
      for (let i = 0; i < inputs.length; i++)
        if ((inputs[i] as TensorHandle).spec !== plan.inputs[i])
          return this.leave(`${op.name} came with another shape`);
      this.cursor++;
      return { plan, outputs: null };
    }
    for (let i = 0; i < inputs.length; i++)
      if (!this.lies(inputs[i] as TensorHandle, entry.inputs[i] as Operand))
        return this.leave(`input ${i} of ${op.name} was another tensor`);
    if (!this.ready(entry)) return this.leave('a tensor was held longer than before');
    const call = this.callOf[at] as number;
    if (call >= 0) this.stage.run(call, call + 1);
    this.cursor++;
    const { outputs } = entry;
    const made = new Array<TensorHandle>(outputs.length);
    for (let j = 0; j < outputs.length; j++)
      made[j] = this.engine.handle(
        this.stage.at[(outputs[j] as Value).id] as Buffer,
        0,
        plan.outputs[j] as InternedSpec,
      );
    return { plan, outputs: made };
  }

  followUpload(spec: InternedSpec, data: HostArray): TensorHandle | null {
    const entry = this.recording.entries[this.cursor];
    if (entry?.kind !== 'upload') return this.leave('data were uploaded in place of a call');
    const { output } = entry;
    const { origin } = output;
    if (typeof origin !== 'object' || !('uploaded' in origin) || origin.spec !== spec)
      return this.leave('data of another shape were uploaded');
    if (!this.free(output)) return this.leave('a tensor was held longer than before');
    if (!sameNumbers(origin.uploaded, data))
      this.variable = `a ${spec.dtype} tensor of shape [${spec.shape.join(', ')}]`;
    this.cursor++;
    const tensor = this.engine.handle(this.stage.at[output.id] as Buffer, 0, spec);
    this.engine.device.upload(tensor, data);
    return tensor;
  }

  ran(): void {}
  uploaded(): void {}
  freed(): void {}
  readBack(): void {}

  /** Why the answer is another than the recorded one; undefined where it is the same. */
  ends({ state, out }: Answer): string | undefined {
    const { entries, results, stateForm, outForm } = this.recording;
    if (this.difference !== undefined) return this.difference;
    if (this.cursor < entries.length) return 'it ended earlier';
    const found: Tensor[] = [];
    if (!collect(state, stateForm, found) || !collect(out, outForm, found)) return 'it returned other trees';
    for (let i = 0; i < results.length; i++)
      if (!this.lies(found[i] as TensorHandle, results[i] as Operand)) return 'it returned other tensors';
    return undefined;
  }

  /** Why the code must run every time. */
  get whyNoReplay(): string | undefined {
    if (this.recording.reads) return 'it reads values back';
    return this.variable === undefined ? undefined : `it uploads ${this.variable} that changes`;
  }

  dispose(): void {
    this.stage.free();
  }

  private lies({ buffer, offset, spec }: TensorHandle, operand: Operand): boolean {
    return buffer === this.stage.at[operand.value.id] && offset === operand.offset && spec === operand.spec;
  }

  /** Finds places for what the call writes; false where one of them is still held. */
  private ready({ outputs }: Entry & { readonly kind: 'call' }): boolean {
    for (let j = 0; j < outputs.length; j++) if (!this.free(outputs[j] as Value)) return false;
    return true;
  }
  private free(value: Value): boolean {
    if (value.escapes) {
      this.stage.move(value, this.stage.rotate(value));
      return true;
    }
    return (this.stage.at[value.id] as Buffer).references === 1;
  }

  private leave(why: string): null {
    this.difference = why;
    this.engine.session = null;
    return null;
  }
}
