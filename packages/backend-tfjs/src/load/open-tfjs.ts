/** Opens one of tfjs's backends from its loaded packages, or says why it cannot run here. */

import type { KernelFunction, TfjsBackend, TfjsModule, WebgpuBackend } from './tfjs-api.ts';
import type { TfjsOptions, TfjsVariant } from './tfjs-options.ts';
import { withoutProcessListeners } from './without-process-listeners.ts';

export interface OpenedTfjs {
  readonly module: TfjsModule;
  /** Words for people. */
  readonly details: string;
  readonly software: boolean;
  /** Of one value. */
  readonly limitBytes: number;
  /** Of all values together. */
  readonly totalBytes: number;
  /** The first error since the last call that no kernel call could throw. */
  takeError(): string | undefined;
  close(): Promise<void>;
}
export interface Unavailable {
  readonly unavailable: string;
}

interface KernelConfig {
  readonly kernelName: string;
  readonly kernelFunc: unknown;
  readonly setupFunc?: ((backend: never) => void) | undefined;
}
/** What is used of `@tensorflow/tfjs-core`. */
export interface TfjsCore {
  readonly version_core: string;
  getKernel(name: string, backend: string): KernelConfig | undefined;
  getKernelsForBackend(backend: string): readonly KernelConfig[];
  findBackendFactory(name: string): (() => unknown) | null;
  engine(): { readonly registry: object };
  env(): { getAsync(flag: string): Promise<number | boolean | string> };
}
/** What is used of `@tensorflow/tfjs-backend-cpu`: that it is imported. */
export interface TfjsCpuPackage {
  readonly version_cpu: string;
}
/** What is used of `@tensorflow/tfjs-backend-wasm`. */
export interface TfjsWasmPackage {
  setWasmPaths(paths: string | Record<string, string>): void;
  setThreadsCount(count: number): void;
  getThreadsCount(): number;
}
/** What is used of `@tensorflow/tfjs-backend-webgpu`. */
export interface TfjsWebgpuPackage {
  readonly WebGPUBackend: new (device: GPUDevice, info: GPUAdapterInfo) => object;
}

const gibibyte = 2 ** 30;
const noError = (): undefined => undefined;

function moduleOf(variant: TfjsVariant, core: TfjsCore, backend: TfjsBackend): TfjsModule {
  return {
    variant,
    version: core.version_core,
    backend,
    kernel: (name) => core.getKernel(name, variant)?.kernelFunc as KernelFunction | undefined,
  };
}

function setUp(core: TfjsCore, variant: TfjsVariant, backend: TfjsBackend): void {
  for (const { setupFunc } of core.getKernelsForBackend(variant)) setupFunc?.(backend as never);
}

/** An instance of its own, which tfjs's engine never sees. */
export async function openCpu(core: TfjsCore, { version_cpu }: TfjsCpuPackage): Promise<OpenedTfjs | Unavailable> {
  const factory = core.findBackendFactory('cpu');
  if (factory === null)
    return {
      unavailable:
        'tfjs has no cpu backend registered: two copies of @tensorflow/tfjs-core may be installed. Keep one.',
    };
  const backend = (await factory()) as TfjsBackend & { firstUse: boolean };
  backend.firstUse = false; // or it prints a banner in Node
  setUp(core, 'cpu', backend);
  return {
    module: moduleOf('cpu', core, backend),
    details: `tfjs ${version_cpu}, plain JavaScript`,
    software: false,
    limitBytes: 4 * gibibyte,
    totalBytes: Number.POSITIVE_INFINITY,
    takeError: noError,
    close: async () => backend.dispose(),
  };
}

/** tfjs's WASM kernels are bound to one instance a program, so it is shared with whoever else uses tfjs. */
export async function openWasm(
  core: TfjsCore,
  wasm: TfjsWasmPackage,
  { wasmPaths, threads }: TfjsOptions,
): Promise<OpenedTfjs | Unavailable> {
  if (typeof WebAssembly === 'undefined') return { unavailable: 'there is no WebAssembly here. Use the cpu backend.' };
  if ((await core.env().getAsync('WASM_HAS_SIMD_SUPPORT')) !== true)
    return {
      unavailable:
        'WebAssembly has no SIMD here, without which tfjs-wasm is no faster than cpu. Update the browser, or use cpu.',
    };
  const registry = core.engine().registry as { wasm?: TfjsBackend };
  let backend = registry.wasm;
  if (backend === undefined) {
    const factory = core.findBackendFactory('wasm');
    if (factory === null)
      return {
        unavailable:
          'tfjs has no wasm backend registered: two copies of @tensorflow/tfjs-core may be installed. Keep one.',
      };
    if (wasmPaths !== undefined) wasm.setWasmPaths(typeof wasmPaths === 'string' ? wasmPaths : { ...wasmPaths });
    if (threads !== undefined) wasm.setThreadsCount(threads);
    try {
      opening ??= withoutProcessListeners(async () => (await factory()) as TfjsBackend);
      backend = await opening;
    } catch (error) {
      return {
        unavailable: `tfjs's .wasm files could not be loaded (${messageOf(error)}). Serve them and pass tfjs('wasm', { wasmPaths }).`,
      };
    } finally {
      opening = null;
    }
    registry.wasm ??= backend;
    backend = registry.wasm;
    setUp(core, 'wasm', backend);
  }
  const count = wasm.getThreadsCount();
  return {
    module: moduleOf('wasm', core, backend),
    details: `tfjs ${core.version_core}, WASM with SIMD, ${count > 1 ? `${count} threads` : 'one thread'}`,
    software: false,
    limitBytes: gibibyte,
    totalBytes: 3 * gibibyte, // of the 4 that WASM addresses; tfjs writes over its own memory past that
    takeError: noError,
    close: async () => {},
  };
}
let opening: Promise<TfjsBackend> | null = null;

/** A GPU device of its own, whose errors are caught. */
export async function openWebgpu(core: TfjsCore, webgpu: TfjsWebgpuPackage): Promise<OpenedTfjs | Unavailable> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter)
    return {
      unavailable:
        'WebGPU finds no adapter. Update the browser or the graphics driver; in Node on Linux, a Vulkan driver is needed.',
    };
  const { limits, info } = adapter;
  const device = await adapter.requestDevice({
    requiredLimits: Object.fromEntries(
      (
        [
          'maxComputeWorkgroupStorageSize',
          'maxComputeWorkgroupsPerDimension',
          'maxStorageBufferBindingSize',
          'maxBufferSize',
          'maxComputeWorkgroupSizeX',
          'maxComputeInvocationsPerWorkgroup',
          'maxStorageBuffersPerShaderStage',
        ] as const
      ).map((name) => [name, limits[name]]),
    ),
  });
  let error: string | undefined;
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    error ??= event.error.message;
  });
  let closing = false;
  device.lost.then(({ message }) => {
    if (!closing) error ??= `the GPU device was lost (${message})`;
  });
  const backend = new webgpu.WebGPUBackend(device, info) as WebgpuBackend;
  setUp(core, 'webgpu', backend);
  const words = [info.vendor, info.architecture, info.device, info.description].filter((word) => word !== '').join(' ');
  return {
    module: moduleOf('webgpu', core, backend),
    details: `tfjs ${core.version_core}, WebGPU on ${words || 'an unnamed adapter'}`,
    software: isSoftware(adapter, words),
    limitBytes: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
    totalBytes: Number.POSITIVE_INFINITY,
    takeError: () => {
      const taken = error;
      error = undefined;
      return taken;
    },
    close: async () => {
      closing = true;
      backend.dispose();
      device.destroy();
    },
  };
}

/** Adapters say so themselves where they can; SwiftShader, lavapipe and WARP also by name. */
const isSoftware = (adapter: GPUAdapter, words: string): boolean =>
  adapter.info.isFallbackAdapter === true ||
  /swiftshader|llvmpipe|lavapipe|software|\bwarp\b|basic render/i.test(words);

export const messageOf = (error: unknown): string => {
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  return message.split(/\n| imported from /)[0] ?? message;
};
