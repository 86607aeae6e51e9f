/** A saved model or checkpoint from the bytes of a file. Nothing in the file is executed; every length is checked first. */
import type { Checkpoint, SavedModel } from '@dendrite/spec';
import { readSafetensors } from '../file/read-safetensors.ts';
import { formatError } from '../format-error.ts';
import { parseJson } from '../strict-json/parse-json.ts';
import { checkCallbacks, checkCursor, checkHeader } from './check-header.ts';

/**
 * What `toBytes` wrote; a checkpoint comes back as one (`isCheckpoint`).
 * @throws FORMAT  if the file is damaged, is no safetensors file, or was not saved by Dendrite
 */
export function fromBytes(bytes: Uint8Array): SavedModel | Checkpoint {
  const { arrays, metadata } = readSafetensors(bytes);
  const { format, header, cursor, callbacks, run } = metadata;
  if (format !== 'dendrite' || header === undefined) {
    throw formatError(
      `__metadata__ must have "format": "dendrite" and a "header", got ${Object.keys(metadata).length === 0 ? 'no metadata' : `names ${JSON.stringify(Object.keys(metadata).slice(0, 5))}`}`,
      'This is a safetensors file of another program: read its arrays with readSafetensors().',
    );
  }
  const model: SavedModel = { header: checkHeader(parseJson(header, '__metadata__.header'), arrays), arrays };
  const parts = [cursor, callbacks, run].filter((part) => part !== undefined);
  if (parts.length === 0) return model;
  if (cursor === undefined || callbacks === undefined || run === undefined)
    throw formatError(
      `a checkpoint must have "cursor", "callbacks" and "run" in __metadata__, got ${parts.length} of them`,
    );
  return {
    ...model,
    cursor: checkCursor(parseJson(cursor, '__metadata__.cursor')),
    callbacks: checkCallbacks(parseJson(callbacks, '__metadata__.callbacks')),
    run: parseJson(run, '__metadata__.run'),
  };
}
