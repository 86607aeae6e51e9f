/**
 * An opened WASM backend: one memory, kernels compiled for it, JavaScript kernels on views of it where there is no other. Long: a
 * device answers all of the contract.
 */
import {
  type Buffer,
  type Call,
  DendriteError,
  type Device,
  type DeviceMemory,
  type DType,
  type Executable,
  type Expression,
  type GenericVariant,
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
  type WasmVariant,
} from '@dendrite/spec';
import { expressionModule } from '../expressions/expression-module.ts';
import { CannotLower } from '../expressions/lower-node.ts';
import { sizeClass, type WasmBuffer, WasmPool } from '../memory/wasm-pool.ts';
import { RecordedCalls, type RecordingHost, type Table } from '../recording/recorded-calls.ts';
import type { Crew } from '../threads/crew.ts';
import { type Job, partsOf, runPart } from '../threads/job.ts';
import { version } from '../version.ts';
import { type Entry, type KernelModule, KernelModules, type Publisher } from './kernel-modules.ts';

export interface JsExecutable extends Executable {
  readonly routine: JsRoutine;
}
export interface WasmExecutable extends Executable {
  /** What runs now. */
  current: WasmRoutine;
  /** Makes what runs from the third time on; undefined where that is current. It gives nothing where there is no room yet. */
  later: (() => WasmRoutine | undefined) | undefined;
  /** Runs so far, while there is a later one. */
  runs: number;
  /** The arguments of the last run; the next one's are written over them, so that calls leave no garbage. */
  readonly given: number[];
}
/** A module's phases, ready for calls of one signature. */
export interface WasmRoutine {
  readonly jobs: readonly Job[];
  /** Bytes that all threads see. */
  readonly scratch: number;
  /** Bytes behind them for each thread; undefined: the kernel takes no address of such. */
  readonly threadScratch: number | undefined;
  readonly numbers: readonly number[];
}
/** What a kernel says of a call, or the lowering of expressions. */
interface Planned {
  readonly phases: readonly { readonly entry: string; readonly units: number; readonly work?: number | undefined }[];
  readonly scratch: number;
  readonly threadScratch?: number | undefined;
  readonly numbers: readonly number[];
}
export interface WasmDeviceOptions {
  readonly target: WasmTarget;
  readonly memoryLimit: number;
  /** Threads that were asked for. */
  readonly threads: number;
  /** What starts them; without it there is one. */
  readonly several?: typeof import('../threads/several-threads.ts') | undefined;
  /** Why one, where more were asked for. */
  readonly reason: string;
  /** Share every phase that can be shared, and leave workers what can be left. */
  readonly always: boolean;
  /** Which run of a call is the first that is worth a module of its own. */
  readonly specializeFrom: number;
}

const dtypes: ReadonlySet<DType> = new Set(['float32', 'float64', 'int32', 'uint8', 'bool']);
const bytesOf: Readonly<Record<DType, number>> = { float32: 4, float64: 8, int32: 4, uint8: 1, bool: 1 };
const sizeOf = ({ shape }: TensorSpec): number => shape.reduce((product, length) => product * length, 1);

/** Runs after which a call asks for a module of its own again, where there was no room. */
const runsUntilAsked = 1000;
/** Lists of calls that are linked at a time, at most: each keeps its kernels' modules. */
export const mostLinked = 16;

export class WasmDevice implements Device, RecordingHost<WasmExecutable> {
  readonly name = 'wasm';
  readonly packageVersion: string = version;
  readonly software = false;
  readonly languages: readonly Language[] = ['wasm', 'js'];
  readonly addressing = 'bytes';
  readonly hostVisible = true;
  readonly limits: { readonly bufferBytes: number; readonly memoryBytes: number };
  readonly dtypes: ReadonlySet<DType> = dtypes;
  private readonly target: WasmTarget;
  /** Why one thread, where more were asked for. */
  private readonly reason: string;
  private readonly always: boolean;
  private readonly specializeFrom: number;
  private pool: WasmPool | undefined;
  private readonly modules: KernelModules;
  private readonly crew: Crew | undefined;
  private readonly publisher: Publisher | undefined;
  private linked = 0;
  /** Keys of modules of their own that were made in a generic variant's place, by what that bakes in. */
  private readonly ownOf = new Map<GenericVariant, Map<string, readonly string[]>>();

  constructor({ target, memoryLimit, threads, several, reason, always, specializeFrom }: WasmDeviceOptions) {
    this.specializeFrom = specializeFrom;
    this.target = target;
    this.limits = { bufferBytes: memoryLimit, memoryBytes: memoryLimit };
    this.reason = reason;
    this.pool = new WasmPool(memoryLimit, several ? { shared: true, from: several.reserved } : {});
    const team = several?.startCrew(this.pool, threads, always ? 1 : undefined);
    this.crew = team?.crew;
    this.publisher = team?.publisher;
    this.always = always;
    this.modules = new KernelModules(this.pool.memory, this.publisher);
  }

  get arithmetic(): string {
    return this.target.relaxed ? 'relaxed SIMD' : 'SIMD';
  }
  get details(): string {
    const { alive = 1, reason = this.reason } = this.crew ?? {};
    const threads = alive === 1 ? 'one thread' : `${alive} threads`;
    return `${this.arithmetic}, ${threads}${reason === '' ? '' : ` (${reason})`}`;
  }
  /** Resolves when it is known how many workers there are. In Node they start for certain, and nobody has to wait for that. */
  async opened(): Promise<void> {
    if (typeof process === 'undefined') await this.crew?.settled;
  }

  allocate(bytes: number): Buffer {
    return this.open().take(bytes);
  }
  footprint(bytes: number): number {
    return sizeClass(bytes);
  }
  free(buffer: Buffer): void {
    this.pool?.give(buffer as WasmBuffer);
  }
  renew(buffer: Buffer): Buffer {
    return this.open().renew(buffer as WasmBuffer);
  }
  upload(slot: Slot, data: HostArray): void {
    this.open().write(addressOf(slot), data, slot.spec.dtype);
  }
  async download(slot: Slot): Promise<HostArray> {
    return this.open().copy(addressOf(slot), sizeOf(slot.spec), slot.spec.dtype);
  }
  view(slot: Slot): HostArray {
    return this.open().view(addressOf(slot), sizeOf(slot.spec), slot.spec.dtype);
  }

  prepare(kernel: JsKernel | WasmKernel, call: Call, name = 'wasm'): Executable {
    if (kernel.language === 'js') {
      const made: JsExecutable = { label: 'js', routine: kernel.prepare(call) };
      return made;
    }
    const own = (): WasmRoutine => this.routine(kernel, call, name);
    const known = this.specializeFrom === 1 || this.modules.has(kernel, keyOf(kernel, call));
    const variant = known ? undefined : kernel.generic?.(call);
    if (variant === undefined) return wasmExecutable('wasm', own());
    const generic = this.routine(variant, call, name);
    return wasmExecutable('wasm', generic, () => {
      if (!this.modules.has(kernel, keyOf(kernel, call)) && !this.modules.hasRoom) return undefined;
      return this.deservesOwn(kernel, variant, call) ? own() : generic;
    });
  }

  /** Whether a call that has come several times gets a module of its own. */
  private deservesOwn(kernel: WasmKernel, variant: GenericVariant, call: Call): boolean {
    const own = keyOf(kernel, call);
    if (variant.mostOwn === undefined || this.modules.has(kernel, own)) return true;
    const key = keyOf(variant, call);
    const made = this.ownOf.get(variant) ?? new Map<string, readonly string[]>();
    const living = (made.get(key) ?? []).filter((other) => this.modules.has(kernel, other));
    if (living.length >= variant.mostOwn) return false;
    this.ownOf.set(variant, made.set(key, [...living, own]));
    return true;
  }

  prepareExpressions(expressions: readonly Expression[], call: Call): Executable | undefined {
    const lowered = expressionModule(expressions, call, this.target);
    if (lowered === undefined) return undefined;
    try {
      const module = this.modules.of(expressionModule, lowered.key, lowered.emit, 'a formula');
      return { ...wasmExecutable('wasm expression', this.planned(call, module, lowered)), inPlace: true };
    } catch (error) {
      if (error instanceof CannotLower) return undefined;
      throw error;
    }
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
    const kernel = executable as WasmExecutable;
    this.renews(kernel);
    this.run(kernel, this.argumentsOf(kernel, outputs, inputs, args, kernel.given));
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
    await this.crew?.dispose();
  }

  // ── for recordings ──

  get version(): number {
    return this.open().version;
  }
  kindOf({ executable }: RecordedCall): { readonly routine: JsRoutine } | { readonly kernel: WasmExecutable } {
    if ('routine' in executable) return executable as JsExecutable;
    return { kernel: executable as WasmExecutable };
  }
  /** Counts a run that is about to come. true: from now on another module runs, and takes other arguments. */
  renews(kernel: WasmExecutable): boolean {
    const { later } = kernel;
    if (later === undefined || ++kernel.runs < this.specializeFrom) return false;
    const made = later();
    if (made === undefined) {
      kernel.runs = -runsUntilAsked;
      return false;
    }
    kernel.current = made;
    kernel.later = undefined;
    return true;
  }
  /** Begin and end, then all that an entry takes; written over what is in `given`. */
  argumentsOf(
    { current: { scratch, threadScratch, numbers } }: WasmExecutable,
    outputs: readonly Slot[],
    inputs: readonly Slot[],
    args: readonly number[],
    given: number[] = [],
  ): number[] {
    let count = 0;
    given[count++] = 0;
    given[count++] = 0;
    for (let i = 0; i < outputs.length; i++) given[count++] = smallInteger(addressOf(outputs[i] as Slot));
    for (let i = 0; i < inputs.length; i++) given[count++] = smallInteger(addressOf(inputs[i] as Slot));
    const at = this.open().scratch(scratch + (threadScratch ?? 0) * (this.crew?.threads ?? 1));
    given[count++] = smallInteger(at);
    if (threadScratch !== undefined) given[count++] = smallInteger(at + scratch);
    for (let i = 0; i < numbers.length; i++) given[count++] = smallInteger(numbers[i] as number);
    for (let i = 0; i < args.length; i++) given[count++] = args[i] as number;
    if (given.length > count) given.length = count;
    return given;
  }
  /** Runs the phases one after another, on one thread or several. Begin and end are overwritten. */
  run({ current: { jobs } }: WasmExecutable, given: number[]): void {
    for (let i = 0; i < jobs.length; i++) {
      const job = jobs[i] as Job;
      const entry = this.modules.use(job.module)[job.entry] as Entry;
      try {
        if (job.shared && this.crew) {
          this.modules.share(job.module);
          this.crew.run(job, entry, given);
        } else for (let part = 0; part < job.parts; part++) runPart(job, entry, given, part);
      } catch (error) {
        throw error instanceof WebAssembly.RuntimeError ? trapped(job, error) : error;
      }
    }
  }

  bytes(): ArrayBufferLike {
    return this.open().memory.buffer;
  }
  get mayLink(): boolean {
    return this.linked < mostLinked;
  }
  linkable({
    current: { jobs, numbers, threadScratch },
    later,
  }: WasmExecutable): ReturnType<RecordingHost<WasmExecutable>['linkable']> {
    if (later !== undefined || (this.crew && jobs.some(({ shared }) => shared))) return undefined;
    const phases = jobs.map(({ module, entry, units }) => ({ entry: this.modules.use(module)[entry] as Entry, units }));
    return { phases, scratches: threadScratch === undefined ? 1 : 2, lengths: numbers };
  }
  addressOf(slot: Slot): number {
    return addressOf(slot);
  }
  reserve(bytes: number): Table {
    const table = this.open().reserve(bytes);
    this.linked++;
    return table;
  }
  release(table: Table): void {
    this.linked--;
    this.pool?.release(table as WasmBuffer);
  }
  link(bytes: Uint8Array<ArrayBuffer>, kernel: WebAssembly.ModuleImports): WebAssembly.Exports {
    const module = new WebAssembly.Module(this.publisher?.prepare(bytes) ?? bytes);
    return new WebAssembly.Instance(module, { env: { memory: this.open().memory }, kernel }).exports;
  }

  private routine(variant: WasmVariant, call: Call, name: string): WasmRoutine {
    const emit = () => variant.emit(variant.specialize(call), this.target);
    const module = this.modules.of(variant, keyOf(variant, call), emit, name);
    return this.planned(call, module, {
      phases: variant.phases.map(({ entry, units, work }) => ({ entry, units: units(call), work: work?.(call) })),
      scratch: variant.scratch?.(call) ?? 0,
      threadScratch: variant.threadScratch?.(call),
      numbers: variant.arguments?.(call) ?? [],
    });
  }

  private planned({ outputs, inputs }: Call, module: KernelModule, planned: Planned): WasmRoutine {
    const scratch = rounded(planned.scratch);
    const threadScratch = planned.threadScratch === undefined ? undefined : rounded(planned.threadScratch);
    const own = {
      scratchArgument: threadScratch === undefined ? -1 : outputs.length + inputs.length + 1,
      scratchStride: threadScratch ?? 0,
    };
    const jobs = planned.phases
      .filter(({ units }) => units > 0)
      .map(({ entry, units, work }): Job => {
        const parts = partsOf(units, work, this.crew?.threads ?? 1, this.always);
        return { module, entry: module.entry(entry), units, ...parts, ...own };
      });
    return { jobs, scratch, threadScratch, numbers: planned.numbers };
  }

  private open(): WasmPool {
    if (this.pool) return this.pool;
    throw new DendriteError('DISPOSED', 'wasm: the device must be open, got a disposed one. Make another runtime.');
  }
}

const keyOf = (variant: WasmVariant, call: Call): string => JSON.stringify(variant.specialize(call));

const wasmExecutable = (label: string, current: WasmRoutine, later?: WasmExecutable['later']): WasmExecutable => ({
  label,
  current,
  later,
  runs: 0,
  given: [],
});

const trapped = ({ module }: Job, cause: WebAssembly.RuntimeError): DendriteError =>
  new DendriteError(
    'BACKEND',
    `${module.name}: its wasm kernel must finish, got ${String(cause)}. What it computed is lost.`,
    { cause },
  );

/**
 * The same number, as an integer of 32 bits where it is one. One that was computed as a double turns an array of arguments into one
 * of doubles, and then each call makes an object of each of them.
 */
const smallInteger = (value: number): number => ((value | 0) === value ? value | 0 : value);

const addressOf = ({ buffer, offset, spec }: Slot): number =>
  (buffer as WasmBuffer).address + offset * bytesOf[spec.dtype];

/** Threads write nothing near each other. */
const rounded = (bytes: number): number => Math.ceil(bytes / 128) * 128;
