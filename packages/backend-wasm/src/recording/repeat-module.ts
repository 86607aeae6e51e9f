/**
 * A linked step many times over as a WebAssembly function: behind each run the addresses of what is another in the next one (a batch,
 * its scalars, what the step gives) go on in the table. In the end they are again what they were.
 */
import { i32, type Value, wasmModule } from '@dendrite/wasm-assembler';

/** A word of the table: its address, and what it grows by from run to run. */
export interface GoingWord {
  readonly at: number;
  readonly bytes: number;
}

/** Imports the step as `kernel.run`, exports `repeat(times)`. `times`: at least 1. */
export function repeatModule(words: readonly GoingWord[]): Uint8Array<ArrayBuffer> {
  const m = wasmModule();
  m.importMemory('env', 'memory', { initial: 1 });
  const run = m.importFunction('kernel', 'run', { parameters: {} });
  m.function('repeat', { parameters: { times: 'i32' } }, (f, { times }) => {
    const move = (by: (bytes: number) => Value<'i32'> | number): void => {
      for (const { at, bytes } of words) f.i32.store(at, i32.load(at).add(by(bytes)));
    };
    f.loop(0, times, 1, () => {
      f.do(run({}));
      move((bytes) => bytes);
    });
    move((bytes) => times.mul(-bytes));
  });
  return m.toBytes();
}
