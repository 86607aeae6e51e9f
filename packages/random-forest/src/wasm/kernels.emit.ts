/**
 * The WebAssembly modules: what JavaScript does in kernels/ and grow/, with the same sums in the same order, hence the same bits.
 * Run when the package is built (`node src/wasm/kernels.emit.ts` writes a `*.gen.ts` a module); what is shipped is the bytes.
 */
import { type WasmModule, wasmModule } from '@dendrite/wasm-assembler';
import { emitBag } from './bag.emit.ts';
import { emitBinning } from './bin.emit.ts';
import { textOfBytes } from './bytes-of-text.ts';
import { emitGrow } from './grow.emit.ts';
import { type VariantName, variants } from './variant.ts';
import { emitVotes } from './votes.emit.ts';
import { emitWalk } from './walk.emit.ts';

/** Drawing a bag, growing a tree, counting its votes out of bag. */
export function growKernels(name: VariantName, shared: boolean): WasmModule {
  return moduleOf(shared, (m) => {
    emitBag(m, variants[name]);
    emitGrow(m, variants[name]);
    emitVotes(m, variants[name]);
  });
}

function moduleOf(shared: boolean, emit: (m: WasmModule) => void): WasmModule {
  const m = wasmModule();
  m.importMemory('env', 'memory', { initial: 1, maximum: 65536, shared });
  emit(m);
  return m;
}

/** The text of each `<name>.gen.ts`. */
export function generated(): ReadonlyMap<string, string> {
  const names = Object.keys(variants) as VariantName[];
  return new Map([
    ...names.map((name) => [name, textOf((shared) => growKernels(name, shared))] as const),
    ['binning', textOf((shared) => moduleOf(shared, emitBinning))],
    // What predicts has a memory of its own.
    ['walk', textOf(() => moduleOf(false, emitWalk))],
  ]);
}

function textOf(emit: (shared: boolean) => WasmModule): string {
  const [bytes, shared] = [emit(false).toBytes(), emit(true).toBytes()];
  const different = Array.from(bytes.keys()).filter((i) => bytes[i] !== shared[i]);
  const text = textOfBytes(bytes).replaceAll('\\', '\\\\');
  return [
    '// Written by kernels.emit.ts (`pnpm generate`); a test fails when it is not up to date.',
    `/** ${bytes.length} bytes of WebAssembly. */`,
    `export const kernels =\n  '${text}';`,
    ...different.map(
      (at) => `/** Which byte is 3 instead of 1 where the memory is shared. */\nexport const sharedFlagAt = ${at};`,
    ),
    '',
  ].join('\n');
}

if (import.meta.main) {
  const { writeFileSync } = await import('node:fs');
  for (const [name, text] of generated()) writeFileSync(new URL(`./${name}.gen.ts`, import.meta.url), text);
}
