/** Modules' bytes where workers see them: a worker that waits gets no messages, so they lie in the memory itself. */
import type { WasmBuffer, WasmPool } from '../memory/wasm-pool.ts';
import type { Crew } from '../threads/crew.ts';
import type { Publisher } from './kernel-modules.ts';
import { withSharedMemory } from './shared-import.ts';

export function publisher(pool: WasmPool, crew: Crew): Publisher {
  const held = new Map<number, WasmBuffer>();
  let versions = 0;
  return {
    prepare: withSharedMemory,
    publish(slot, bytes) {
      // First nobody looks there any more, then the place is used again.
      crew.publish(slot, 0, 0, 0);
      const before = held.get(slot);
      if (before) pool.release(before);
      held.delete(slot);
      if (bytes === undefined) return;
      const buffer = pool.reserve(bytes.length);
      held.set(slot, buffer);
      pool.view(buffer.address, bytes.length, 'uint8').set(bytes);
      crew.publish(slot, ++versions, buffer.address, bytes.length);
    },
  };
}
