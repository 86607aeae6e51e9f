/**
 * The calls of a recorded step, each with its finished arguments: addresses change only when something moves. A list of calls that
 * keeps being run is linked: what can be is one WebAssembly function from then on.
 */
import type { Advance, HostArray, JsRoutine, Recorded, RecordedCall, Slot } from '@dendrite/spec';
import type { Entry } from '../device/kernel-modules.ts';
import { type LinkedCalls, linkCalls } from './linked-calls.ts';

/** What the device does for its recordings. `K` is its own kind of executable. */
export interface RecordingHost<K> {
  /** Another number when memory has grown or scratch has moved: then arguments and views must be made anew. */
  readonly version: number;
  /** The routine of a JavaScript kernel, or one of its own. */
  kindOf(call: RecordedCall): { readonly routine: JsRoutine } | { readonly kernel: K };
  /** Asked before each run of a kernel. true: its arguments are others from now on. */
  renews(kernel: K): boolean;
  /** Begin and end, then all that the kernel takes. */
  argumentsOf(kernel: K, outputs: readonly Slot[], inputs: readonly Slot[], args: readonly number[]): number[];
  run(kernel: K, given: number[]): void;
  view(slot: Slot): HostArray;

  // ── for linking ──

  /** All of the memory as it is now. */
  bytes(): ArrayBufferLike;
  /** Whether another list may be linked. */
  readonly mayLink: boolean;
  /** A kernel's phases as functions, how many addresses behind its operands' it takes, then lengths; undefined: threads share it. */
  linkable(kernel: K):
    | {
        readonly phases: readonly { readonly entry: Entry; readonly units: number }[];
        readonly scratches: number;
        readonly lengths: readonly number[];
      }
    | undefined;
  addressOf(slot: Slot): number;
  /** @throws BACKEND */
  reserve(bytes: number): Table;
  release(table: Table): void;
  /** The module's functions. @throws where a kernel's has another type than its arguments */
  link(bytes: Uint8Array<ArrayBuffer>, kernel: WebAssembly.ModuleImports): WebAssembly.Exports;
}
/** Memory of a list of calls. */
export interface Table {
  readonly address: number;
}

export interface Bound<K> {
  readonly kind: { readonly routine: JsRoutine } | { readonly kernel: K };
  readonly outputs: Slot[];
  readonly inputs: Slot[];
  readonly args: readonly number[];
  /** Of a kernel; undefined until it is asked for, and after a move. */
  given: number[] | undefined;
  /** Of a routine. */
  views: readonly [outputs: readonly HostArray[], inputs: readonly HostArray[]] | undefined;
}

/** The run at which a list is linked: that takes some milliseconds, and saves some microseconds a run. */
const linkedFrom = 500;

export class RecordedCalls<K> implements Recorded {
  private readonly host: RecordingHost<K>;
  private readonly calls: readonly Bound<K>[];
  private version: number;
  /** The list that was run last: calls `begin` to `end`; how often in a row. */
  private begin = 0;
  private end = 0;
  private runs = 0;
  private linked: LinkedCalls<K> | undefined;
  private readonly each = (begin: number, end: number): void => this.runEach(begin, end);

  constructor(host: RecordingHost<K>, calls: readonly RecordedCall[]) {
    this.host = host;
    this.calls = calls.map((call) => ({
      kind: host.kindOf(call),
      outputs: [...call.outputs],
      inputs: [...call.inputs],
      args: call.args,
      given: undefined,
      views: undefined,
    }));
    this.version = host.version;
  }

  run(begin: number, end: number): void {
    const { linked } = this;
    if (linked !== undefined && linked.begin === begin && linked.end === end) linked.run(this.each);
    else {
      this.runEach(begin, end);
      if (this.runs < linkedFrom) this.count(begin, end);
    }
  }

  repeat(begin: number, end: number, times: number, advances: readonly Advance[]): boolean {
    const { linked } = this;
    if (linked === undefined || linked.begin !== begin || linked.end !== end) return false;
    return linked.repeat(times, advances);
  }

  private runEach(begin: number, end: number): void {
    const { host, calls } = this;
    for (let i = begin; i < end; i++) {
      const call = calls[i] as Bound<K>;
      const { kind, args } = call;
      // The finishing of other arguments may have made scratch grow.
      if (host.version !== this.version) this.forget();
      if ('kernel' in kind) {
        if (host.renews(kind.kernel)) call.given = undefined;
        call.given ??= host.argumentsOf(kind.kernel, call.outputs, call.inputs, args);
        host.run(kind.kernel, call.given);
      } else {
        call.views ??= [call.outputs.map((slot) => host.view(slot)), call.inputs.map((slot) => host.view(slot))];
        kind.routine(call.views[0], call.views[1], args);
      }
    }
  }

  move(call: number, operand: number, slot: Slot): void {
    const bound = this.calls[call] as Bound<K>;
    const { outputs, inputs } = bound;
    if (operand < outputs.length) outputs[operand] = slot;
    else inputs[operand - outputs.length] = slot;
    bound.given = undefined;
    bound.views = undefined;
    this.linked?.move(call, operand, slot);
  }

  dispose(): void {
    this.linked?.dispose();
    this.linked = undefined;
  }

  private count(begin: number, end: number): void {
    // A checked step runs call by call.
    if (end - begin < 2) return;
    if (begin !== this.begin || end !== this.end) this.runs = 0;
    this.begin = begin;
    this.end = end;
    if (++this.runs === linkedFrom && this.host.mayLink) this.linked = linkCalls(this.host, this.calls, begin, end);
  }

  private forget(): void {
    this.version = this.host.version;
    for (const call of this.calls) {
      call.given = undefined;
      call.views = undefined;
    }
  }
}
