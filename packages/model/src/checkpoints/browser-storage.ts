/** Checkpoints in the browser's own storage: IndexedDB, whose transactions happen wholly or not at all. Pages and workers alike. */
import { type CheckpointStore, DendriteError } from '@dendrite/spec';

const table = 'checkpoints';

/**
 * A folder of checkpoints of this origin. It stays when the page closes, until the user or `remove` clears it; browsers may
 * clear it when the disk is full, unless `navigator.storage.persist()` was granted.
 * @throws (by its functions) DATA  where the browser refuses, with its reason as the cause
 * @example no-run
 * import { browserStorage } from '@dendrite/model/browser';
 * // await model.fit(data, { checkpoint: { every: 200, store: browserStorage('runs/a') } });
 */
export function browserStorage(folder: string): CheckpointStore {
  const name = `browserStorage('${folder}')`;
  const range = (): IDBKeyRange => IDBKeyRange.bound([folder, ''], [folder, '\uffff']);
  const run = async <T>(
    mode: IDBTransactionMode,
    act: (files: IDBObjectStore) => IDBRequest<T>,
    what: string,
  ): Promise<T> => {
    try {
      return await transaction(mode, act);
    } catch (cause) {
      throw new DendriteError(
        'DATA',
        `${name}: ${what} must be possible, got ${cause instanceof Error ? cause.message : String(cause)}. Allow this page to store data, or make room; checkpoints that are there stay whole.`,
        { cause },
      );
    }
  };
  return {
    '~dendrite': 'checkpoint-store',
    name,
    async list() {
      const keys = await run('readonly', (files) => files.getAllKeys(range()), 'listing its files');
      return keys.flatMap((key) => (Array.isArray(key) && typeof key[1] === 'string' ? [key[1]] : []));
    },
    async read(file) {
      const found: unknown = await run('readonly', (files) => files.get([folder, file]), `reading ${file}`);
      return found instanceof Uint8Array ? found : undefined;
    },
    async write(file, bytes) {
      await run('readwrite', (files) => files.put(bytes, [folder, file]), `writing ${file}`);
    },
    async remove(file) {
      await run('readwrite', (files) => files.delete([folder, file]), `removing ${file}`);
    },
  };
}

/** One request in a transaction of its own; resolves when the transaction is done, and leaves no connection open. */
async function transaction<T>(mode: IDBTransactionMode, act: (files: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    return await new Promise<T>((resolve, reject) => {
      const work = database.transaction(table, mode, { durability: 'strict' });
      const request = act(work.objectStore(table));
      work.oncomplete = () => resolve(request.result);
      work.onabort = () => reject(work.error ?? new Error('the transaction was aborted'));
    });
  } finally {
    database.close();
  }
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('dendrite', 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(table);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('another page holds an older version of the database'));
  });
}
