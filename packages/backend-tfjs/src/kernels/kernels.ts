/**
 * Runs tfjs kernels on one backend instance. Kernels are called directly, not through tfjs's engine: so there is no current
 * backend to switch, no tidy, no tape, and each call costs its kernel alone. Everything made between the start and the end
 * of `settle` is freed there, but for what the outputs keep.
 */
import { DendriteError } from '@dendrite/spec';
import type {
  KernelAttributes,
  KernelFunction,
  KernelInputs,
  TfjsBackend,
  TfjsModule,
  WebgpuBackend,
  WebgpuProgram,
  WebgpuUniform,
} from '../load/tfjs-api.ts';
import type { TfjsVariant } from '../load/tfjs-options.ts';
import { arrayOf, reshaped, type StoredDtype, sizeOf, type Value } from './value.ts';

const noAttributes: KernelAttributes = Object.freeze({});
/** Constants of formulas are few; past this many the cache starts anew. */
const cachedConstants = 512;

export class Kernels {
  readonly variant: TfjsVariant;
  readonly name: string;
  readonly backend: TfjsBackend;
  /** No value may be larger: WebGPU would turn it into zeros without a word. */
  readonly limitBytes: number;
  private readonly module: TfjsModule;
  private readonly functions = new Map<string, KernelFunction>();
  private readonly constants = new Map<string, Value>();
  private made: Value[] = [];

  constructor(module: TfjsModule, name: string, limitBytes: number) {
    this.module = module;
    this.variant = module.variant;
    this.name = name;
    this.backend = module.backend;
    this.limitBytes = limitBytes;
  }

  /** The first output of a kernel, named as in tfjs. It lives until the end of `settle`. */
  run(name: string, inputs: KernelInputs, attributes: KernelAttributes = noAttributes): Value {
    const [value] = this.runAll(name, inputs, attributes);
    if (value === undefined) throw this.failure(`kernel ${name} must give a value, got none`);
    return value;
  }

  /** A kernel that works element by element, whatever the rank: tfjs's shaders know six axes. */
  runFlat(name: string, x: Value, attributes: KernelAttributes = noAttributes): Value {
    return reshaped(this.run(name, { x: reshaped(x, [sizeOf(x.shape)]) }, attributes), x.shape);
  }

  runAll(name: string, inputs: KernelInputs, attributes: KernelAttributes = noAttributes): readonly Value[] {
    let kernel = this.functions.get(name);
    if (kernel === undefined) {
      kernel = this.module.kernel(name);
      if (kernel === undefined) throw this.failure(`tfjs must have a kernel ${name}, and has none on ${this.variant}`);
      this.functions.set(name, kernel);
    }
    let result: Value | readonly Value[];
    try {
      result = kernel({ inputs, attrs: attributes, backend: this.backend });
    } catch (error) {
      throw this.failure(
        `kernel ${name} must run, and failed: ${error instanceof Error ? error.message : error}`,
        error,
      );
    }
    const values = Array.isArray(result) ? (result as readonly Value[]) : [result as Value];
    for (const value of values) this.adopt(value);
    return values;
  }

  /** A program in WGSL, for what tfjs's own kernels get wrong on WebGPU. */
  runProgram(program: WebgpuProgram, inputs: Value[], dtype: StoredDtype, uniforms: WebgpuUniform[]): Value {
    const value = (this.backend as WebgpuBackend).runWebGPUProgram(program, inputs, dtype, uniforms);
    this.adopt(value);
    return value;
  }

  /** A value with this data, freed at the end of `settle`. Takes ownership of `data`. */
  upload(data: Float32Array | Int32Array | Uint8Array, shape: readonly number[], dtype: StoredDtype): Value {
    const value = this.write(data, shape, dtype);
    this.adopt(value);
    return value;
  }

  /** A rank-0 value; `cached` for numbers that are part of a formula. */
  scalar(number: number, dtype: StoredDtype, cached: boolean): Value {
    if (!cached) return this.upload(arrayOf(dtype, [number]), [], dtype);
    const key = `${dtype}:${Object.is(number, -0) ? '-0' : number}`;
    let value = this.constants.get(key);
    if (value === undefined) {
      if (this.constants.size >= cachedConstants) this.freeConstants();
      value = this.write(arrayOf(dtype, [number]), [], dtype);
      this.constants.set(key, value);
    }
    return value;
  }

  /** A value that nobody frees but the caller. Takes ownership of `data`. */
  write(data: Float32Array | Int32Array | Uint8Array, shape: readonly number[], dtype: StoredDtype): Value {
    const dataId = this.backend.write(data, [...shape], dtype);
    // Uploading at once copies the data, and keeps tfjs from computing small things on the host with other roundings.
    if (this.variant === 'webgpu') (this.backend as WebgpuBackend).uploadToGPU(dataId);
    return { dataId, shape: [...shape], dtype };
  }

  /** Runs `work`, takes one reference on each of its results, and frees everything else it made. */
  settle(work: () => readonly Value[]): readonly Value[] {
    const outer = this.made;
    this.made = [];
    try {
      const results = work();
      for (const value of results) this.backend.incRef(value.dataId);
      return results;
    } finally {
      for (const value of this.made) this.backend.disposeData(value.dataId);
      this.made = outer;
    }
  }

  /** The elements, now: cpu and wasm only. Read, never written. */
  readNow(value: Value): ArrayLike<number> {
    return this.backend.readSync(value.dataId);
  }

  freeConstants(): void {
    for (const value of this.constants.values()) this.backend.disposeData(value.dataId);
    this.constants.clear();
  }

  failure(what: string, cause?: unknown): DendriteError {
    return new DendriteError('BACKEND', `${this.name}: ${what}. Use another backend for this call, and report it.`, {
      ...(cause === undefined ? {} : { cause }),
    });
  }

  /** Every element takes four bytes on WebGPU. @throws BACKEND */
  checkSize(shape: readonly number[]): void {
    const bytes = sizeOf(shape) * 4;
    if (bytes > this.limitBytes)
      throw new DendriteError(
        'BACKEND',
        `${this.name}: a value must fit the device's limit of ${this.limitBytes} bytes, got [${shape.join(', ')}] of ${bytes} bytes. Use smaller batches.`,
      );
  }

  private adopt(value: Value): void {
    this.made.push(value);
    this.checkSize(value.shape);
  }
}
