/** The part of tfjs that this package calls, as structural types: a consumer's compiler never needs tfjs's own. */
import type { Value } from '../kernels/value.ts';
import type { TfjsVariant } from './tfjs-options.ts';

export type KernelInputs = { readonly [name: string]: Value } | readonly Value[];
export type KernelAttributes = {
  readonly [name: string]: string | number | boolean | readonly number[] | readonly (readonly number[])[];
};

/** A backend of tfjs: owner of data. Data is counted by reference: `incRef` and `disposeData` go in pairs. */
export interface TfjsBackend {
  write(values: Float32Array | Int32Array | Uint8Array, shape: number[], dtype: Value['dtype']): object;
  read(dataId: object): Promise<ArrayLike<number>>;
  readSync(dataId: object): ArrayLike<number>;
  incRef(dataId: object): void;
  disposeData(dataId: object, force?: boolean): boolean;
  numDataIds(): number;
  dispose(): void;
}

/** A WGSL program as tfjs's WebGPU backend takes it; it adds bindings, uniforms and the entry point. */
export interface WebgpuProgram {
  readonly variableNames: string[];
  readonly outputShape: number[];
  readonly shaderKey: string;
  readonly dispatchLayout: { readonly x: number[] };
  readonly dispatch: [number, number, number];
  readonly workgroupSize: [number, number, number];
  /** Adds `uniforms.size`, the number of the output's elements. */
  readonly size: boolean;
  /** Fields added to the program's uniforms; their values are given with each run. */
  readonly uniforms: string;
  getUserCode(): string;
}
export interface WebgpuUniform {
  readonly type: 'int32' | 'float32';
  readonly data: number[];
}
export interface WebgpuBackend extends TfjsBackend {
  readonly device: GPUDevice;
  uploadToGPU(dataId: object): void;
  submitQueue(): void;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  runWebGPUProgram(program: WebgpuProgram, inputs: Value[], dtype: Value['dtype'], uniforms: WebgpuUniform[]): Value;
  memory(): { readonly numBytesInGPU: number; readonly numBytesAllocatedInGPU: number };
}

/** One kernel of tfjs: a function of data references, registered by name for a backend. */
export type KernelFunction = (call: {
  readonly inputs: KernelInputs;
  readonly attrs: KernelAttributes;
  readonly backend: TfjsBackend;
}) => Value | readonly Value[];

/** What `open()` got hold of: a backend instance and its kernels. */
export interface TfjsModule {
  readonly variant: TfjsVariant;
  readonly version: string;
  readonly backend: TfjsBackend;
  kernel(name: string): KernelFunction | undefined;
}
