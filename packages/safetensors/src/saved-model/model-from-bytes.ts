/** The saved model in the bytes of a file. Nothing in the file is executed; every length is checked first. */
import type { SavedModel } from '@dendrite/spec';
import { nativeTypes, type StoredTypes } from '../file/native-types.ts';
import { readTyped } from '../file/read-safetensors.ts';
import { formatError, quote } from '../format-error.ts';
import { parseJson } from '../strict-json/parse-json.ts';
import { checkHeader } from './check-header.ts';
import { checkChecksum } from './checksum.ts';

/**
 * The model that `toBytes` wrote; of a checkpoint the model alone. `fromBytes` gives what belongs to a checkpoint, and reads
 * arrays of other programs' types.
 * @throws FORMAT  if the file is damaged, is no safetensors file, or was not saved by Dendrite
 */
export const modelFromBytes = (bytes: Uint8Array): SavedModel => modelWithTexts(bytes, nativeTypes).model;

/** Others would be damage: without its name the checksum is not looked at. */
const names = ['format', 'header', 'checksum', 'cursor', 'callbacks', 'run'];

/** The model, and the other texts beside its header. */
export function modelWithTexts(
  bytes: Uint8Array,
  types: StoredTypes,
): {
  readonly model: SavedModel;
  readonly texts: Readonly<Record<string, string>>;
} {
  const { arrays, metadata } = readTyped(bytes, types);
  const { format, header, checksum } = metadata;
  if (format !== 'dendrite' || header === undefined) {
    throw formatError(
      `__metadata__ must have "format": "dendrite" and a "header", got ${Object.keys(metadata).length === 0 ? 'no metadata' : `names ${JSON.stringify(Object.keys(metadata).slice(0, 5))}`}`,
      'This is a safetensors file of another program: read its arrays with readSafetensors().',
    );
  }
  const foreign = Object.keys(metadata).find((name) => !names.includes(name));
  if (foreign !== undefined)
    throw formatError(`__metadata__ must have ${names.join(', ')} alone, got ${quote(foreign)}`);
  if (checksum !== undefined) checkChecksum(bytes, checksum);
  return { model: { header: checkHeader(parseJson(header, '__metadata__.header'), arrays), arrays }, texts: metadata };
}
