/** Writes what a log callback gives to the end of a file. */
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DendriteError } from '@dendrite/spec';

/**
 * A `write` for `eventLog` and `tensorBoardLog`. The file is opened for each part and closed behind it, so nothing is left open
 * however a run ends; its folder is made at the first.
 * @throws (by what it gives) DATA  where the file system refuses, with its reason as the cause
 * @example no-run
 * import { eventLog } from '@dendrite/model';
 * import { appendTo } from '@dendrite/model/node';
 * const callbacks = [eventLog({ write: appendTo('runs/a/events.jsonl'), units: ['epoch'] })];
 */
export function appendTo(path: string): (part: string | Uint8Array) => Promise<void> {
  let made: Promise<unknown> | undefined;
  return async (part) => {
    try {
      await (made ??= mkdir(dirname(path), { recursive: true }));
      await appendFile(path, part);
    } catch (cause) {
      throw new DendriteError(
        'DATA',
        `appendTo('${path}'): appending must be possible, got ${cause instanceof Error ? cause.message : String(cause)}. Give another file, or make room.`,
        { cause },
      );
    }
  };
}
