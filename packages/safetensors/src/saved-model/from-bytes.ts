/** A saved model or checkpoint from the bytes of a file. */
import type { Checkpoint, SavedModel } from '@dendrite/spec';
import { storedTypes } from '../file/stored-types.ts';
import { formatError } from '../format-error.ts';
import { parseJson } from '../strict-json/parse-json.ts';
import { checkCallbacks, checkCursor } from './check-cursor.ts';
import { modelWithTexts } from './model-from-bytes.ts';

/**
 * What `toBytes` wrote; a checkpoint comes back as one (`isCheckpoint`).
 * @throws FORMAT  if the file is damaged, is no safetensors file, or was not saved by Dendrite
 */
export function fromBytes(bytes: Uint8Array): SavedModel | Checkpoint {
  const { model, texts } = modelWithTexts(bytes, storedTypes);
  const { cursor, callbacks, run } = texts;
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
