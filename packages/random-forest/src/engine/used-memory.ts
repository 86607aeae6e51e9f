/**
 * Memory that nobody grows trees in any more, for the next fit of the process: pages that are fresh cost more than binning does. The last
 * one is held weakly, so that who needs memory gets it.
 */
import { layoutOf, type Sizes } from '../workspace/workspace.ts';
import { type ChosenEngine, pagesOf } from './engine.ts';

let left: WeakRef<WebAssembly.Memory> | undefined;

/** Fresh memory, or what was left, if it is large enough and not much too large; handed on once its last holder has let go. */
export function memoryFor(
  sizes: Sizes,
): Required<Pick<ChosenEngine, 'hold'>> & { readonly ground: WebAssembly.Memory } {
  // Codes, and what is learned, are written before they are read.
  const ground = memoryOf(pagesOf(sizes), layoutOf(sizes).labels);
  return { ground, hold: countHolders(() => leaveMemory(ground)) };
}

/** @param clean  so many bytes must be zero */
export function memoryOf(pages: number, clean: number): WebAssembly.Memory {
  const used = left?.deref();
  const there = (used?.buffer.byteLength ?? 0) / 65536;
  if (used === undefined || there < pages || there > 2 * pages)
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  left = undefined;
  new Uint8Array(used.buffer, 0, clean).fill(0);
  return used;
}

/** Nobody reads or writes it any more. */
export function leaveMemory(memory: WebAssembly.Memory): void {
  left = new WeakRef(memory);
}

/**
 * Counts who may still read a workspace: each calls what this gives, and once done what that gives.
 * @param done  called when the last is done
 */
export function countHolders(done: () => void): () => () => void {
  let holders = 0;
  return () => {
    holders++;
    let holding = true;
    return () => {
      if (holding && --holders === 0) done();
      holding = false;
    };
  };
}
