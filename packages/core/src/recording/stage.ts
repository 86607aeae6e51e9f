/** Calls on memory of their own: a buffer for each value, shared where lives do not overlap, and the calls bound to them. */
import type { Buffer, Executable, Recorded, RecordedCall, Slot } from '@dendrite/spec';
import type { Engine } from '../engine/engine.ts';
import type { InternedSpec } from '../engine/interned-spec.ts';
import type { Plan } from '../engine/plan.ts';
import { bindCalls } from './bound-calls.ts';
import { place, type Span } from './placement.ts';
import type { Entry, Operand, Value } from './recording.ts';

export interface StagedCall {
  readonly executable: Executable;
  /** The plan that it comes from. */
  readonly source: Plan;
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Value[];
  readonly outputSpecs: readonly InternedSpec[];
  readonly args: readonly number[];
}
/** undefined: the entry needs no dispatch. */
export function stagedCall(entry: Entry): StagedCall | undefined {
  if (entry.kind !== 'call') return undefined;
  const { plan, inputs, outputs, args } = entry;
  const { executable } = plan;
  if (executable === null) return undefined;
  return { executable, source: plan, inputs, outputs, outputSpecs: plan.outputs, args };
}

export interface Use {
  readonly call: number;
  readonly operand: number;
  readonly offset: number;
  readonly spec: InternedSpec;
}

/** Buffers that a result alternates between: more only where the caller holds on to many. */
const mostRotating = 8;

export class Stage {
  readonly engine: Engine;
  /** Where each value lies now. */
  readonly at: Buffer[];
  /** How many bytes behind its buffer's beginning. */
  readonly skipped: number[];
  /** Of the buffers that this stage holds. */
  bytes = 0;
  private readonly owned: Buffer[] = [];
  private readonly rotating = new Map<number, Buffer[]>();
  /** For each value, where calls read or write it. */
  readonly uses: readonly Use[][];
  /** undefined only while there is no memory for them yet. */
  readonly calls: Recorded | undefined;

  /**
   * @param spans  lives of the values that may share buffers; what else the step makes gets buffers for itself
   * @param given  where state, batch and scalars lie
   */
  constructor(
    engine: Engine,
    values: readonly Value[],
    calls: readonly StagedCall[],
    spans: ReadonlyMap<Value, Span>,
    given: readonly Buffer[],
  ) {
    this.engine = engine;
    this.uses = values.map(() => []);
    this.at = new Array<Buffer>(values.length);
    this.skipped = values.map(() => 0);
    const used = new Set(calls.flatMap(({ inputs, outputs }) => [...inputs.map(({ value }) => value), ...outputs]));
    try {
      const placed = [...spans.keys()];
      const { buffers, at } = place([...spans.values()]);
      const made = buffers.map((bytes) => this.own(bytes));
      placed.forEach((value, i) => {
        this.at[value.id] = made[at[i] as number] as Buffer;
      });
      for (const value of values) {
        const { origin } = value;
        if (spans.has(value)) continue;
        if (typeof origin === 'object' && 'given' in origin) this.at[value.id] = given[origin.given] as Buffer;
        else if (typeof origin === 'object' && 'captured' in origin) this.at[value.id] = origin.captured;
        else if (value.escapes || used.has(value)) this.at[value.id] = this.rotate(value);
      }
      this.calls = bindCalls(
        engine.device,
        calls.map((call, c) => this.bound(call, c)),
      );
    } catch (error) {
      this.free();
      throw error;
    }
  }

  run(begin: number, end: number): void {
    this.calls?.run(begin, end);
  }

  /** A value lies elsewhere from now on: `skip` bytes behind the beginning of a buffer. */
  move(value: Value, buffer: Buffer, skip = 0): void {
    if (this.at[value.id] === buffer && this.skipped[value.id] === skip) return;
    this.at[value.id] = buffer;
    this.skipped[value.id] = skip;
    for (const { call, operand, offset, spec } of this.uses[value.id] as readonly Use[])
      this.calls?.move(call, operand, { buffer, offset: offset + skip / spec.width, spec });
  }

  /** A buffer for a result that nobody holds; the callers' of earlier steps are left alone. */
  rotate(value: Value): Buffer {
    let ring = this.rotating.get(value.id);
    if (ring === undefined) {
      ring = [];
      this.rotating.set(value.id, ring);
    }
    for (const buffer of ring) if (buffer.references === 1) return buffer;
    if (ring.length >= mostRotating) {
      // The caller keeps them all: those are the caller's alone, and the ring begins anew.
      for (const buffer of ring.splice(0)) this.disown(buffer);
    }
    const made = this.own(value.bytes);
    ring.push(made);
    return made;
  }

  /** A buffer for a result that this stage does not hold on to. */
  fresh(value: Value): Buffer {
    const buffer = this.engine.device.allocate(value.bytes);
    buffer.references = 0;
    return buffer;
  }

  free(): void {
    this.calls?.dispose?.();
    for (const buffer of this.owned.splice(0)) this.engine.letGo(buffer);
    this.rotating.clear();
    this.bytes = 0;
  }

  private own(bytes: number): Buffer {
    const buffer = this.engine.device.allocate(bytes);
    buffer.references = 1;
    this.bytes += buffer.bytes;
    this.owned.push(buffer);
    return buffer;
  }
  private disown(buffer: Buffer): void {
    this.owned.splice(this.owned.indexOf(buffer), 1);
    this.bytes -= buffer.bytes;
    this.engine.letGo(buffer);
  }

  private bound({ executable, inputs, outputs, outputSpecs, args }: StagedCall, call: number): RecordedCall {
    const slot = (value: Value, offset: number, spec: InternedSpec, operand: number): Slot => {
      (this.uses[value.id] as Use[]).push({ call, operand, offset, spec });
      return { buffer: this.at[value.id] as Buffer, offset, spec };
    };
    return {
      executable,
      outputs: outputs.map((value, j) => slot(value, 0, outputSpecs[j] as InternedSpec, j)),
      inputs: inputs.map(({ value, offset, spec }, i) => slot(value, offset, spec, outputs.length + i)),
      args,
    };
  }
}
