/** Makes this process die in the middle of a checkpoint's write: the functions of the file system that it uses are replaced. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { WritePhase } from './kill-moments.ts';

/** The kernel ends the process before another instruction of it runs. */
export function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}

/** Counts writes, and dies in the one and the phase that are named. Gives the count. */
export function watchWrites(death?: { readonly at: number; readonly phase: WritePhase }): () => number {
  let writes = 0;
  const files = fs.promises;
  const { open, rename } = files;
  const dying = (phase: WritePhase): boolean => death?.at === writes && death.phase === phase;
  files.open = async (...args) => {
    const handle = await open(...args);
    if (args[1] !== 'w') {
      // The folder, which is opened to be flushed.
      if (dying('named')) await die();
      return handle;
    }
    writes++;
    const { writeFile, sync } = handle;
    handle.writeFile = async (data, options) => {
      if (dying('half') && data instanceof Uint8Array) {
        await handle.write(data.subarray(0, data.length >> 1));
        await sync.call(handle);
        await die();
      }
      await writeFile.call(handle, data, options);
      if (dying('unflushed')) await die();
    };
    return handle;
  };
  files.rename = async (...args) => {
    if (dying('unnamed')) await die();
    await rename(...args);
  };
  syncBuiltinESMExports();
  return () => writes;
}
