/** The calls of a recorded step, each with its finished arguments: addresses change only when something moves. */
import type { HostArray, JsRoutine, Recorded, RecordedCall, Slot } from '@dendrite/spec';

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
}

interface Bound<K> {
  readonly kind: { readonly routine: JsRoutine } | { readonly kernel: K };
  readonly outputs: Slot[];
  readonly inputs: Slot[];
  readonly args: readonly number[];
  /** Of a kernel; undefined until it is asked for, and after a move. */
  given: number[] | undefined;
  /** Of a routine. */
  views: readonly [outputs: readonly HostArray[], inputs: readonly HostArray[]] | undefined;
}

export class RecordedCalls<K> implements Recorded {
  private readonly host: RecordingHost<K>;
  private readonly calls: readonly Bound<K>[];
  private version: number;

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
  }

  private forget(): void {
    this.version = this.host.version;
    for (const call of this.calls) {
      call.given = undefined;
      call.views = undefined;
    }
  }
}
