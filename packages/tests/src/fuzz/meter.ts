/** What one piece of work takes: memory, whether it was given back or not, and time. */
import { getHeapStatistics } from 'node:v8';

export interface Reading {
  /** Bytes of all objects that were made, and of array buffers that are still there: never less than what was held at once. */
  readonly bytes: number;
  readonly milliseconds: number;
}

export async function metered(work: () => Promise<void>): Promise<Reading> {
  const before = taken();
  const start = performance.now();
  await work();
  const milliseconds = performance.now() - start;
  const after = taken();
  return { bytes: after.heap - before.heap + Math.max(0, after.buffers - before.buffers), milliseconds };
}

function taken(): { readonly heap: number; readonly buffers: number } {
  const { total_allocated_bytes: heap = 0 } = getHeapStatistics() as { readonly total_allocated_bytes?: number };
  return { heap, buffers: process.memoryUsage().arrayBuffers };
}
