/** An opened WASM backend: one memory, kernels compiled for it, JavaScript kernels on views of it where there is no other. */
import {
  type Buffer,
  type Call,
  DendriteError,
  type Device,
  type DeviceMemory,
  type DType,
  type Executable,
  type Expression,
  type HostArray,
  type JsKernel,
  type JsRoutine,
  type Language,
  type Recorded,
  type RecordedCall,
  type Slot,
  type TensorSpec,
  type WasmKernel,
  type WasmTarget,
} from '@dendrite/spec';
import { expressionModule } from '../expressions/expression-module.ts';
import { type WasmBuffer, WasmPool } from '../memory/wasm-pool.ts';
import { RecordedCalls } from '../recording/recorded-calls.ts';
import { type Entry, ModuleCache } from './module-cache.ts';

export interface JsExecutable extends Executable {
  readonly routine: JsRoutine;
}
export interface WasmExecutable extends Executable {
  readonly entries: readonly { readonly run: Entry; readonly units: number }[];
  readonly scratch: number;
  readonly numbers: readonly number[];
}

const dtypes: ReadonlySet<DType> = new Set(['float32', 'float64', 'int32', 'uint8', 'bool']);
const bytesOf: Readonly<Record<DType, number>> = { float32: 4, float64: 8, int32: 4, uint8: 1, bool: 1 };
const sizeOf = ({ shape }: TensorSpec): number => shape.reduce((product, length) => product * length, 1);

export class WasmDevice implements Device {
  readonly name = 'wasm';
  readonly details: string;
  readonly software = false;
  readonly languages: readonly Language[] = ['wasm', 'js'];
  readonly addressing = 'bytes';
  readonly hostVisible = true;
  readonly limits: { readonly bufferBytes: number };
  readonly dtypes: ReadonlySet<DType> = dtypes;
  private readonly target: WasmTarget;
  private pool: WasmPool | undefined;
  private readonly modules: ModuleCache;

  constructor(target: WasmTarget, memoryLimit: number) {
    this.target = target;
    this.details = `${target.relaxed ? 'relaxed SIMD' : 'SIMD'}, one thread`;
    this.limits = { bufferBytes: memoryLimit };
    this.pool = new WasmPool(memoryLimit);
    this.modules = new ModuleCache(this.pool.memory);
  }

  allocate(bytes: number): Buffer {
    return this.open().take(bytes);
  }
  free(buffer: Buffer): void {
    this.pool?.give(buffer as WasmBuffer);
  }
  upload(slot: Slot, data: HostArray): void {
    this.view(slot).set(data);
  }
  async download(slot: Slot): Promise<HostArray> {
    return this.view(slot).slice();
  }
  view(slot: Slot): HostArray {
    return this.open().view(addressOf(slot), sizeOf(slot.spec), slot.spec.dtype);
  }

  prepare(kernel: JsKernel | WasmKernel, call: Call): Executable {
    if (kernel.language === 'js') {
      const made: JsExecutable = { label: 'js', routine: kernel.prepare(call) };
      return made;
    }
    const constants = kernel.specialize(call);
    const exports = this.modules.of(kernel, JSON.stringify(constants), () => kernel.emit(constants, this.target));
    const made: WasmExecutable = {
      label: 'wasm',
      entries: kernel.phases.map(({ entry, units }) => ({ run: entryOf(exports, entry), units: units(call) })),
      scratch: kernel.scratch?.(call) ?? 0,
      numbers: kernel.arguments?.(call) ?? [],
    };
    return made;
  }

  prepareExpressions(expressions: readonly Expression[], call: Call): Executable | undefined {
    const lowered = expressionModule(expressions, call);
    if (lowered === undefined) return undefined;
    const exports = this.modules.of(expressionModule, lowered.key, lowered.emit);
    const made: WasmExecutable = {
      label: 'wasm expression',
      inPlace: true,
      entries: [{ run: entryOf(exports, 'run'), units: lowered.units }],
      scratch: lowered.scratch,
      numbers: lowered.numbers,
    };
    return made;
  }

  dispatch(executable: Executable, outputs: readonly Slot[], inputs: readonly Slot[], args: readonly number[]): void {
    if ('routine' in executable) {
      const { routine } = executable as JsExecutable;
      routine(
        outputs.map((slot) => this.view(slot)),
        inputs.map((slot) => this.view(slot)),
        args,
      );
      return;
    }
    this.run(executable as WasmExecutable, this.argumentsOf(executable as WasmExecutable, outputs, inputs, args));
  }
  record(calls: readonly RecordedCall[]): Recorded {
    return new RecordedCalls<WasmExecutable>(this, calls);
  }
  async sync(): Promise<void> {}
  memory(): DeviceMemory {
    const { live = 0, buffers = 0, pooled = 0, peak = 0 } = this.pool ?? {};
    return { live, buffers, pooled, peak };
  }
  async dispose(): Promise<void> {
    this.pool = undefined;
    this.modules.clear();
  }

  // ── for recordings ──

  get version(): number {
    return this.open().version;
  }
  kindOf({ executable }: RecordedCall): { readonly routine: JsRoutine } | { readonly kernel: WasmExecutable } {
    if ('routine' in executable) return executable as JsExecutable;
    return { kernel: executable as WasmExecutable };
  }
  /** Begin and end, then all that an entry takes. */
  argumentsOf(
    { scratch, numbers }: WasmExecutable,
    outputs: readonly Slot[],
    inputs: readonly Slot[],
    args: readonly number[],
  ): number[] {
    const given: number[] = [0, 0];
    for (let i = 0; i < outputs.length; i++) given.push(addressOf(outputs[i] as Slot));
    for (let i = 0; i < inputs.length; i++) given.push(addressOf(inputs[i] as Slot));
    given.push(this.open().scratch(scratch));
    for (let i = 0; i < numbers.length; i++) given.push(numbers[i] as number);
    for (let i = 0; i < args.length; i++) given.push(args[i] as number);
    return given;
  }
  run({ entries }: WasmExecutable, given: number[]): void {
    for (let i = 0; i < entries.length; i++) {
      const { run, units } = entries[i] as WasmExecutable['entries'][number];
      given[1] = units;
      run(...given);
    }
  }

  private open(): WasmPool {
    if (this.pool) return this.pool;
    throw new DendriteError('DISPOSED', 'wasm: the device must be open, got a disposed one. Make another runtime.');
  }
}

const addressOf = ({ buffer, offset, spec }: Slot): number =>
  (buffer as WasmBuffer).address + offset * bytesOf[spec.dtype];

function entryOf(exports: Readonly<Record<string, Entry>>, name: string): Entry {
  const entry = exports[name];
  if (entry) return entry;
  throw new DendriteError('BACKEND', `wasm: a kernel's module must export '${name}', got ${Object.keys(exports)}.`);
}
