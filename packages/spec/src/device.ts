/** Backends and devices: who owns bytes and runs kernels. Nothing here knows an op by name. */
import type { Expression } from './expression.ts';
import type { Attributes, Call, JsKernel, Language, WasmKernel } from './op.ts';
import type { DType, HostArray, TensorSpec } from './tensor.ts';

export interface Meta {
  readonly name: string;
  readonly version: string;
  readonly api: 1;
}

/** What `cpu()`, `wasm()`, `tfjs('webgpu')` return: cheap to make, does nothing until opened. */
export interface Backend {
  readonly '~dendrite': 'backend';
  readonly meta: Meta;
  /** Opens the device, or says in one sentence why it cannot here and what to do. Must not throw for a missing feature. */
  open(options?: { readonly signal?: AbortSignal }): Promise<Device | { readonly unavailable: string }>;
}

/** Opaque; only its device looks inside. `references` is counted by the runtime alone (handles, tapes); a device sets it to 0 and never reads it. */
export interface Buffer {
  readonly bytes: number;
  references: number;
}
/** A dense part of a buffer. `offset` is in elements of `spec.dtype`; always 0 where addressing is 'whole'. A runtime's tensors are slots. */
export interface Slot {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly spec: TensorSpec;
}

export interface Device {
  /** Name of the opened backend with its variant, `'cpu'`, `'tfjs-webgpu'`. */
  readonly name: string;
  /** Version of the package that made it; files of models record it. */
  readonly packageVersion: string;
  /** Words for people: adapter, SIMD, threads. */
  readonly details: string;
  /** What of this host decides bits of results, in words (`'relaxed SIMD'`). Absent: nothing. */
  readonly arithmetic?: string;
  /** A software adapter (SwiftShader, …): correct, never chosen for speed. */
  readonly software: boolean;
  /** Kernel languages it runs, in order of preference; 'js' only if `hostVisible`. */
  readonly languages: readonly Language[];
  /** Kernels in JavaScript that it has from the beginning, by the op's name: they run without `runtime.load()`. */
  readonly jsKernels?: { readonly [op: string]: JsKernel } | undefined;
  /** 'bytes': a buffer may hold several tensors at offsets. 'whole': a buffer holds one foreign value, dispatch replaces it, the runtime copies instead of slicing; equal sizes may still share a buffer under another shape. */
  readonly addressing: 'bytes' | 'whole';
  /** true: it knows shapes and keeps no values, so that work of the host that would only fill its tensors may be left out. */
  readonly valueless?: true;
  /** `view` works, so any JS kernel is a synchronous fallback. */
  readonly hostVisible: boolean;
  /** Bytes of one buffer at most, and of all together where that is known. */
  readonly limits: { readonly bufferBytes: number; readonly memoryBytes?: number };
  readonly dtypes: ReadonlySet<DType>;
  /** Own routine for an op it does not define (backends over a foreign library); asked before the op's kernels. */
  native?(op: { readonly name: string }, call: Call): NativeKernel | undefined;
  /** Contents are undefined. Throws BACKEND with bytes asked, live and limit. */
  allocate(bytes: number): Buffer;
  /** Bytes of the buffer that `allocate` gives for so many. Absent: as many. */
  footprint?(bytes: number): number;
  /** Legal while queued work uses it. */
  free(buffer: Buffer): void;
  /**
   * The memory of `buffer` as a buffer of its own: an output that is written where an input lies. Freeing the given one does nothing
   * from then on. A device that cannot leaves it out.
   */
  renew?(buffer: Buffer): Buffer;
  /** Ordered with dispatches. `data` has the slot's dtype and size. */
  upload(slot: Slot, data: HostArray): void;
  /** A copy; rejects with errors of the work before it. */
  download(slot: Slot): Promise<HostArray>;
  /** hostVisible only: starts at the slot's first element, dead after the next `allocate`. */
  view?(slot: Slot): HostArray;
  /** Compiles a kernel in one of `languages` for a call of the op `name`, which errors name. */
  prepare?(kernel: JsKernel | WasmKernel, call: Call, name?: string): Executable;
  /** Lowers one expression an output; undefined: this device cannot (a dtype, a node). Where JS kernels run, a JS loop stands in. */
  prepareExpressions(expressions: readonly Expression[], call: Call): Executable | undefined;
  dispatch(executable: Executable, outputs: readonly Slot[], inputs: readonly Slot[], args: readonly number[]): void;
  /** Binds the calls of a recorded step to their slots, so that running them again costs little. Without it they are dispatched one by one. */
  record?(calls: readonly RecordedCall[]): Recorded;
  /** All queued work is done; rejects with its first error. */
  sync(): Promise<void>;
  memory(): DeviceMemory;
  /** Frees everything; the device is unusable afterwards. */
  dispose(): Promise<void>;
}
export interface DeviceMemory {
  /** Bytes of buffers that are allocated and not freed. */
  readonly live: number;
  readonly buffers: number;
  /** Bytes kept for reuse. */
  readonly pooled: number;
  readonly peak: number;
}
export interface NativeKernel {
  run(outputs: readonly Slot[], inputs: readonly Slot[], attributes: Attributes, args: readonly number[]): void;
}
/** Made by a device for itself; only that device looks inside. */
export interface Executable {
  readonly label: string;
  /** An output may lie where an input of its size and dtype lies: each element is read before it is written. */
  readonly inPlace?: boolean;
}

/** One dispatch of a recorded step. */
export interface RecordedCall {
  readonly executable: Executable;
  readonly outputs: readonly Slot[];
  readonly inputs: readonly Slot[];
  readonly args: readonly number[];
}
/** An operand of a recorded call (outputs first, then inputs) that lies so many bytes further in each run. */
export interface Advance {
  readonly call: number;
  readonly operand: number;
  readonly bytes: number;
}
/** Calls bound to their slots. The runtime owns the buffers; this only runs. */
export interface Recorded {
  /** Calls `begin` to `end`, without the last. */
  run(begin: number, end: number): void;
  /** Operand `operand` of a call (outputs first, then inputs) lies there from now on. */
  move(call: number, operand: number, slot: Slot): void;
  /**
   * Runs the calls so many times; behind each run the operands of `advances` go on by their bytes, and in the end all lie where they lay.
   * Whoever repeats again gives the same list object. false: nothing was run, and it must be done by `run` and `move`.
   */
  repeat?(begin: number, end: number, times: number, advances: readonly Advance[]): boolean;
  /** It is run no more. */
  dispose?(): void;
}
