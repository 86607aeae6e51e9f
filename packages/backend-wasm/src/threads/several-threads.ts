/** All that a device needs for more than one thread, in one piece: a page whose main thread computes never loads it. */
import type { Publisher } from '../device/kernel-modules.ts';
import { publisher } from '../device/publisher.ts';
import type { WasmPool } from '../memory/wasm-pool.ts';
import { controlBytes } from './control-block.ts';
import { Crew } from './crew.ts';
import { workerStarter } from './start-worker.ts';

/** Bytes at the memory's beginning that are the crew's. */
export const reserved: number = controlBytes;

/** @param callerParts  parts of a job that the caller takes at most; default: as many as it can */
export function startCrew(
  pool: WasmPool,
  threads: number,
  callerParts?: number,
): { readonly crew: Crew; readonly publisher: Publisher } {
  const { memory } = pool;
  const crew = new Crew({
    memory,
    threads,
    start: workerStarter(),
    ...(callerParts !== undefined && { callerParts }),
  });
  return { crew, publisher: publisher(pool, crew) };
}
