/** The WebAssembly that finds leaves, compiled once. */
import { bytesOfText } from './bytes-of-text.ts';
import { kernels } from './walk.gen.ts';

let compiled: Promise<WebAssembly.Module> | undefined;

/** Rejects where WebAssembly or the permission to compile is missing. */
export async function walkModule(): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compile(bytesOfText(kernels));
  return compiled;
}
