/**
 * The WebAssembly module: what JavaScript does in kernels/ and grow/, with the same sums in the same order, hence the same bits.
 * Run when the package is built (`node src/wasm/kernels.emit.ts` writes kernels.gen.ts); what is shipped is the bytes.
 */
import { type WasmModule, wasmModule } from '@dendrite/wasm-assembler';
import { emitBag } from './bag.emit.ts';
import { emitBinning } from './bin.emit.ts';
import { emitGrow } from './grow.emit.ts';
import { emitWalk } from './walk.emit.ts';

export function forestKernels(shared: boolean): WasmModule {
  const m = wasmModule();
  m.importMemory('env', 'memory', { initial: 1, maximum: 65536, shared });
  emitBinning(m);
  emitBag(m);
  emitGrow(m);
  return m;
}

/** Those that find leaves for predictions: a module of its own, so that a page that only predicts loads no others. */
export function walkKernels(): WasmModule {
  const m = wasmModule();
  m.importMemory('env', 'memory', { initial: 1, maximum: 65536 });
  emitWalk(m);
  return m;
}

if (import.meta.main) {
  const { writeFileSync } = await import('node:fs');
  writeFileSync(new URL('./kernels.gen.ts', import.meta.url), generated());
}

/** The text of kernels.gen.ts. */
export function generated(): string {
  const bytes = forestKernels(false).toBytes();
  const shared = forestKernels(true).toBytes();
  const different = Array.from(bytes.keys()).filter((i) => bytes[i] !== shared[i]);
  return [
    '// Written by kernels.emit.ts (`pnpm generate`); a test fails when it is not up to date.',
    ...constant('kernelBytes', bytes),
    '/** Which byte is 3 instead of 1 where the memory is shared. */',
    `export const sharedFlagAt = ${different.join()};`,
    ...constant('walkBytes', walkKernels().toBytes()),
    '',
  ].join('\n');
}

/** Packed for the way, digits take a fifth less than base 64, which hides what is alike. */
function constant(name: string, bytes: Uint8Array): string[] {
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [`/** ${bytes.length} bytes of WebAssembly, two digits each. */`, `export const ${name} =\n  '${text}';`];
}
