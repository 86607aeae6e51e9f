/**
 * A device that computes nothing and writes down what it is asked for: ops with a row of their own are noted whole, formulas as they
 * are, and every other op comes as the calls that it decomposes into.
 */
import {
  type Attributes,
  type Backend,
  type Buffer,
  type Call,
  DendriteError,
  type Device,
  type DeviceMemory,
  type DType,
  type Executable,
  type Expression,
  type HostArray,
  type NativeKernel,
  type Slot,
  type Tensor,
} from '@dendrite/spec';
import { version } from '../version.ts';
import type { Lengths } from './amount.ts';
import type { Origin, Trace, TracedCall, TracedOperand, TracedValue } from './trace.ts';

interface TraceBuffer extends Buffer {
  value: TracedValue | undefined;
}
interface Formulas extends Executable {
  readonly op: string;
  readonly expressions: readonly Expression[];
  readonly attributes: Attributes;
}

export class TraceDevice implements Device {
  readonly name = 'onnx';
  readonly packageVersion: string = version;
  readonly details = 'writes down what is computed';
  readonly software = true;
  readonly valueless = true;
  readonly languages: readonly 'js'[] = [];
  readonly addressing = 'whole';
  readonly hostVisible = false;
  readonly limits: { readonly bufferBytes: number } = { bufferBytes: Number.MAX_SAFE_INTEGER };
  readonly dtypes: ReadonlySet<DType> = new Set<DType>(['float32', 'int32', 'uint8', 'bool']);
  private readonly rows: ReadonlySet<string>;
  private calls: TracedCall[] = [];
  private uploads = 0;
  private buffers = 0;
  private next: { readonly input: string } | { readonly held: string } | undefined;
  private asked: { readonly op: string; readonly attributes: Attributes } = { op: '', attributes: {} };

  /** @param rows  names of the ops that are noted whole */
  constructor(rows: ReadonlySet<string>) {
    this.rows = rows;
  }

  /** As a backend to make a runtime of. */
  get backend(): Backend {
    return {
      '~dendrite': 'backend',
      meta: { name: 'onnx', version, api: 1 },
      open: async () => this,
    };
  }

  /** The tensor that `make` uploads is this input of the function, or this array that it holds. */
  naming<T>(as: { readonly input: string } | { readonly held: string }, make: () => T): T {
    this.next = as;
    try {
      return make();
    } finally {
      this.next = undefined;
    }
  }

  /** What is computed from here on is the next trace's. */
  begin(): void {
    this.calls = [];
    this.uploads = 0;
  }
  end(lengths: Lengths, outputs: Readonly<Record<string, Tensor>>): Trace {
    return {
      lengths,
      calls: this.calls,
      outputs: Object.fromEntries(
        Object.entries(outputs).map(([name, tensor]) => [name, operandOf(tensor as Tensor & Slot)]),
      ),
    };
  }

  native(op: { readonly name: string }, { attributes }: Call): NativeKernel | undefined {
    this.asked = { op: op.name, attributes };
    if (!this.rows.has(op.name)) return undefined;
    return {
      run: (outputs, inputs, given, args) => this.note({ op: op.name, attributes: given, args }, outputs, inputs),
    };
  }
  prepareExpressions(expressions: readonly Expression[]): Executable {
    const made: Formulas = { label: 'onnx', expressions, ...this.asked };
    return made;
  }
  dispatch(executable: Executable, outputs: readonly Slot[], inputs: readonly Slot[], args: readonly number[]): void {
    const { op, expressions, attributes } = executable as Formulas;
    this.note({ op, expressions, attributes, args }, outputs, inputs);
  }

  allocate(bytes: number): Buffer {
    this.buffers++;
    const made: TraceBuffer = { bytes, references: 0, value: undefined };
    return made;
  }
  free(): void {
    this.buffers--;
  }
  upload({ buffer, spec }: Slot, data: HostArray): void {
    const origin: Origin =
      this.next === undefined
        ? { uploaded: this.uploads++, data }
        : 'input' in this.next
          ? this.next
          : { ...this.next, data };
    (buffer as TraceBuffer).value = { shape: spec.shape, dtype: spec.dtype, origin };
  }
  download(): Promise<HostArray> {
    return Promise.reject(
      new DendriteError(
        'BACKEND',
        'toOnnx(): what is exported must not read values back, got a read of a tensor. Compute with tensors alone: where(condition, x, y) in place of if.',
      ),
    );
  }
  async sync(): Promise<void> {}
  memory(): DeviceMemory {
    return { live: 0, buffers: this.buffers, pooled: 0, peak: 0 };
  }
  async dispose(): Promise<void> {}

  private note(call: Omit<TracedCall, 'inputs' | 'outputs'>, outputs: readonly Slot[], inputs: readonly Slot[]): void {
    const at = this.calls.length;
    const made = outputs.map(({ buffer, spec: { shape, dtype } }, output): TracedValue => {
      const value = { shape, dtype, origin: { call: at, output } };
      (buffer as TraceBuffer).value = value;
      return value;
    });
    this.calls.push({ ...call, inputs: inputs.map(operandOf), outputs: made });
  }
}

function operandOf({ buffer, spec: { shape, dtype } }: Slot): TracedOperand {
  // A tensor without elements was never written.
  const { value = { shape, dtype, origin: { uploaded: -1, data: nothingOf(dtype) } } } = buffer as TraceBuffer;
  return { value, shape };
}
const nothingOf = (dtype: DType): HostArray =>
  dtype === 'float32' ? new Float32Array(0) : dtype === 'int32' ? new Int32Array(0) : new Uint8Array(0);
