/** What may stand between an engine and its device while the body of a compiled step runs: one that listens, or one that follows. */
import type { Attributes, Buffer, HostArray, Op } from '@dendrite/spec';
import type { InternedSpec } from './interned-spec.ts';
import type { Plan } from './plan.ts';
import type { TensorHandle } from './tensor-handle.ts';

/** A call that was answered from a recording. */
export interface Followed {
  readonly plan: Plan;
  /** Computed, each with a handle of its own; null where the call decomposes. */
  readonly outputs: readonly TensorHandle[] | null;
}

export interface Session {
  /** The call as it was recorded; null: the engine runs it by itself, and says so with `ran`. */
  follow(op: Op, inputs: readonly TensorHandle[], attributes: Attributes, args: readonly number[]): Followed | null;
  /** `outputs` is null where the call decomposes; the calls it consists of come next. */
  ran(
    plan: Plan,
    inputs: readonly TensorHandle[],
    outputs: readonly TensorHandle[] | null,
    args: readonly number[],
  ): void;
  /** A place for data from the host, or null. */
  followUpload(spec: InternedSpec, data: HostArray): TensorHandle | null;
  uploaded(tensor: TensorHandle, data: HostArray): void;
  /** Nothing refers to this buffer any more. */
  freed(buffer: Buffer): void;
  /** Something is read back to the host. */
  readBack(): void;
}
