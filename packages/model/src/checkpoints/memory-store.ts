/** Checkpoints in memory: for tests, and to go on within one process. */
import type { CheckpointStore } from '@dendrite/spec';

/**
 * Keeps copies.
 * @example
 * import { memoryStore } from '@dendrite/model';
 * const store = memoryStore();
 * await store.write('a', new Uint8Array([1]));
 * await store.list(); // ['a']
 */
export function memoryStore(): CheckpointStore {
  const files = new Map<string, Uint8Array>();
  return {
    '~dendrite': 'checkpoint-store',
    name: 'memoryStore()',
    list: async () => [...files.keys()],
    read: async (name) => files.get(name)?.slice(),
    async write(name, bytes) {
      files.set(name, bytes.slice());
    },
    async remove(name) {
      files.delete(name);
    },
  };
}
