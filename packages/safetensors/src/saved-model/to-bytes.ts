/** A saved model or checkpoint as the bytes of one safetensors file. */
import { type Checkpoint, DendriteError, type SavedHeader, type SavedModel } from '@dendrite/spec';
import { writeSafetensors } from '../file/write-safetensors.ts';
import { writeJson } from '../strict-json/write-json.ts';
import { noChecksum, writeChecksum } from './checksum.ts';
import { isCheckpoint } from './is-checkpoint.ts';
import { longestName } from './longest-name.ts';

/**
 * One safetensors file: the arrays as they are, and in `__metadata__` `format: 'dendrite'`, the file's `checksum` and as JSON
 * `header` and, of a checkpoint, `cursor`, `callbacks` and `run`. Python reads the arrays with `safetensors.numpy.load_file`.
 * @param options.into  Memory to write to where it is large enough; new memory costs more than the copying
 * @throws OPTION  if the header holds what JSON cannot, the model's name or version is longer than 200 characters, or an
 *   array's name is reserved; SHAPE, DTYPE  if an array contradicts itself
 */
export function toBytes(
  model: SavedModel | Checkpoint,
  { into }: { readonly into?: ArrayBuffer | undefined } = {},
): Uint8Array<ArrayBuffer> {
  const { name, version } = model.header.model;
  for (const [what, { length }] of Object.entries({ name, version }))
    if (length > longestName)
      throw new DendriteError(
        'OPTION',
        `toBytes(): the model's ${what} must have at most ${longestName} characters, got ${length}. Shorten it in its definition.`,
      );
  const metadata: Record<string, string> = {
    checksum: noChecksum,
    format: 'dendrite',
    header: writeJson(plainHeader(model.header), 'header'),
  };
  if (isCheckpoint(model)) {
    metadata.cursor = writeJson({ ...model.cursor }, 'cursor');
    metadata.callbacks = writeJson(model.callbacks, 'callbacks');
    metadata.run = writeJson(model.run, 'run');
  }
  const file = writeSafetensors(model.arrays, metadata, { into });
  writeChecksum(file);
  return file;
}

/** The header as JSON; optional fields that are `undefined` are left out. */
function plainHeader(header: SavedHeader): Parameters<typeof writeJson>[0] {
  const { labels, probe, training, model, ...rest } = header;
  return {
    ...rest,
    model: { ...model },
    ...(labels === undefined ? {} : { labels }),
    ...(training === undefined ? {} : { training }),
    ...(probe === undefined ? {} : { probe: { ...probe } }),
  };
}
