/** Where a kernel's functions are written: a module on the memory of the backend. */
import { type WasmModule, wasmModule } from '@dendrite/wasm-assembler';

/** A WebAssembly module that works in the backend's memory, as every kernel of `WasmKernel.emit` must: imported as `env.memory`. */
export function kernelModule(): WasmModule {
  const m = wasmModule();
  m.importMemory('env', 'memory', { initial: 1 });
  return m;
}
